"""Draw demo.svg and handoffs.svg: the two ends of a real run of `ripeline demo`, in a terminal's colours."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 104
PICTURES = {
    "demo.svg": ("$ ripeline score", "Its two salespeople"),
    "handoffs.svg": ("$ ripeline handoffs list", "The workspace stays"),
}
"""Each picture with the words that its first line holds, and the first line behind it."""


def main() -> None:
    """Run the demo and draw both pictures."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        command = [sys.executable, "-m", "ripeline", "demo", "ripeline-demo"]
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    for file, (first, behind) in PICTURES.items():
        start = ran.stdout.rindex("\n", 0, ran.stdout.index(first)) + 1
        end = ran.stdout.rindex("\n", 0, ran.stdout.index(behind))
        _draw(file, ran.stdout[start:end].rstrip())


def _draw(file: str, shown: str) -> None:
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(Text.from_ansi(shown))
    picture = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="make demo"), flags=re.DOTALL)
    Path(__file__).with_name(file).write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
