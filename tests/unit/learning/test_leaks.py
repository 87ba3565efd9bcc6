"""What was written after the outcome is found, by its figures or its name, and honest fields are left alone."""

import csv
import gzip
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.learning.arrays import Flags, Floats
from ripeline.learning.leaks.check import Leak, _Finding, _leak, _of_figures, _of_name, _of_others, clocks_of, leaks_of
from ripeline.learning.leaks.tally import FOLDS, Tally
from ripeline.learning.sample import Numbers, Sample, Texts, Trait
from tests.how_many import most

ROOT = Path(__file__).parents[3]
SHARED_DATA = Path(os.environ.get("RIPELINE_SHARED_DATA") or ROOT.parent / "shared" / "data").absolute()

RANDOM = settings(max_examples=most(20), deadline=None)
LATE, WHEN = "probably filled in after the outcome.", "ask when it is filled in."


def tally(**values: tuple[int, int]) -> Tally:
    """Make one of (rows, won) of each value, the same in all folds. "missing" says how many miss it."""
    missing = values.pop("missing", (0, 0))
    each = np.array([*values.values(), missing], dtype=np.float64)
    return Tally(np.tile(each[:, 0], (FOLDS, 1)), np.tile(each[:, 1], (FOLDS, 1)))


def field(**values: tuple[int, int]) -> Texts:
    """Make a field of (won, lost) rows of each value, those won first; "missing" says how many miss it."""
    won, lost = ([name for name, of in values.items() for _ in range(of[side])] for side in (0, 1))
    return Texts.of([None if value == "missing" else value for value in won + lost])


def outcome(won: int, lost: int) -> Floats:
    return np.repeat([1.0, 0.0], [won, lost])


def found(trait: Trait, won: int, lost: int, name: str = "colour") -> list[tuple[str, str]]:
    return [(leak.kind, leak.reason) for leak in leaks_of(Sample(outcome(won, lost), {name: trait}))]


def by_kind(leaks: list[Leak]) -> dict[str, set[str]]:
    return {kind: {leak.name for leak in leaks if leak.kind == kind} for kind in ("block", "ask")}


# ---- figures --------------------------------------------------------------------------------------------


def test_a_copy_of_the_outcome_explains_nearly_all() -> None:
    """The other folds have 80 won of 80, and 10 more as all are: chance 85 / 90, and 1 - ln(90 / 85) / ln 2."""
    assert tally(a=(20, 20), b=(20, 0)).explained() == pytest.approx(1 - np.log(90 / 85) / np.log(2))


def test_what_is_won_alike_explains_nothing() -> None:
    assert tally(a=(20, 5), b=(40, 10)).explained() == pytest.approx(0)


def test_what_hardly_repeats_explains_nothing() -> None:
    """Every lead has a value of its own; without folds each would tell its own outcome."""
    texts = Texts.of([f"number {row}" for row in range(400)])
    sample = Sample(outcome(200, 200), {"phone": texts})
    assert -0.01 < Tally.of(texts, sample.won, sample.weight, sample.folds(FOLDS, 1)).explained() <= 0


def test_pairs_in_order() -> None:
    """3 x 3 of 4 x 4 pairs are in order, and 6 are as good as drawn by lot: 12 of 16."""
    assert tally(a=(4, 3), b=(4, 1)).auc() == pytest.approx(0.75)


def test_pure_values_hold_38_of_50_wins() -> None:
    assert tally(a=(40, 38), b=(60, 12)).pure() == pytest.approx(0.76)


def test_what_is_missing_is_no_pure_value() -> None:
    assert tally(a=(60, 12), missing=(40, 38)).pure() == 0


def test_where_nearly_all_is_won_no_value_stands_out() -> None:
    """92 % is what everybody has there."""
    assert tally(a=(100, 92), b=(100, 90)).pure() == 0


def test_of_how_many_it_is_known() -> None:
    """8 of 20 rows have it, all of the 10 won: 4 more than half of them, with a variance of 8 x 12 / 4 / 19."""
    known = Tally.of(field(a=(8, 0), missing=(2, 10)), outcome(10, 10), np.ones(20), np.arange(20) % FOLDS).known()
    assert (known.won, known.lost, known.rows) == pytest.approx((0.8, 0.0, 8))
    assert known.surprise == pytest.approx(4 / np.sqrt(24 / 19))
    assert known.odds == np.inf


