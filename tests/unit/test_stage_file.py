"""The log of stages as a file, letter by letter."""

import csv
import io
import json

import pytest

from ripeline.usecases.lead_record import stage_record
from ripeline.usecases.stage_file import csv_lines, json_lines
from ripeline.vocabulary.people import Name
from ripeline.vocabulary.scores import Contribution
from ripeline.vocabulary.stages import StageChange

LINE = StageChange(
    definition="d",
    lead=Name("user", "ada"),
    before="lead",
    after="mql",
    at_us=0,
    cause="event",
    why='Fit is "good", interest high.',
    fingerprint="f" * 16,
    fit=(Contribution("large", 30_000_000),),
    engagement=(Contribution("trial", 10_000_000), Contribution("limit:trial", -2_500_000)),
    number=7,
)


def test_a_line_of_csv() -> None:
    """Quotes are doubled; what is not there is empty; the lines of a score stand in one cell."""
    assert list(csv_lines([stage_record(LINE)])) == [
        "number,definition,lead,from,to,at,cause,by,why,resting_until,fit,engagement\n",
        (
            '7,d@ffffffffffffffff,ada,lead,mql,1970-01-01T00:00:00.000000Z,event,,"Fit is ""good"", interest high.",,'
            "large 30,trial 10; limit:trial -2.5\n"
        ),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+49", "-5", "@sum", "\tx", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    """What visitors call themselves is behind an apostrophe where a spreadsheet would take it for a formula."""
    record = stage_record(LINE) | {"lead": name, "why": name}
    _, row = csv.reader(io.StringIO("".join(csv_lines([record])), newline=""))
    assert (row[2], row[8]) == (f"'{name}", f"'{name}")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_one_array(count: int) -> None:
    records = [stage_record(LINE)] * count
    assert json.loads("".join(json_lines(records))) == records
