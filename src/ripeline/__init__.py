"""Ripeline: know which leads are ripe."""

__version__ = "0.1.0"
