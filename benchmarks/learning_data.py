"""Real data sets as workspaces, made by the shipped commands, and what is asked of each.

The sets are public and not ours to ship: they are looked for beside the project, or in RIPELINE_SHARED_DATA.
"""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from ripeline.adapters.engines.past import StoredPast
from ripeline.entry.bootstrap.live import opened_store
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.workspace import find_workspace, text_of
from ripeline.learning.snapshots import Given
from ripeline.usecases.learn import Learned, learn
from ripeline.usecases.learn_asked import learn_asked
from ripeline.usecases.learn_told import MOST_RULES, LearnTold
from ripeline.usecases.load_plan import load_plan
from tests.acceptance.examples import SHARED_DATA, ripeline

# ---- the sets: files made by SQL where the commands want another shape, and the imports -------------------


@dataclass(frozen=True)
class Source:
    """A set of data. folder: of its files; tables: files made of them first, by SQL; imports: of these files."""

    folder: str
    tables: Mapping[str, str]
    imports: tuple[str, ...]

    @property
    def present(self) -> bool:
        """Say whether it is on this machine."""
        return (SHARED_DATA / self.folder).is_dir()

    def workspace(self, folder: Path) -> Path:
        """Return its workspace in a folder, made where it is not there yet."""
        root = folder / self.folder
        if not root.exists():
            for name, sql in self.tables.items():
                select = sql.format(data=SHARED_DATA / self.folder)
                duckdb.connect().execute(f"COPY ({select}) TO '{folder / name}'")
            _run(folder, "init", str(root))
            for command in self.imports:
                _run(folder, "import", *shlex.split(command), "-w", str(root))
        return root


def _run(folder: Path, *words: str) -> None:
    done = ripeline(*words, folder=folder)
    if done.returncode:
        sys.exit(done.stderr)