@pytest.mark.parametrize("won", [np.zeros(30), np.ones(30), np.zeros(0)])
def test_of_nothing_comes_nothing(won: Floats) -> None:
    traits: dict[str, Trait] = {"a": Numbers(np.arange(len(won), dtype=np.float64)), "b": Texts.of([None] * len(won))}
    assert leaks_of(Sample(won, traits)) == []
    assert clocks_of(Sample(won, traits), won > 0) == []


# ---- what is left out, and what is asked ------------------------------------------------------------------


def test_an_honest_field_is_left_alone() -> None:
    """Six in ten of red were won, and three in ten of blue; that is what fields are for."""
    assert found(field(red=(120, 80), blue=(60, 140), missing=(20, 30)), 200, 250) == []


def test_explaining_much_alone_asks() -> None:
    """17 in 20 against 3 in 20: of 1 bit 0.61 is left."""
    ((kind, reason),) = found(field(long=(170, 30), short=(30, 170)), 200, 200)
    assert (kind, reason) == ("ask", f"Alone it takes away 38 % of the doubt about who is won: {WHEN}")


def test_known_more_often_of_the_won_asks() -> None:
    """Odds of 1.5 and 1/4: 6 times. Of 4.5 times, which honest interest may explain, nobody is asked."""
    ((kind, reason),) = found(field(red=(70, 40), blue=(50, 40), missing=(80, 320)), 200, 400)
    assert (kind, reason) == ("ask", f"It is known of 60 % of the won but 20 % of the lost: {WHEN}")
    assert found(field(red=(70, 50), blue=(50, 50), missing=(80, 300)), 200, 400) == []


def test_pure_values_ask() -> None:
    """Four in ten wins are of a value that is always won; of the rest it tells little."""
    ((kind, reason),) = found(field(red=(40, 0), blue=(60, 400)), 100, 400)
    assert (kind, reason) == ("ask", f"Values that are nearly always won hold 40 % of the wins: {WHEN}")


def test_two_findings_leave_it_out() -> None:
    """Of those where it is missing 15 in 100 were won, of "good" 12 in 13; "done" alone is 3 in 10 wins."""
    known = "it is known of 70 % of the won but 15 % of the lost"
    ((kind, reason),) = found(field(good=(120, 10), bad=(20, 50), missing=(60, 340)), 200, 400)
    assert (kind, reason.endswith(f" of the doubt about who is won, and {known}: {LATE}")) == ("block", True)
    ((kind, reason),) = found(field(done=(60, 2), red=(60, 100), missing=(80, 300)), 200, 402)
    assert (kind, reason.endswith(f", and values that are nearly always won hold 30 % of the wins: {LATE}")) == (
        "block",
        True,
    )


@pytest.mark.parametrize(
    ("of", "text"),
    [
        ({"x": (14, 0), "missing": (186, 400)}, "7 % of the won but 0 % of the lost"),
        ({"x": (0, 40), "missing": (200, 360)}, "0 % of the won but 10 % of the lost"),
    ],
)
def test_what_only_one_side_has_is_left_out(of: Mapping[str, tuple[int, int]], text: str) -> None:
    """As a contract's number, or why a deal was lost."""
    assert found(field(**of), 200, 400) == [("block", f"It is known of {text}: {LATE}")]


def test_few_rows_that_only_the_won_have_ask() -> None:
    assert [kind for kind, _ in found(field(x=(8, 0), missing=(52, 300)), 60, 300)] == ["ask"]
    assert found(field(x=(4, 0), missing=(56, 300)), 60, 300) == []


def test_what_is_missing_of_few_of_the_lost_only_asks() -> None:
    """Of those won all is known in the end: that is no field which only they have."""
    assert [kind for kind, _ in found(field(x=(200, 360), missing=(0, 40)), 200, 400)] == ["ask"]


def test_a_single_win_proves_nothing() -> None:
    assert found(field(x=(0, 28), missing=(1, 1)), 1, 29) == []


def test_a_number_that_only_the_won_have_above_zero_is_left_out() -> None:
    """Two in a hundred have a value above 0, each another one."""
    paid = np.concatenate([np.arange(1.0, 41.0), np.zeros(960)])
    (leak,) = leaks_of(Sample(outcome(50, 950), {"paid": Numbers(paid)}))
    assert (leak.kind, leak.reason.count("hold 80 % of the wins")) == ("block", 1)


# ---- rows of one person, and what they weigh ----------------------------------------------------------------


