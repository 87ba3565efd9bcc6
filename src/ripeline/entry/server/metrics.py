"""What the server did, as Prometheus reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ripeline.entry.server.intake import Counts
from ripeline.handoff.retry import STATES
from ripeline.vocabulary.handoffs import STATES as HANDOFF_STATES


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the server is.

    lag_s: how long ago the oldest request was received that is not applied yet. fingerprints: of the definitions
    that are live, by name. messages: how many stand in the outbox, by state. handoffs: how many there are, by state.
    nowhere: leads that met a definition and were in no queue when everybody was looked at last.
    """

    accepted: int
    applied: int
    lag_s: float
    compactions: int
    fingerprints: Mapping[str, str]
    messages: Mapping[str, int]
    handoffs: Mapping[str, int]
    nowhere: int


def metrics_text(counts: Counts, progress: Progress) -> str:
    """Return counters and gauges in Prometheus' text form."""
    lines = [
        _metric("ripeline_requests_accepted_total", "counter", "Requests that are safe in the inbox.", counts.accepted),
        _metric("ripeline_requests_retried_total", "counter", "Requests sent again by a client.", counts.retried),
        _metric("ripeline_unknown_key_total", "counter", "Requests refused for their write key.", counts.unknown_key),
        _metric("ripeline_unreadable_total", "counter", "Requests without readable events.", counts.unreadable),
        _metric("ripeline_unavailable_total", "counter", "Requests that could not be stored.", counts.unavailable),
        _metric("ripeline_position_accepted", "gauge", "Last position in the inbox.", progress.accepted),
        _metric("ripeline_position_applied", "gauge", "Last position that is applied.", progress.applied),
        _metric("ripeline_apply_lag_seconds", "gauge", "Age of the oldest request not applied yet.", progress.lag_s),
        _metric("ripeline_compactions_total", "counter", "Times the inbox was written to files.", progress.compactions),
        "# HELP ripeline_limited_total Requests refused because too much came, by the limit.",
        "# TYPE ripeline_limited_total counter",
        *(f'ripeline_limited_total{{by="{by}"}} {count}' for by, count in sorted(counts.limited.items())),
        "# HELP ripeline_answers_total Answers of the intake by status.",
        "# TYPE ripeline_answers_total counter",
        *(f'ripeline_answers_total{{status="{status}"}} {count}' for status, count in sorted(counts.by_status.items())),
        "# HELP ripeline_outbox_messages Messages in the outbox by state.",
        "# TYPE ripeline_outbox_messages gauge",
        *(f'ripeline_outbox_messages{{state="{one}"}} {progress.messages.get(one, 0)}' for one in STATES),
        "# HELP ripeline_handoffs Handoffs by state.",
        "# TYPE ripeline_handoffs gauge",
        *(f'ripeline_handoffs{{state="{one}"}} {progress.handoffs.get(one, 0)}' for one in HANDOFF_STATES),
        _metric(
            "ripeline_leads_nowhere", "gauge", "Leads that meet a definition and are in no queue.", progress.nowhere
        ),
        "# HELP ripeline_definition_info Which version of each definition scores are made with.",
        "# TYPE ripeline_definition_info gauge",
        *(
            f'ripeline_definition_info{{name="{_label(name)}",fingerprint="{fingerprint}"}} 1'
            for name, fingerprint in progress.fingerprints.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _metric(name: str, kind: str, meaning: str, value: float) -> str:
    return f"# HELP {name} {meaning}\n# TYPE {name} {kind}\n{name} {value}"


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
