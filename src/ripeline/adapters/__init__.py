"""The outside world: engines, books, history, sources and destinations, each ignorant of the others."""