def test_rows_of_one_person_do_not_vouch_for_each_other() -> None:
    """Each person has a telephone, and ten rows: who knows the person from another fold knows the outcome."""
    person = np.arange(1_000) // 10
    traits = {"phone": Texts.of([f"number {one}" for one in person])}
    alone, told = Sample(outcome(500, 500), traits), Sample(outcome(500, 500), traits, person=person)
    assert len({*zip(person.tolist(), told.folds(FOLDS, 1).tolist(), strict=True)}) == 100
    explained = [
        Tally.of(traits["phone"], one.won, one.weight, one.folds(FOLDS, 1)).explained() for one in (alone, told)
    ]
    assert explained[0] > 0.4
    assert explained[1] < 0.01
    assert ([leak.kind for leak in leaks_of(alone)], leaks_of(told)) == (["block"], [])


def test_many_rows_of_a_few_people_prove_no_more_than_one_each() -> None:
    """Known of 5 of 8 people who were won, and of 3 of 12 who were not: that may be chance, however often it is told."""
    trait = field(x=(5, 3), missing=(3, 9))
    codes, won = trait.codes.repeat(50), outcome(8, 12).repeat(50)
    alone = Sample(won, {"x": Texts(codes, trait.levels)})
    assert [leak.kind for leak in leaks_of(alone)] == ["ask"]
    assert leaks_of(Sample(won, alone.traits, person=np.arange(20).repeat(50))) == []
    assert leaks_of(Sample(won, alone.traits, weight=np.full(1_000, 9.0))) == leaks_of(alone)


def test_rows_count_as_much_as_they_weigh() -> None:
    """A row of weight 3 is three rows of one person."""
    rng = np.random.default_rng(2)
    won, codes = (rng.random(60) < 0.4).astype(np.float64), rng.integers(-1, 3, 60)
    once = Sample(won, {"x": Texts(codes, ("a", "b", "c"))}, weight=np.full(60, 3.0))
    thrice = Sample(won.repeat(3), {"x": Texts(codes.repeat(3), ("a", "b", "c"))}, person=np.arange(60).repeat(3))
    one, other = (Tally.of(each.traits["x"], each.won, each.weight, each.folds(FOLDS, 1)) for each in (once, thrice))
    assert one.rows.tolist() == other.rows.tolist()
    assert one.won.tolist() == other.won.tolist()


# ---- missing together, and names ----------------------------------------------------------------------------


def indexes(many: int, missing: Flags) -> dict[str, Trait]:
    rng = np.random.default_rng(4)
    return {f"field {at}": Numbers(np.where(missing, np.nan, rng.normal(size=len(missing)))) for at in range(many)}


def test_three_fields_that_are_missing_together_are_asked_about() -> None:
    """In the order of their names; one that is missing by itself is not among them."""
    rng = np.random.default_rng(3)
    won, missing = outcome(200, 300), rng.random(500) < 0.4
    traits = {**indexes(3, missing), "city": Texts.of([None if one else "x" for one in rng.random(500) < 0.4])}
    reason = f"It is filled in only together with 2 other fields: {WHEN}"
    assert leaks_of(Sample(won, traits)) == [Leak(f"field {at}", "ask", reason) for at in range(3)]


@pytest.mark.parametrize(("many", "missing"), [(2, 0.4), (3, 0.05), (3, 0.98)])
def test_two_fields_or_hardly_any_rows_are_not(many: int, missing: float) -> None:
    """By lot, so that won and lost miss them alike."""
    rng = np.random.default_rng(3)
    assert leaks_of(Sample(outcome(200, 300), indexes(many, rng.random(500) < missing))) == []


def test_a_few_empty_leads_are_not() -> None:
    assert leaks_of(Sample(np.tile([0.0, 1.0], 20), indexes(5, np.arange(40) < 6))) == []


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("last_session", "last"),
        ("LastActivity", "last"),
        ("lead_stage", "stage"),
        ("Asymmetrique Profile Index", "profile"),
        ("Tags", "tags"),
        ("close-date", "close"),
        ("IsClosed", "closed"),
        ("CRMStatus2", "status"),
        ("call.duration", "duration"),
    ],
)
def test_a_telling_name_asks(name: str, word: str) -> None:
    reason = f'"{word}" in its name says that it may be written after the outcome: {WHEN}'
    assert found(field(red=(20, 20), blue=(20, 20)), 40, 40, name) == [("ask", reason)]


