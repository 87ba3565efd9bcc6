"""A card of few rules with whole points, chosen one by one: each is what helps most beside those there are."""
