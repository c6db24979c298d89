"""Finish a run: from frozen decisions to effects, balances, wallets, tags and outbox, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from campaign_dsl.compile.plan.model import BUDGETED, Step
from campaign_dsl.language.ir.funnel import FUNNEL, LOST_STAGES
from campaign_dsl.outcomes.message import MessageStep
from campaign_dsl.run.engines.protocol import TOTAL_COLUMNS
from campaign_dsl.run.ledger.decide import load_needs, needed
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.ledger.outbox import enqueue
from campaign_dsl.run.ledger.result import Given, Progress, RunResult
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.ledger.unfinished import Effects, Unfinished

_NO_BUDGET = 2**62


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
    before = int(ledger.value("last_effect"))
    effects = _add_effects(ledger, todo, before, progress)
    for step in plan.steps:
        _carry_out(ledger, step, effects[step.number])
    by_kind: dict[str, int] = {}
    for step in plan.steps:
        by_kind[step.kind] = by_kind.get(step.kind, 0) + effects[step.number].count
    points = ledger.value("given_points", before=before)
    for kind, unit in BUDGETED.items():
        amount = points if kind == "points" else by_kind.get(kind, 0)
        ledger.do("spend", campaign=todo.campaign, unit=unit, amount=amount)
    enqueue(ledger, todo, effects, max_items)
    remaining = funnel(todo.totals, dict(ledger.rows("lost_counts", run=todo.run)))
    ledger.do("run_is_done", run=todo.run, funnel=json.dumps(remaining), finished_at=micros(now))
    return RunResult(
        campaign=plan.campaign,
        as_of=todo.as_of,
        run_day=todo.run_day,
        digest=todo.digest,
        funnel=remaining,
        outcomes={kind: Given(n, points if kind == "points" else n) for kind, n in by_kind.items()},
        messages={step.message: effects[step.number].count for step in plan.steps if isinstance(step, MessageStep)},
        set_aside=set_aside(todo.totals),
        samples=tuple(json.loads(text) for (text,) in ledger.rows("first_documents", before=before, most=samples)),
    )


def _add_effects(ledger: Ledger, todo: Unfinished, before: int, progress: Progress) -> dict[int, Effects]:
    """Write the effects, step by step: those of one step have consecutive ids, so that later statements find them."""
    first, last = ledger.row("decision_range", run=todo.run)
    began = before
    effects: dict[int, Effects] = {}
    for done, step in enumerate(todo.plan.steps, 1):
        count = ledger.do(
            "add_effects", number=step.number, first=first, last=last, run=todo.run, as_of=micros(todo.as_of)
        )
        effects[step.number] = Effects(before + 1, count)
        before += count
        progress("give", done, len(todo.plan.steps))
    ledger.grown(before - began, "effect")
    assert before == ledger.value("last_effect"), "the effects of a run must have consecutive ids"
    return effects


_STATEMENTS = {
    "points": "add_transfers",
    "offer": "add_wallet_offers",
    "tag": "change_tags",
    "untag": "change_tags",
    **dict.fromkeys(("attribute", "subscription", "reward", "code"), "request_changes"),
    "event": "request_events",
}


def _carry_out(ledger: Ledger, step: Step, effects: Effects) -> None:
    """Everything but messages: those go to the outbox when all the others are written, because they quote them."""
    if step.kind not in _STATEMENTS:
        return
    done = ledger.do(_STATEMENTS[step.kind], **effects.span)
    assert done == effects.count, f"{step.outcome}: {done} of {effects.count} carried out"


def set_aside(totals: Mapping[str, int]) -> dict[str, int]:
    """Why customers could not be read, and how many; what the engine gave no reason for is `unreadable`."""
    reasons = {reason: n for reason, n in totals.items() if reason not in TOTAL_COLUMNS and n}
    unexplained = totals["customers"] - totals["readable"] - sum(reasons.values())
    return reasons | ({"unreadable": unexplained} if unexplained else {})


def _cut_to_budget(ledger: Ledger, todo: Unfinished) -> None:
    found = ledger.rows("budget_left", campaign=todo.campaign)
    left = {unit: _NO_BUDGET if rest is None else rest for unit, rest in found}
    # The running sums cost a pass over a million rows; nearly always everything fits.
    if any(amount > left[unit] for unit, amount in needed(ledger, todo.run).items()):
        over = ledger.value("first_over_budget", run=todo.run, **left)
        ledger.do("lose_over_budget", run=todo.run, first=over)