@pytest.mark.parametrize(
    "name", ["Last Name", "last_name", "marital status", "poutcome", "blast", "closeness", "stages", "prestige", ""]
)
def test_other_names_do_not(name: str) -> None:
    assert found(field(red=(20, 20), blue=(20, 20)), 40, 40, name) == []


def test_a_name_proves_nothing_beside_a_figure() -> None:
    """It is asked about, whatever the name says."""
    ((kind, reason),) = found(field(long=(170, 30), short=(30, 170)), 200, 200, "duration")
    assert (kind, '"duration" in its name' in reason) == ("ask", True)


def test_beside_a_proof_the_name_is_not_mentioned() -> None:
    trait = field(x=(14, 0), missing=(186, 400))
    assert found(trait, 200, 400, "contract status") == found(trait, 200, 400)


# ---- sentences ------------------------------------------------------------------------------------------------


def longest() -> Iterator[_Finding]:
    """Give the longest text of each rule."""
    yield from _of_figures(tally(a=(9_999, 9_999), missing=(90_000, 0)))
    yield _Finding(2, "it is known of 100 % of the won but 0.4 % of the lost")
    yield from _of_others(99)
    yield from _of_name("closedate")


def test_reasons_are_short() -> None:
    """Two findings and what to do take a line or two."""
    every = list(longest())
    assert len(every) == 6
    assert max(len(_leak("x", list(two)).reason) for two in combinations(every, 2)) <= 160


# ---- whatever is said of a field does not hang on --------------------------------------------------------------


def mixed(rows: int = 600) -> Sample:
    """Invented leads: one field was filled in late, one more often of the won, two are honest."""
    rng = np.random.default_rng(7)
    won = rng.random(rows) < 0.35
    tags = np.where(
        won, rng.choice(["closed", "called", "lost"], rows, p=[0.8, 0.1, 0.1]), rng.choice(["called", "lost"], rows)
    )
    job = [
        str(one) if known else None
        for one, known in zip(rng.integers(0, 4, rows), rng.random(rows) < np.where(won, 0.9, 0.5), strict=True)
    ]
    traits: dict[str, Trait] = {
        "note": Texts.of([str(tag) for tag in tags]),
        "job": Texts.of(job),
        "source": Texts.of([str(one) for one in rng.integers(0, 5, rows)]),
        "visits": Numbers(rng.poisson(np.where(won, 4, 3)).astype(np.float64)),
    }
    return Sample(won.astype(np.float64), traits)


MIXED = {"block": {"note"}, "ask": {"job"}}


@RANDOM
@given(st.permutations(range(5)))
def test_what_values_are_called(order: list[int]) -> None:
    """Other names put them in another order."""
    sample = mixed()
    renamed: dict[str, Trait] = {}
    for name, trait in sample.traits.items():
        if isinstance(trait, Texts):
            of = [None if code < 0 else f"value {order[code]}" for code in trait.codes.tolist()]
            renamed[name] = Texts.of(of)
        else:
            renamed[name] = trait
    assert leaks_of(Sample(sample.won, renamed)) == leaks_of(sample)


@RANDOM
@given(st.integers(0, 10_000))
def test_the_order_of_rows(seed: int) -> None:
    sample = mixed()
    order = np.random.default_rng(seed).permutation(len(sample))
    moved: dict[str, Trait] = {}
    for name, trait in sample.traits.items():
        moved[name] = (
            Numbers(trait.values[order]) if isinstance(trait, Numbers) else Texts(trait.codes[order], trait.levels)
        )
    assert by_kind(leaks_of(Sample(sample.won[order], moved))) == MIXED


@RANDOM
@given(st.integers(0, 10_000))
def test_the_lot_that_was_drawn(seed: int) -> None:
    assert by_kind(leaks_of(mixed(), seed)) == MIXED
    assert leaks_of(mixed(), seed) == leaks_of(mixed(), seed)


# ---- clocks -----------------------------------------------------------------------------------------------------


def test_what_tells_the_time_is_named() -> None:
    """The rate of interest fell month by month; a colour did not change."""
    rng = np.random.default_rng(5)
    rate = Numbers(np.linspace(5, 1, 400) + rng.normal(size=400))
    sample = Sample(
        outcome(200, 200), {"rate": rate, "colour": Texts.of([str(one) for one in rng.integers(0, 4, 400)])}
    )
    (leak,) = clocks_of(sample, np.arange(400) >= 200)
    reason = "It tells early from late in 87 % of pairs of leads: what it teaches may only be that times have changed."
    assert leak == Leak("rate", "clock", reason)


