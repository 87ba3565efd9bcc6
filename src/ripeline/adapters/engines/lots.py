"""Leads whose lot is drawn where they stand in the matrix, among scores."""

from ripeline.adapters.columnar.columns import text_of
from ripeline.lifecycle.lot import bound, lot_text
from ripeline.plan.nodes import Plan


def is_drawn_sql(plan: Plan, row: str, lead: str = "lead") -> str:
    """Return SQL that says whether a lead is drawn, as `lot.is_drawn` does, of a row of scores or accounts."""
    lots = [
        f"({row}.fit_level = {text_of(fit)} AND {row}.engagement_level = {text_of(interest)} "
        f"AND sha256({text_of(lot_text(fit, interest, ''))} || {row}.{lead}) < '{bound(cell.by_lot)}')"
        for fit, cells in plan.definition.matrix.items()
        for interest, cell in cells.items()
        if cell.by_lot
    ]
    return f"({' OR '.join(lots)})" if lots else "FALSE"
