"""Finish a run: from frozen decisions to effects, balances, wallets, tags and outbox, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campaign_dsl.compile.plan.model import FUNNEL, LOST_STAGES, Plan
from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.run.engines.protocol import TOTAL_COLUMNS
from campaign_dsl.run.ledger.decide import load_needs
from campaign_dsl.run.ledger.documents import written_view
from campaign_dsl.run.ledger.instants import awake_at, instant, micros
from campaign_dsl.run.ledger.result import Given, Progress, RunResult
from campaign_dsl.run.ledger.store import Ledger

_NO_BUDGET = 2**62


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run whose decisions are frozen, as the ledger holds it."""

    run: int
    plan_id: int
    campaign: int
    as_of: datetime
    run_day: date
    totals: dict[str, int]
    digest: str
    plan: Plan

    @classmethod
    def find(cls, ledger: Ledger, campaign: int) -> Unfinished | None:
        """The campaign's unfinished run; there is one at most."""
        row = ledger.row("find_unfinished", campaign=campaign)
        if row is None:
            return None
        run, plan_id, as_of, run_day, totals, digest, body = row
        plan = Plan.model_validate_json(body)
        day = date.fromisoformat(run_day)
        return cls(run, plan_id, campaign, instant(as_of), day, json.loads(totals), digest, plan)


def finish(
    ledger: Ledger, todo: Unfinished, max_items: Mapping[str, int], samples: int, now: datetime, progress: Progress
) -> RunResult | None:
    """Write everything the run gives, in one transaction.

    Returns:
        None when another process finished it first.

    Raises:
        EnvironmentProblem: see `Ledger.writing`. Nothing was written; the run can be finished later.
    """
    with ledger.writing():
        still = ledger.row("find_unfinished", campaign=todo.campaign)
        if still is None or still[0] != todo.run:
            return None
        return _finish(ledger, todo, max_items, samples, now, progress)


def funnel(totals: Mapping[str, int], lost: Mapping[str | None, int]) -> dict[str, int]:
    """How many remain at each stage of `FUNNEL`, from the engine's totals and what each later stage lost."""
    remaining = {stage: totals[stage] for stage in TOTAL_COLUMNS}
    left = remaining["behavior"] = sum(lost.values())
    for stage in LOST_STAGES:
        left -= lost.get(stage, 0)
        remaining[stage] = left
    assert tuple(remaining) == FUNNEL
    return remaining


def _finish(
    ledger: Ledger, todo: Unfinished, max_items: Mapping[str, int], samples: int, now: datetime, progress: Progress
) -> RunResult:
    plan = todo.plan
    load_needs(ledger, todo.run, todo.plan_id)
    _cut_to_budget(ledger, todo)
    first, last = ledger.row("decision_range", run=todo.run)
    before = int(ledger.value("last_effect"))
    counts: dict[int, int] = {}
    for done, step in enumerate(plan.steps, 1):
        counts[step.number] = ledger.do("add_effects", number=step.number, first=first, last=last, run=todo.run)
        progress("give", done, len(plan.steps))
    as_of = micros(todo.as_of)
    for name in ("add_transfers", "add_wallet_offers", "set_tags"):
        ledger.do(name, before=before, as_of=as_of)
    points, offers = ledger.value("given_points", before=before), ledger.value("given_offers", before=before)
    for unit, amount in (("points", points), ("offers", offers)):
        ledger.do("spend", campaign=todo.campaign, unit=unit, amount=amount)
    _enqueue(ledger, todo, max_items, first, last, before)
    unmatched = ledger.value("unmatched_effects", before=before)
    assert unmatched == 0, f"{unmatched} effects were not carried out"
    remaining = funnel(todo.totals, dict(ledger.rows("lost_counts", run=todo.run)))
    ledger.do("run_is_done", run=todo.run, funnel=json.dumps(remaining), finished_at=micros(now))
    kinds = dict.fromkeys(step.kind for step in plan.steps)
    by_kind = {kind: sum(counts[step.number] for step in plan.steps if step.kind == kind) for kind in kinds}
    return RunResult(
        campaign=plan.campaign,
        as_of=todo.as_of,
        run_day=todo.run_day,
        digest=todo.digest,
        funnel=remaining,
        outcomes={kind: Given(n, points if kind == "points" else n) for kind, n in by_kind.items()},
        messages={step.message: counts[step.number] for step in plan.steps if isinstance(step, MessageStep)},
        set_aside=set_aside(todo.totals),
        samples=tuple(json.loads(text) for (text,) in ledger.rows("first_documents", before=before, most=samples)),
    )


def set_aside(totals: Mapping[str, int]) -> dict[str, int]:
    """Why customers could not be read, and how many; what the engine gave no reason for is `unreadable`."""
    reasons = {reason: n for reason, n in totals.items() if reason not in TOTAL_COLUMNS and n}
    unexplained = totals["customers"] - totals["readable"] - sum(reasons.values())
    return reasons | ({"unreadable": unexplained} if unexplained else {})


def _cut_to_budget(ledger: Ledger, todo: Unfinished) -> None:
    left = dict(ledger.rows("budget_left", campaign=todo.campaign))
    points, offers = (_NO_BUDGET if left[unit] is None else left[unit] for unit in ("points", "offers"))
    points_needed, offers_needed = ledger.row("total_need", run=todo.run)
    # The running sums cost a pass over a million rows; nearly always everything fits.
    if points_needed > points or offers_needed > offers:
        over = ledger.value("first_over_budget", run=todo.run, points=points, offers=offers)
        ledger.do("lose_over_budget", run=todo.run, first=over)


def _enqueue(
    ledger: Ledger, todo: Unfinished, max_items: Mapping[str, int], first: int, last: int, before: int
) -> None:
    messages = [step for step in todo.plan.steps if isinstance(step, MessageStep)]
    if not messages:
        return
    for table in ("slot", "text", "award", "letter", "place"):
        ledger.do(f"make_{table}")
        ledger.do(f"clear_{table}")
    ledger.do("make_quoted")
    steps = dict(ledger.rows("step_ids", plan=todo.plan_id))
    pairs = ledger.rows("due_pairs", first=first, last=last, run=todo.run)
    for step in messages:
        ledger.fill("add_slot", _slots(step, steps[step.number], pairs, todo.as_of, max_items))
    ledger.do("fill_text", plan=todo.plan_id)
    for kind in ("points", "offer"):
        ledger.do("fill_award", before=before, kind=kind)
    ledger.do("fill_letter", before=before)
    ledger.do("layer_letters")
    ledger.do("fill_place")
    ledger.do("add_packages")
    for step in messages:
        ledger.do("drop_written")
        ledger.connection.execute(written_view(todo.plan, step, todo.as_of))
        ledger.do("add_messages", step=steps[step.number], as_of=micros(todo.as_of))
    ledger.do("drop_written")


def _slots(
    step: MessageStep, step_id: int, pairs: list[Any], as_of: datetime, max_items: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """When messages of ``step`` may leave, for each zone and due instant.

    Not before they are due, not before the run, and not in the quiet hours where the customer is. They expire
    ``expires_after_seconds`` after the instant they are due, not after the one they may leave at: "happy birthday" is
    late by the calendar, whatever held it up.
    """
    for zone, due in pairs:
        life = step.expires_after_seconds
        yield {
            "step": step_id,
            "zone": zone,
            "due_at": due,
            "not_before": awake_at(max(due, micros(as_of)), zone, step.quiet),
            "expires_at": None if life is None else due + life * 1_000_000,
            "size": max_items.get(step.provider, 1),
        }