X_EDUCATION: Final = Source(
    "x-education-leads",
    # Nothing was chosen where a list says "Select".
    {"xed.csv": "SELECT nullif(COLUMNS(*), 'Select') FROM read_csv('{data}/leads.csv.gz', all_varchar = true)"},
    (
        'leads xed.csv --id "Lead Number" --ignore "Converted,Prospect ID"',
        'outcomes xed.csv --lead "Lead Number" --won-when "Converted = 1"',
    ),
)
BANK: Final = Source(
    "bank-marketing",
    {"bank.csv": "FROM read_csv('{data}/bank_additional.csv.gz', all_varchar = true)"},
    ("leads bank.csv --id row --ignore y,duration", "outcomes bank.csv --lead row --won-when \"y = 'yes'\""),
)
OLIST: Final = Source(
    "olist-marketing-funnel",
    {
        "olist.csv": "FROM read_csv('{data}/marketing_qualified_leads.csv.gz', all_varchar = true)",
        "olist_won.csv": "SELECT mql_id, won_date, 'won' AS outcome "
        "FROM read_csv('{data}/closed_deals.csv.gz', all_varchar = true)",
    },
    (
        "leads olist.csv --id mql_id --created first_contact_date",
        "outcomes olist_won.csv --lead mql_id --time won_date --outcome outcome",
    ),
)
BPI2012: Final = Source(
    "bpi2012-loan-funnel",
    {
        # What is the outcome, and what is written down beside it.
        "bpi.parquet": "FROM '{data}/events.parquet' WHERE activity NOT IN ('A_APPROVED', 'A_REGISTERED', "
        "'A_ACTIVATED', 'A_DECLINED', 'A_CANCELLED', 'O_ACCEPTED', 'O_DECLINED', 'O_CANCELLED')",
        "bpi_ends.parquet": "SELECT case_id, min(ts) AS ts, if(activity = 'A_ACTIVATED', 'won', 'lost') AS outcome "
        "FROM '{data}/events.parquet' WHERE activity IN ('A_ACTIVATED', 'A_DECLINED', 'A_CANCELLED') "
        "GROUP BY case_id, activity",
        "bpi_cases.parquet": "FROM '{data}/cases.parquet'",
    },
    (
        "leads bpi_cases.parquet --id case_id --created registered_at",
        "events bpi.parquet --lead case_id --time ts --name activity",
        "outcomes bpi_ends.parquet --lead case_id --time ts --outcome outcome",
    ),
)
CDNOW: Final = Source(
    "cdnow-purchases",
    {
        "cdnow.parquet": "SELECT *, 'Purchase' AS name FROM '{data}/purchases.parquet'",
        "cdnow_won.parquet": "SELECT DISTINCT customer_id, date, 'won' AS outcome FROM '{data}/purchases.parquet'",
    },
    (
        "events cdnow.parquet --lead customer_id --time date --name name",
        "outcomes cdnow_won.parquet --lead customer_id --time date --outcome outcome",
    ),
)
RELAX: Final = Source(
    "relax-saas-usage",
    {
        "relax.parquet": "SELECT * EXCLUDE (invited_by_user_id), "
        "if(invited_by_user_id IS NULL, 'no', 'yes') AS invited FROM '{data}/users.parquet'",
        "relax_logins.parquet": "SELECT *, 'Login' AS name FROM '{data}/logins.parquet'",
        # Adopted: on the third active day within seven, of which the first is after two weeks.
        "relax_adopted.parquet": "SELECT user_id, min(day) AS day, 'won' AS outcome FROM (SELECT user_id, date AS day, "
        "lag(date, 2) OVER (PARTITION BY user_id ORDER BY date) AS first FROM '{data}/logins.parquet') "
        "JOIN '{data}/users.parquet' USING (user_id) WHERE day::DATE - first::DATE < 7 "
        "AND first::DATE - created_at::DATE >= 14 GROUP BY user_id",
    },
    (
        "leads relax.parquet --id user_id --created created_at",
        "events relax_logins.parquet --lead user_id --time date --name name",
        "outcomes relax_adopted.parquet --lead user_id --time day --outcome outcome",
    ),
)
MAVEN: Final = Source(
    "maven-crm-opportunities",
    {
        "maven.csv": "SELECT p.*, a.* EXCLUDE (account), t.* EXCLUDE (sales_agent) "
        "FROM '{data}/sales_pipeline.csv.gz' p LEFT JOIN '{data}/accounts.csv.gz' a USING (account) "
        "LEFT JOIN '{data}/sales_teams.csv.gz' t USING (sales_agent)",
        "maven_ends.csv": "SELECT opportunity_id, close_date, lower(deal_stage) AS outcome "
        "FROM '{data}/sales_pipeline.csv.gz' WHERE deal_stage IN ('Won', 'Lost')",
    },
    (
        "leads maven.csv --id opportunity_id --created engage_date --ignore deal_stage,close_value,close_date",
        "outcomes maven_ends.csv --lead opportunity_id --time close_date --outcome outcome",
    ),
)

# ---- the questions ---------------------------------------------------------------------------------------

AFTER_CONTACT: Final = (
    "Tags",
    "Lead Quality",
    "Lead Profile",
    *(f"Asymmetrique {of} {what}" for of in ("Activity", "Profile") for what in ("Index", "Score")),
)
LAST: Final = ("Last Activity", "Last Notable Activity")
ASKED: Final = ("What is your current occupation", "What matters most to you in choosing a course")
"""Fields that `learn` leaves out until somebody says that they are filled in before sales calls."""


@dataclass(frozen=True)
class Goal:
    """What a figure of the card should be on data that nobody here sees. of: "card" or "card10"."""

    figure: str
    must: float
    goal: float
    of: str = "card"


@dataclass(frozen=True)
class Task:
    """A question to a set of data. told: as `ripeline learn` is told it."""

    title: str
    question: str
    source: Source
    told: LearnTold
    goals: tuple[Goal, ...] = ()


