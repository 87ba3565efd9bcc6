"""The lines of shipped files."""

import gzip
from importlib.resources import files


def rows(name: str) -> list[str]:
    """Return the lines of a shipped file without its comments."""
    content = files("ripeline.adapters.tables").joinpath(name).read_bytes()
    text = (gzip.decompress(content) if name.endswith(".gz") else content).decode()
    return [line for line in text.splitlines() if line and not line.startswith("#")]
