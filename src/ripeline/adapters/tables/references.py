"""Everything that ships beside the code and decides scores."""

from ripeline.adapters.tables import load_tables
from ripeline.adapters.tables.zones import load_zone, zone_names
from ripeline.vocabulary.calendar import Zone
from ripeline.vocabulary.derived import Tables


class ShippedReferences:
    """The tables and time zones of this release."""

    def tables(self) -> Tables:
        """Return the tables behind derived traits."""
        return load_tables()

    def zone(self, name: str) -> Zone:
        """Return the rows of a time zone."""
        return load_zone(name)

    def zones(self) -> frozenset[str]:
        """Return the names of all time zones."""
        return zone_names()
