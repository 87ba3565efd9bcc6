"""Every key of a definition, once: what it takes and what it means. The JSON Schema is made from this."""

from ripeline.definition.shapes import Either, Field, Listing, Record, Table
from ripeline.definition.words import (
    AT_LEAST,
    AT_MOST,
    CONDITION,
    COUNT,
    DAYS,
    DEFINITION_NAME,
    FLAG,
    FREQUENCY,
    FREQUENCY_CAP,
    MEASURE,
    MOMENTS,
    NO_DECAY,
    NUMBER,
    POINTS,
    PROMISE,
    SHARE,
    TEXT,
    VERSION,
    choice,
)
from ripeline.vocabulary.scores import ACTIONS

MOST_LEVELS = 26

LABEL = Field(TEXT, "how it is called on screen (the key in words)")
LIMITS = {
    "at_most": Field(AT_MOST, "cap on the positive sum (none)"),
    "floor": Field(AT_LEAST, "floor of the negative sum (none)"),
}
LEVELS = Field(
    Table(POINTS, "a mapping of levels to their lowest score", MOST_LEVELS),
    "lowest score of each level, best first; the last one is open downwards",
    required=True,
)

# ---- fit ----------------------------------------------------------------------------------------

CRITERION = Record(
    {
        "label": LABEL,
        "when": Field(CONDITION, "a condition on traits", required=True),
        "points": Field(POINTS, "points where the condition is true; negative allowed", required=True),
        "group": Field(TEXT, "a group of fit.groups (none)"),
        "trusted": Field(FLAG, "read only traits that came by import, CRM or a server key (false)"),
    },
    "a mapping with when and points",
)
FIT_GROUP = Record(
    {"first": Field(FLAG, "in order, only the first criterion that is true counts (false)"), **LIMITS},
    "a mapping with first, at_most or floor",
)
FIT = Record(
    {
        "min_known": Field(COUNT, 'with fewer known criteria than this the fit level is "unknown" (1)'),
        **LIMITS,
        "criteria": Field(Table(CRITERION, "a mapping of criteria by name"), "the rules of fit, by name"),
        "groups": Field(Table(FIT_GROUP, "a mapping of groups by name"), "criteria limited together, by name"),
        "levels": LEVELS,
    },
    "a mapping with levels and criteria",
)

# ---- engagement ---------------------------------------------------------------------------------

