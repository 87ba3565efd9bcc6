"""The nouns of the trade: small frozen records that import nothing else of ours."""
