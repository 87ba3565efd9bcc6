"""Fail when a test was skipped that tests/allowed-skips.txt does not allow.

Usage: check_skips.py JUNIT_XML ALLOWED. An expected failure (xfail) is not a skip: strict xfail guards those.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree as ET

CONDITIONS = ("always", "without-data")


@dataclass(frozen=True, slots=True)
class Allowance:
    """One line of the list: which tests may be skipped, when, and why."""

    when: str
    pattern: str
    reason: str


def shared_data_present() -> bool:
    """Tell whether the real data sets lie where the acceptance tests look for them."""
    folder = Path(os.environ.get("RIPELINE_SHARED_DATA", "../shared/data"))
    return folder.is_dir() and any(folder.iterdir())


def read_allowances(path: Path) -> list[Allowance]:
    """Read `when | pattern | reason` lines; a line without all three stops the run."""
    allowances = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|", 2)]
        if len(parts) != 3 or not all(parts) or parts[0] not in CONDITIONS:  # noqa: PLR2004 - three columns
            sys.exit(f"{path}:{number}: expected `{' or '.join(CONDITIONS)} | pattern | reason`")
        allowances.append(Allowance(*parts))
    return allowances


def skipped_tests(report: Path) -> Iterator[tuple[str, str]]:
    """Yield node id and message of every skipped test in a junit report of the xunit1 family."""
    for case in ET.parse(report).iter("testcase"):
        skip = case.find("skipped")
        if skip is not None and skip.get("type") != "pytest.xfail":
            yield node_id(case), skip.get("message", "")


def node_id(case: ET.Element) -> str:
    """Build pytest's own name of a test: file, class if any, test."""
    file, name, owner = case.get("file", ""), case.get("name", ""), case.get("classname", "")
    if not owner:  # a whole module was skipped: its dotted name is all there is
        return file or name.replace(".", "/") + ".py"
    module = file.removesuffix(".py").replace("/", ".")
    inner = owner.removeprefix(module).strip(".").split(".")
    return "::".join([file, *filter(None, inner), name])


def main(report: Path, listing: Path) -> int:
    """Print every skipped test that is not allowed; return 1 if there is one."""
    present = shared_data_present()
    allowed = [a for a in read_allowances(listing) if a.when == "always" or not present]
    skipped = list(skipped_tests(report))
    surprises = [(node, why) for node, why in skipped if not any(fnmatchcase(node, a.pattern) for a in allowed)]
    for node, why in surprises:
        print(f"skipped, and {listing} does not allow it: {node}: {why}")
    print(f"skipped tests: {len(skipped)}, allowed {len(skipped) - len(surprises)}")
    return 1 if surprises else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
