"""Stages and handoffs for commands, where no server runs: everybody is scored first."""

from typing import Any

from ripeline.entry.bootstrap.book import deciding_alone
from ripeline.entry.bootstrap.definitions import live_plans, live_versions, plan_named, plans_of, settle
from ripeline.entry.bootstrap.lifecycle import Lifecycle
from ripeline.entry.bootstrap.live import LiveHistory, live_scores, opened_store
from ripeline.entry.workspace import Workspace
from ripeline.vocabulary.calendar import instant_text


def queues_now(workspace: Workspace, definition: str, at_us: int) -> dict[str, Any]:
    """Return where everybody is who meets a definition, for a command: everybody is scored for it.

    Raises InputError where there is no such definition that is live.
    """
    plans = live_plans(workspace)
    plan = plan_named(plans, definition)
    lifecycle = Lifecycle(workspace, plans)
    try:
        with opened_store(workspace) as store:
            scores = live_scores({definition: plan})
            scores[definition].sweep(store, at_us)
            return lifecycle.queues(store, scores, definition, at_us)
    finally:
        lifecycle.close()


def advance_now(workspace: Workspace, at_us: int) -> dict[str, Any]:
    """Do at an instant what a server does all the time: move leads, see to clocks, give handoffs out.

    Also what a server does when it starts: files of definitions that nobody published are published. Returns how many
    leads moved, and how many handoffs there are now, by state. Raises InputError where a server does so already.
    """
    with deciding_alone(workspace):
        return _advance_now(workspace, at_us)


def _advance_now(workspace: Workspace, at_us: int) -> dict[str, Any]:
    settle(workspace, at_us)
    plans = plans_of(live_versions(workspace))
    lifecycle, history, scores = Lifecycle(workspace, plans), LiveHistory(workspace), live_scores(plans)
    try:
        history.advance(lifecycle.begins_at())
        history.touched.clear()
        history.advance()
        store, before = history.store, lifecycle.lines()
        while lifecycle.giving_out.tick(store, at_us, at_us):
            pass
        for one in scores.values():
            one.sweep(store, at_us)
        lifecycle.look(store, scores, history.touched, dict.fromkeys(plans), at_us)
        while lifecycle.advance_some(store, scores, history.position, at_us):
            pass
        lifecycle.finish(history.cut_number, history.position, at_us)
        while lifecycle.giving_out.step(store, at_us):
            pass
        return {"as_of": instant_text(at_us), "moved": lifecycle.lines() - before, "handoffs": lifecycle.counts()}
    finally:
        history.close()
        lifecycle.close()
