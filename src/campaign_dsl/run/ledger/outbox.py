"""Put the messages of a run into the outbox: documents, packages, and the time in which each may leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.run.ledger.documents import written_view
from campaign_dsl.run.ledger.instants import awake_at, due_at, micros
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.ledger.unfinished import Effects, Unfinished

_BLANKS = "\t\n\v\f\r "
"""No mail address has one of these."""


def enqueue(ledger: Ledger, todo: Unfinished, effects: Mapping[int, Effects], max_items: Mapping[str, int]) -> None:
    """Write a message for each message effect, and the packages they leave in. Inside the caller's transaction."""
    messages = [step for step in todo.plan.steps if isinstance(step, MessageStep)]
    if not messages:
        return
    for table in ("slot", "wording", "award", "letter", "place"):
        ledger.do(f"make_{table}")
        ledger.do(f"clear_{table}")
    ledger.do("drop_written")
    ledger.do("drop_quoted")
    ledger.do("make_quoted")
    several = len({step.address_attribute for step in messages} - {None}) > 1
    steps = dict(ledger.rows("step_ids", plan=todo.plan_id))
    pairs = ledger.rows("due_pairs", run=todo.run)
    ledger.do("fill_wording", plan=todo.plan_id)
    for step in todo.plan.steps:
        if step.kind in ("points", "offer"):
            ledger.do("fill_award", kind=step.kind, **effects[step.number].span)
    for step in messages:
        ledger.fill("add_slot", _slots(step, steps[step.number], pairs, todo, max_items))
        ledger.do("fill_letter", several=several, blanks=_BLANKS, **effects[step.number].span)
    # The pass over all messages is needed only where one recipient can have two of them.
    if (ledger.value("most_candidates", run=todo.run) or 0) > 1 or any(step.identifier == "email" for step in messages):
        ledger.do("layer_letters")
    ledger.do("fill_place")
    ledger.do("add_packages")
    for step in messages:
        ledger.do("drop_written")
        ledger.run_text(written_view(ledger.json, todo.plan, step, todo.as_of))
        done = ledger.do("add_messages", as_of=micros(todo.as_of), **effects[step.number].span)
        assert done == effects[step.number].count, f"{step.outcome}: {done} of {effects[step.number].count} messages"
    ledger.do("drop_written")


def _slots(
    step: MessageStep, step_id: int, pairs: list[Any], todo: Unfinished, max_items: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """When messages of ``step`` may leave, for each zone and due instant.

    Not before they are due (the occurrence and the step's delay after it), not before the run, and not in the quiet
    hours where the customer is. They expire ``expires_after_seconds`` after the instant they are due, not after the
    one they may leave at: "happy birthday" is late by the calendar, whatever held it up. And all
    of them do when the campaign's last day is over where its zone rule falls back to.
    """
    size = 1 if step.provider is None else max_items.get(step.provider, 1)
    last = todo.plan.runs_until
    over = last and due_at(todo.plan.zone.default, (last + timedelta(days=1)).isoformat(), "00:00")
    for zone, due in pairs:
        life, meant = step.expires_after_seconds, due + step.delay_seconds * 1_000_000
        ends = [end for end in (life and meant + life * 1_000_000, over) if end is not None]
        yield {
            "step": step_id,
            "zone": zone,
            "due_at": due,
            "not_before": awake_at(max(meant, micros(todo.as_of)), zone, step.quiet),
            "expires_at": min(ends, default=None),
            "size": size,
        }
