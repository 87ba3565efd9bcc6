"""The examples as a user runs them: the commands of each README, on the real files where they are."""

import io
import os
import shlex
import subprocess
import sys
import warnings
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from ripeline.adapters.sources.demo_company import write_demo_company
from ripeline.entry.bootstrap.shipped import demo_definition
from ripeline.entry.cli.app import app
from ripeline.entry.cli.errors import run as run_app
from ripeline.entry.workspace import FIRST_SETTINGS

ROOT = Path(__file__).parents[2]
SHARED_DATA = Path(os.environ.get("RIPELINE_SHARED_DATA") or ROOT.parent / "shared" / "data").absolute()
DEMO_README = """
```sh
ripeline import leads $DATA/leads.csv -w demo_company --id id --created created
ripeline import events $DATA/events.csv -w demo_company --lead lead --name name --time time --type type \\
    --id id
ripeline import outcomes $DATA/outcomes.csv -w demo_company --lead lead --outcome outcome --time time
```
"""


@dataclass(frozen=True)
class Example:
    """A real data set (or the invented company). moments: to score at; counts: the rows of each import."""

    name: str
    data: str | None
    moments: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def present(self) -> bool:
        return self.data is None or (SHARED_DATA / self.data).is_dir()

    @property
    def definition(self) -> str:
        if self.data is None:
            return demo_definition()
        return (ROOT / "examples" / self.name / "qualification.yaml").read_text(encoding="utf-8")

    def make(self, folder: Path) -> Path:
        """Make the workspace without any history inside a folder; return it."""
        workspace = folder / self.name
        workspace.mkdir(parents=True)
        (workspace / "ripeline.toml").write_text(FIRST_SETTINGS, encoding="utf-8")
        (workspace / "qualification.yaml").write_text(self.definition, encoding="utf-8")
        if self.data is None:
            write_demo_company(folder / "data")
        return workspace

    def import_all(self, folder: Path, *, of_leads: Sequence[str] = ()) -> list[str]:
        """Run the README's lines that prepare and import, from a folder; return what each import printed.

        of_leads: further options for the import of leads.
        """
        data = folder / "data" if self.data is None else SHARED_DATA / self.data
        said = []
        for command in self.commands():
            if command[0] == "python" or command[:2] == ["ripeline", "import"]:
                more = of_leads if command[:3] == ["ripeline", "import", "leads"] else ()
                done = run([*(part.replace("$DATA", str(data)) for part in command), *more], folder)
                assert done.returncode == 0, done.stderr
                said += [done.stdout] if command[0] == "ripeline" else []
        return said

    def commands(self) -> list[list[str]]:
        """Return the commands of the README, each as its words."""
        file = ROOT / "examples" / self.name / "README.md"
        text = DEMO_README if self.data is None else file.read_text(encoding="utf-8")
        block = text.partition("```sh\n")[2].partition("```")[0].replace("\\\n", " ")
        return [shlex.split(line) for line in block.splitlines()]


DEMO = Example("demo_company", None, ("2026-09-30", "2026-04-15", "2026-07-01"), (2_000, 31_702, 355))
X_EDUCATION = Example("x_education", "x-education-leads", ("2026-01-01", "2020-02-29"), (6_930, 6_930))
BPI2012 = Example("bpi2012", "bpi2012-loan-funnel", ("2012-01-15", "2011-12-01", "2012-01-01"), (10_203, 193_496))
RELAX = Example("relax", "relax-saas-usage", ("2013-09-01", "2013-07-01", "2013-08-01"), (7_955, 102_921))
CDNOW = Example("cdnow", "cdnow-purchases", ("1998-01-17", "1997-10-01", "1997-12-01"), (59_853,))
REAL = (X_EDUCATION, BPI2012, RELAX, CDNOW)
EXAMPLES = (DEMO, *REAL)


def run(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command line that begins with ripeline or python; its output is plain text of 200 columns."""
    start = {"ripeline": [sys.executable, "-m", "ripeline"], "python": [sys.executable]}
    env = os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [*start[command[0]], *command[1:]],
        cwd=folder,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def ripeline(*words: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `ripeline` as a user does."""
    return run(["ripeline", *map(str, words)], folder)


def ripeline_here(*words: object, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run `ripeline` in this process: the same answers without half a second of starting."""
    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["ripeline", *map(str, words)]
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            chdir(folder or Path.cwd()),
            warnings.catch_warnings(),
        ):
            warnings.filterwarnings("ignore", message="Cyclopts application invoked without tokens")
            code = run_app(app)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.argv = before
    return subprocess.CompletedProcess(list(map(str, words)), code, out.getvalue(), err.getvalue())