# ---- real data: what is known to be late is found, and nothing else ------------------------------------------------


def rows_of(path: str) -> list[dict[str, str]]:
    if not (SHARED_DATA / path).is_file():
        pytest.skip(f"{path} is not here: set RIPELINE_SHARED_DATA to the folder with the data sets")
    with gzip.open(SHARED_DATA / path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trait_of(values: list[str]) -> Trait:
    told = [None if value in {"", "Select"} else value for value in values]
    try:
        return Numbers(np.array([np.nan if value is None else float(value) for value in told]))
    except ValueError:
        return Texts.of(told)


def sample_of(rows: list[dict[str, str]], won: Callable[[dict[str, str]], bool], *others: str) -> Sample:
    """Take every column but others as a trait."""
    names = [name for name in rows[0] if name not in others]
    return Sample(
        np.array([float(won(row)) for row in rows]), {name: trait_of([row[name] for row in rows]) for name in names}
    )


def education() -> Sample:
    rows = rows_of("x-education-leads/leads.csv.gz")
    return sample_of(rows, lambda row: row["Converted"] == "1", "Converted", "Prospect ID", "Lead Number")


@cache
def bank() -> Sample:
    return sample_of(rows_of("bank-marketing/bank_additional.csv.gz"), lambda row: row["y"] == "yes", "y", "row")


def maven() -> Sample:
    """Closed deals, with what is known of who sells, to whom, and what."""
    rows = [row for row in rows_of("maven-crm-opportunities/sales_pipeline.csv.gz") if row["close_date"]]
    keys = {"accounts": "account", "sales_teams": "sales_agent", "products": "product"}
    for file, key in keys.items():
        table = {one[key]: one for one in rows_of(f"maven-crm-opportunities/{file}.csv.gz")}
        blank = dict.fromkeys(next(iter(table.values())), "")
        rows = [{**table.get(row[key].replace("GTXPro", "GTX Pro"), blank), **row} for row in rows]
    return sample_of(rows, lambda row: row["deal_stage"] == "Won", "deal_stage", "opportunity_id")


def olist() -> Sample:
    closed = {row["mql_id"]: row for row in rows_of("olist-marketing-funnel/closed_deals.csv.gz")}
    blank = dict.fromkeys(next(iter(closed.values())), "")
    leads = rows_of("olist-marketing-funnel/marketing_qualified_leads.csv.gz")
    return sample_of(
        [{**closed.get(row["mql_id"], blank), **row} for row in leads], lambda row: bool(row["won_date"]), "mql_id"
    )


ASKED_LATE = {"What is your current occupation", "What matters most to you in choosing a course"}
OLIST_CLOSED = {
    *("seller_id", "sdr_id", "sr_id", "won_date", "business_segment", "lead_type", "lead_behaviour_profile"),
    *("has_company", "has_gtin", "average_stock", "business_type"),
    *("declared_product_catalog_size", "declared_monthly_revenue"),
}
ASYMMETRIQUE = {f"Asymmetrique {of} {what}" for of in ("Activity", "Profile") for what in ("Index", "Score")}


@pytest.mark.parametrize(
    ("sample", "block", "ask"),
    [
        (
            education,
            {"Tags", "Lead Quality"},
            {"Lead Profile", "Last Activity", "Last Notable Activity"} | ASKED_LATE | ASYMMETRIQUE,
        ),
        (bank, set(), {"duration"}),
        (maven, {"close_value"}, {"close_date"}),
        (olist, OLIST_CLOSED, set()),
    ],
)
def test_real_fields_that_came_after(sample: Callable[[], Sample], block: set[str], ask: set[str]) -> None:
    """Every field that its source knows to be late, and none of the others."""
    leaks = leaks_of(sample())
    assert by_kind(leaks) == {"block": block, "ask": ask}
    assert all(len(leak.reason) <= 160 for leak in leaks)


def test_real_clocks() -> None:
    """Calls were made to mobile telephones later on, in other months, and while rates of interest fell."""
    sample = bank()
    clocks = clocks_of(sample, np.arange(len(sample)) >= len(sample) / 2)
    economy = {"emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m", "nr.employed"}
    assert {leak.name for leak in clocks} == {"month", "contact"} | economy