MATCH = {
    "event": Field(
        Listing(TEXT, "the name of an event, or a list of names", or_one=True, least=1),
        "name of a track call, or of a page or screen; a list means any of them (any name)",
    ),
    "type": Field(choice("track", "page", "screen", "any"), "track, page, screen or any (track)"),
    "when": Field(CONDITION, "a condition on properties.x, context.x.y, and traits by their bare names (none)"),
}
STEP = Record(
    {
        "lose": Field(SHARE, "the share that is lost, such as 50%", required=True),
        "every": Field(DAYS, "how often, such as 30d", required=True),
    },
    "{lose: 50%, every: 30d}",
)
DECAY = Either(
    NO_DECAY,
    Record(
        {
            "half_life": Field(DAYS, "half of the points are left after this many days"),
            "fade": Field(DAYS, "points fall in a straight line to nothing at this age"),
            "step": Field(STEP, "a share of what is left is lost every so many days"),
        },
        "{half_life: 30d}, {fade: 60d} or {step: {lose: 50%, every: 30d}}",
        one_of=("half_life", "fade", "step"),
    ),
    "none, {half_life: 30d}, {fade: 60d} or {step: {lose: 50%, every: 30d}}",
)
HAND_RAISE = Either(
    FLAG,
    Record(
        {
            "open_for": Field(DAYS, "how long it stays open without an answer (30d)"),
            "to": Field(choice("mql", "sales_qualified"), "the stage it leads to (mql)"),
        }
    ),
    "true, false or {open_for: 30d, to: sales_qualified}",
)
SIGNAL = Record(
    {
        "label": LABEL,
        **MATCH,
        "points": Field(POINTS, "points for each unit of the measure; negative allowed", required=True),
        "measure": Field(MEASURE, "what is counted per person and day (count)"),
        "decay": Field(DECAY, "how points fade with age (none)"),
        "cap": Field(AT_MOST, "most points of this signal, where they are positive (none)"),
        "floor": Field(AT_LEAST, "least points of this signal, where they are negative (none)"),
        "group": Field(TEXT, "a group of engagement.groups (none)"),
        "at_most": Field(FREQUENCY_CAP, "frequency cap on the measure; the youngest count (none)"),
        "within": Field(DAYS, "only what is younger than this counts (none)"),
        "at_least": Field(FREQUENCY, "points once, while the measure within the window is at least this (none)"),
        "without": Field(
            Record(MATCH, "a mapping with event, type or when"),
            "with at_least: none of these happened in the same window (none)",
        ),
        "inactive": Field(DAYS, "points while nothing that matches happened for this many days (none)"),
        "trait": Field(TEXT, "points for each whole unit of this numeric trait (none)"),
        "evidence": Field(choice("normal", "weak"), "weak: supports other evidence, never carries (normal)"),
        "hand_raise": Field(HAND_RAISE, "the person asked to talk to sales (false)"),
        "trusted": Field(FLAG, "count only what came by import, CRM or a server key (false)"),
    },
    "a mapping with points",
)
ENGAGEMENT = Record(
    {
        **LIMITS,
        "weak_share": Field(SHARE, "how much weak evidence may add, as a share of the rest (25%)"),
        "signals": Field(Table(SIGNAL, "a mapping of signals by name"), "the rules of engagement, by name"),
        "groups": Field(
            Table(Record(LIMITS, "a mapping with at_most or floor"), "a mapping of groups by name"),
            "signals limited together, by name",
        ),
        "levels": LEVELS,
    },
    "a mapping with levels and signals",
)

# ---- what follows from the scores ---------------------------------------------------------------

CELL = Either(
    choice(*ACTIONS),
    Record(
        {
            "action": Field(choice(*ACTIONS), "what to do", required=True),
            "rating": Field(TEXT, "how the cell is called (A1 ... C3, U1 ... U3)"),
            "by_lot": Field(
                SHARE, "share of its leads that go to sales by lot, so that it is known what becomes of such (0%)"
            ),
        },
        "{action, rating, by_lot}",
    ),
    f"one of {', '.join(ACTIONS)}, or {{action, rating, by_lot}}",
)
MATRIX = Table(
    Table(CELL, "a mapping with a cell for every engagement level", MOST_LEVELS),
    "a mapping with a row for every fit level, and one for unknown",
    MOST_LEVELS + 1,
)
SUPPRESSION = Record({"when": Field(CONDITION, "a condition on traits", required=True)}, "a mapping with when")
FALL_BELOW = Record(
    {
        "engagement": Field(POINTS, "an MQL falls when its engagement is below this (none)"),
        "fit": Field(POINTS, "an MQL falls when its fit is below this (none)"),
    },
    "{engagement: 50, fit: 20}",
)
STAGES = Record(
    {
        "mql": Field(
            Record(
                {
                    "fall_below": Field(
                        FALL_BELOW,
                        "scores below which an MQL falls (as soon as the definition is no longer met)",
                    )
                }
            ),
            "the stage mql",
        ),
        "cool_down": Field(DAYS, "time after a rejection before a lead may qualify again (90d)"),
        "remove_after": Field(DAYS, "time with poor fit and low interest before removal is proposed (180d)"),
    }
)
PROMISES = {
    "accept_within": Field(PROMISE, "business hours until sales accepts; 1d is one business day (none)"),
    "first_touch_within": Field(PROMISE, "business hours until the first contact (none)"),
}
HANDOFF = Record(
    {
        **PROMISES,
        "hand_raise": Field(Record(PROMISES), "the same promises for people who asked to talk to sales"),
        "reasons": Field(Listing(TEXT, "a list of words"), "why sales may send a lead back ([])"),
    }
)
ACCOUNTS = Record(
    {
        "breadth": Field(AT_MOST, "points for each further interested person of a company (5)"),
        "breadth_cap": Field(AT_MOST, "most points for further persons (20)"),
    }
)
FOLLOWS = Record(
    {
        "looks": Field(COUNT, "how many looks at leads, the last of which it is known what followed", required=True),
        "score_at": Field(MOMENTS, "when leads are looked at", required=True),
        "won_within": Field(DAYS, "in how many days after a look a lead has to be won (ever)"),
        "repeat": Field(FLAG, "who was won can be won again (false)"),
    },
    "a mapping with looks and score_at",
)
LIKELIHOOD = Record(
    {
        "of": Field(choice("fit + engagement", "fit", "engagement"), "the sum that is looked up", required=True),
        "table": Field(
            Listing(Listing(NUMBER, "[points, likelihood]", exactly=2), "a list of rows [points, likelihood]"),
            "rows [least points, likelihood], points rising",
            required=True,
        ),
        "follows": Field(FOLLOWS, "the level moves with what became of the last leads (it stays)"),
    },
    "a mapping with of and table",
)

