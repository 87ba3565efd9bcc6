"""The traffic of the invented company."""

from ripeline.adapters.sources.demo_traffic import Message, Pace, Play, Traffic, at_rate, at_speed, stamp

__all__ = ["Message", "Pace", "Play", "Traffic", "at_rate", "at_speed", "stamp"]
