"""Draw docs/images/demo.svg: the end of a real run of `ripeline demo`, in a terminal's colours."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

WIDTH = 104
FIRST = "$ ripeline score"


def main() -> None:
    """Run the demo and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
        command = [sys.executable, "-m", "ripeline", "demo", "ripeline-demo"]
        ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    start = ran.stdout.rindex("\n", 0, ran.stdout.index(FIRST)) + 1
    shown = ran.stdout[start:].rstrip()
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    console.print(Text.from_ansi(shown))
    picture = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="make demo"), flags=re.DOTALL)
    Path(__file__).with_name("demo.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