FIGURE = Listing(NUMBER, "[value, low, high]", exactly=3)
EVIDENCE = {
    "from": Field(TEXT, "the first day that was learned from"),
    "to": Field(TEXT, "the last day whose outcomes were known"),
    "won_within": Field(DAYS, "in how many days a lead had to be won (ever)"),
    "score_at": Field(TEXT, "at which moments leads were looked at"),
    "leads": Field(COUNT, "how many leads were learned from"),
    "snapshots": Field(COUNT, "how often they were looked at"),
    "won": Field(COUNT, "how many of those were followed by a win"),
    "figures": Field(
        Table(FIGURE, "a mapping of figures to [value, low, high]"), "how good it was on people it was not learned from"
    ),
    "calibration": Field(
        Listing(FIGURE, "a list of [likelihood, won share, snapshots]"), "what was foretold, and what happened"
    ),
    "intervals": Field(
        Table(Listing(NUMBER, "[low, high]", exactly=2), "a mapping of rules to [low, high]"),
        "between which points each rule's lie, at 95 %",
    ),
    "left_out": Field(Listing(TEXT, "a list of texts"), "what may know the outcome, and why"),
}
"""What a learned definition stands on. It changes no score."""

DEFINITION = Record(
    {
        "version": Field(VERSION, "version of this file format, 1", required=True),
        "name": Field(DEFINITION_NAME, "name of the definition (the file's stem)"),
        "timezone": Field(TEXT, "zone whose midnights count, such as Europe/Berlin (UTC)"),
        "required": Field(
            Listing(TEXT, "a list of traits, such as [email, phone]"),
            "one of these traits must be known before a lead can be an MQL ([email, phone])",
        ),
        "fit": Field(FIT, "who they are: criteria and levels", required=True),
        "engagement": Field(ENGAGEMENT, "what they do: signals and levels", required=True),
        "matrix": Field(MATRIX, "what to do for each fit and engagement level", required=True),
        "suppress": Field(
            Table(SUPPRESSION, "a mapping of suppressions by name"),
            "leads that are nobody's business, by name",
        ),
        "stages": Field(STAGES, "how a lead falls, rests and leaves"),
        "handoff": Field(HANDOFF, "what sales promises, and why it may send a lead back"),
        "per": Field(
            choice("lead", "account"), "who qualifies and is handed over: each lead, or its whole account (lead)"
        ),
        "accounts": Field(ACCOUNTS, "how several persons add up for their company"),
        "learned": Field(
            Record({"likelihood": Field(LIKELIHOOD, "calibrated probability of winning"), **EVIDENCE}),
            "written by `ripeline learn`",
        ),
    }
)
