"""The page "The definition by example", as text: every key once."""

from pathlib import Path

ACME = (Path(__file__).parent / "acme.yaml").read_text("utf-8")