TASKS: Final = (
    Task(
        "X Education",
        "converted ever; a row a lead, no times. Without what is filled in after the contact, and without `Last ...`",
        X_EDUCATION,
        LearnTold(most=MOST_RULES, as_of="2026-01-01", ignore=(*AFTER_CONTACT, *LAST), keep=ASKED),
        (
            Goal("auc", 0.865, 0.875),
            Goal("auc", 0.860, 0.872, of="card10"),
            Goal("log_loss", 0.440, 0.428),
            Goal("brier", 0.140, 0.136),
        ),
    ),
    Task(
        "X Education, last activity",
        "the same with `Last Activity` and `Last Notable Activity`",
        X_EDUCATION,
        LearnTold(most=MOST_RULES, as_of="2026-01-01", ignore=AFTER_CONTACT, keep=(*ASKED, *LAST)),
        (Goal("auc", 0.890, 0.900), Goal("log_loss", 0.400, 0.387)),
    ),
    Task(
        "Bank",
        "said yes; calls in order, without `duration`",
        BANK,
        LearnTold(most=MOST_RULES, as_of="2026-01-01", is_ordered=True),
        (Goal("auc", 0.68, 0.71), Goal("brier_late", 0.170, 0.162)),
    ),
    Task(
        "Olist",
        "won within 30 days of the first contact",
        OLIST,
        LearnTold(most=MOST_RULES, as_of="2018-05-16", win_within="30d", score_at="created+1h"),
        (Goal("auc", 0.69, 0.71), Goal("lift10", 1.9, 2.1)),
    ),
    Task(
        "BPI 2012, every 4 days",
        "activated within 14 days; open applications every 4 days",
        BPI2012,
        LearnTold(most=MOST_RULES, as_of="2012-02-01T00:00:00Z", win_within="14d", score_at="every:4d"),
        (Goal("auc", 0.785, 0.795), Goal("log_loss", 0.440, 0.434)),
    ),
    Task(
        "BPI 2012, after an hour",
        "activated within 30 days; one hour after the application",
        BPI2012,
        LearnTold(most=MOST_RULES, as_of="2012-02-01T00:00:00Z", win_within="30d", score_at="created+1h"),
        (Goal("auc", 0.63, 0.655),),
    ),
    Task(
        "CDNOW",
        "buys again within 28 days; everybody every 28 days",
        CDNOW,
        LearnTold(most=MOST_RULES, as_of="1998-02-14", win_within="28d", score_at="every:28d", repeats=True),
        (Goal("auc", 0.825, 0.831), Goal("average_precision", 0.335, 0.347)),
    ),
    Task(
        "Relax",
        "active on three days within seven, in the 60 days after the first 14",
        RELAX,
        LearnTold(most=MOST_RULES, as_of="2013-12-01", win_within="60d", score_at="created+14d"),
        (Goal("auc", 0.80, 0.815), Goal("lift10", 4.3, 4.5)),
    ),
    Task(
        "Maven",
        "won, of opportunities that were closed; invented data in which nothing foretells it",
        MAVEN,
        LearnTold(most=MOST_RULES, as_of="2018-06-01", score_at="created+1h"),
    ),
)

FEW_GOALS: Final = {
    "X Education": {40: (0.61, 0.59), 80: (0.56, 0.545), 160: (0.53, 0.512), 320: (0.50, 0.475)},
    "BPI 2012, every 4 days": {40: (0.56, 0.54), 80: (0.53, 0.51), 160: (0.51, 0.495), 320: (0.49, 0.48)},
}
"""Learned from so few closed leads: what the mean log loss must be at the most, and should be."""


def learned_by(task: Task, folder: Path) -> Learned:
    """Return what `ripeline learn` makes of a question, with the rows that it learned from. folder: of workspaces."""
    workspace = find_workspace(task.source.workspace(folder))
    file = workspace.definition(None)
    plan = load_plan(text_of(file), file.stem, str(file), references())
    asked = learn_asked(task.told, plan.zone, 0, _no_file)
    with opened_store(workspace) as store:
        return learn(StoredPast(store), plan, asked, lambda *_: None)


def _no_file(name: str) -> Given:
    raise ValueError(f"no question asks for moments of a file, such as {name}")
