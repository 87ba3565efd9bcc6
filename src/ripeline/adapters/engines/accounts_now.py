"""Accounts at an instant, each as if it were one lead: by these stages move where a definition says `per: account`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.accounts import keys_of_account
from ripeline.adapters.engines.kin import identifiers_of
from ripeline.adapters.engines.leads_now import LeadsNow
from ripeline.adapters.engines.live_scores import LiveScores
from ripeline.adapters.engines.lots import is_drawn_sql
from ripeline.adapters.engines.places import load_handed
from ripeline.lifecycle.advance import RIPE
from ripeline.plan.nodes import Plan
from ripeline.ports.lifecycle import LeadNow
from ripeline.scoring.accounts import Member, judge_account
from ripeline.scoring.sql.accounts import lower_accounts
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.tasks import FOLLOW_UP


class AccountsNow:
    """The accounts of a store as they are by one plan."""

    def __init__(self, store: Store, plan: Plan) -> None:
        """Take the store to read and the plan to score by."""
        self._store, self._plan, self._leads = store, plan, LeadsNow(store, plan)

    def of(self, identifiers: Iterable[str], at_us: int) -> Iterator[LeadNow]:
        """Yield the accounts of everybody whom identifiers may concern.

        Who belongs to none, or is suppressed and so no part of one, is yielded by themselves.
        """
        found = {one.lead: one for one in self._leads.of(identifiers, at_us)}
        accounts = {one.account for one in found.values() if one.account is not None}
        names = self._names(accounts)
        if names:
            found |= {one.lead: one for one in self._leads.of(names, at_us) if one.account in accounts}
        members = defaultdict[str, list[LeadNow]](list)
        for one in found.values():
            if one.account is None or one.score.suppressed_by is not None:
                yield one
            else:
                members[one.account].append(one)
        yield from (self._account(own) for own in members.values())

    def _names(self, accounts: Iterable[str]) -> list[str]:
        keys = {key for account in accounts for key in keys_of_account(self._store, account)}
        return [one.value for one in identifiers_of(self._store, keys).values()] if keys else []

    def _account(self, members: Sequence[LeadNow]) -> LeadNow:
        """Return an account as its contact, with what is everybody's."""
        judged = judge_account(self._plan, (Member(one.lead.value, one.score) for one in members))
        contact = next(one for one in members if one.lead.value == judged.contact)
        outcome = max((one.outcome for one in members if one.outcome), key=lambda told: told[1], default=None)
        owned = tuple(span for one in members for span in one.owned)
        return replace(contact, owned=owned, score=judged.score, outcome=outcome, members=tuple(members))


def who_qualifies(store: Store, plan: Plan) -> LeadsNow | AccountsNow:
    """Return what tells who qualifies by a plan: leads, or accounts."""
    return AccountsNow(store, plan) if plan.definition.per == "account" else LeadsNow(store, plan)


def accounts_may_move(store: Store, scores: LiveScores, live: Sequence[Handoff], at_us: int) -> set[str]:
    """Return a lead of every account that may move, get a task or lose one.

    live: handoffs that are not over. `standings` and `tasked` are there from `may_move`.
    """
    load_handed(store, live, at_us)
    ripe = f"coalesce(bool_or(n.stage IN {tuple(sorted(RIPE))}), FALSE)"
    settled, has = "coalesce(bool_or(n.decided AND n.logged), FALSE)", "coalesce(bool_or(h.state IS NOT NULL), FALSE)"
    open_task = "coalesce(bool_or(t.nobodys OR t.open), FALSE)"
    meets, action = "any_value(a.meets_definition)", "any_value(a.action)"
    drawn = is_drawn_sql(scores.plan, "a", "account")
    due = f"{action} = '{FOLLOW_UP}' AND NOT bool_or(t.value IS NOT NULL)"
    found = store.con.execute(
        f"SELECT min(s.lead) FROM ({lower_accounts(scores.plan, scores.table)}) a "
        f"JOIN {scores.table} s ON s.account = a.account AND s.rating IS NOT NULL JOIN identifiers i ON i.value = s.lead "
        "LEFT JOIN standings n ON n.person = i.who LEFT JOIN handed h ON h.person = i.who "
        "LEFT JOIN tasked t ON t.kind = i.kind AND t.value = s.lead GROUP BY a.account HAVING "
        f"(NOT {settled} AND (({meets} AND NOT {has}) OR (NOT {meets} AND ({has} OR {ripe})) OR (({due} OR any_value({drawn})) AND NOT {ripe}))) "
        f"OR ({open_task} AND {action} <> '{FOLLOW_UP}') OR (bool_or(s.raised) AND {settled} AND NOT {open_task})"
    ).fetchall()
    return {lead for (lead,) in found}
