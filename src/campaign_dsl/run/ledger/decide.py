"""Freeze decisions: from candidates in staging to a run that is decided, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.instants import due_at, limit_days, micros
from campaign_dsl.run.ledger.register import UNITS, known_campaign, register
from campaign_dsl.run.ledger.store import ConstraintError, Ledger
from campaign_dsl.run.problems import DataProblem, DoubledProblem, GateProblem


@dataclass(frozen=True, slots=True)
class Request:
    """Which run is asked for, by whom, and when on the wall clock."""

    plan: Plan
    as_of: datetime
    run_day: date
    actor: str
    now: datetime


def decide(ledger: Ledger, request: Request, totals: Mapping[str, int]) -> bool:
    """Freeze the candidates in staging as decisions of the run, in one transaction.

    Limits and the gate are judged here, where a refusal leaves nothing behind. Nothing is lost to the order of this:
    until the run is done, no other run of the campaign can decide anything.

    Returns:
        Whether the run is frozen now, by us or by another process that was faster; False when another run of the
        campaign has to be finished first.

    Raises:
        DataProblem: a candidate lacks a value or appears twice. Nothing was written.
        GateProblem: more offers than anyone approved. Nothing was written.
        EnvironmentProblem: see `Ledger.writing`.
    """
    plan = request.plan
    try:
        with ledger.writing():
            known = known_campaign(ledger, plan)
            if known is not None:
                if ledger.row("find_run", campaign=known, as_of=micros(request.as_of), digest=plan.digest):
                    return True
                if ledger.row("find_unfinished", campaign=known):
                    return False
            campaign, plan_id = register(ledger, plan)
            ledger.do(
                "add_run",
                campaign=campaign,
                plan=plan_id,
                as_of=micros(request.as_of),
                run_day=request.run_day.isoformat(),
                actor=request.actor,
                started_at=micros(request.now),
                totals=json.dumps(dict(totals), sort_keys=True),
            )
            run = int(ledger.row("find_run", campaign=campaign, as_of=micros(request.as_of), digest=plan.digest)[0])
            _freeze(ledger, plan, campaign, run)
            load_needs(ledger, run, plan_id)
            _refuse_fractions(ledger, run)
            _gate(ledger, plan, campaign, run)
            ledger.do("run_is_decided", run=run)
    except ConstraintError as error:
        raise _what_is_wrong(ledger, error) from error
    return True


def load_needs(ledger: Ledger, run: int, plan_id: int) -> None:
    """Fill the temporary tables `applies`, `need` and `amount`: what the decisions of this run give."""
    for table in ("applies", "need", "amount"):
        ledger.do(f"make_{table}")
        ledger.do(f"clear_{table}")
    ledger.do("fill_applies", run=run, plan=plan_id)
    ledger.do("fill_need")
    ledger.do("fill_amount", run=run)


def needed(ledger: Ledger, run: int) -> dict[str, int]:
    """What the run's decisions take from each budget together, by its unit."""
    return dict(zip(UNITS, ledger.row("total_need", run=run), strict=True))


def _refuse_fractions(ledger: Ledger, run: int) -> None:
    if examples := ledger.rows("find_fractional", run=run):
        raise DataProblem(f"a formula gave something else than whole points: {_listed(examples)}", code="DAT014")


def _freeze(ledger: Ledger, plan: Plan, campaign: int, run: int) -> None:
    ledger.do("make_instant")
    ledger.do("clear_instant")
    ledger.fill(
        "add_instant",
        (
            {"zone": zone, "occurrence_day": day, "occurrence_time": at, "due_at": due_at(zone, day, at)}
            for zone, day, at in ledger.rows("staged_instants")
        ),
    )
    decided_before = ledger.value("has_decided", campaign=campaign)
    if decided_before:
        ledger.do("lose_decided", campaign=campaign)
        times = [trigger.at for trigger in plan.triggers if trigger.kind == "schedule"]
        if times:
            ledger.do("lose_moved", campaign=campaign, times=f",{','.join(times)},")
    ledger.grown(ledger.do("freeze", run=run, campaign=campaign), "decision")
    most = ledger.value("most_candidates", run=run) or 0
    if plan.limits and (decided_before or most > 1):
        _lose_limited(ledger, plan, run, most)


def _lose_limited(ledger: Ledger, plan: Plan, run: int, most: int) -> None:
    ledger.do("make_limit_window")
    ledger.do("clear_limit_window")
    days = [day for (day,) in ledger.rows("decided_days", run=run)]
    windows = ((limit, day, *limit_days(limit, day)) for limit in plan.limits for day in days)
    ledger.fill(
        "add_limit_window",
        (
            {"occurrence_day": day, "most": limit.count, "first_day": first, "last_day": last}
            for limit, day, first, last in windows
        ),
    )
    for nth in range(1, most + 1):
        ledger.do("lose_limited", run=run, nth=nth)


def _gate(ledger: Ledger, plan: Plan, campaign: int, run: int) -> None:
    """More offers than anyone approved: of this run, and without a budget of all runs together."""
    budgets = [budget for budget in plan.budgets if budget.unit == "offers"]
    if any(budget.approved_by for budget in budgets):
        return
    offers = needed(ledger, run)["offers"]
    before = 0 if budgets else ledger.value("offers_given", campaign=campaign) or 0
    if offers and before + offers > plan.offers_gate:
        raise GateProblem(
            f"`{plan.campaign}` would issue {offers:,} offers in this run"
            + (f" after {before:,} earlier ones" if before else "")
            + f"; more than {plan.offers_gate:,} need an approver",
            help="name one in the offers budget with `approved by`, or narrow the audience",
        )


def _listed(examples: list[Any]) -> str:
    return ", ".join(f"`{customer}` ({occurrence})" for customer, occurrence in examples)


def _what_is_wrong(ledger: Ledger, error: ConstraintError) -> Exception:
    """The constraint that stopped the freeze, in words about the data; our own mistakes are left as they are."""
    for query, words in (
        ("find_missing", "lacks its key, occurrence, day, time, zone, steps or context"),
        ("find_doubled", "appears more than once"),
        ("find_malformed", "has a stage, steps or context that cannot be"),
    ):
        examples = ledger.rows(query)
        if examples:
            listed = _listed(examples)
            kind = DoubledProblem if query == "find_doubled" else DataProblem
            return kind(f"a candidate {words}: {listed}", code="DAT012")
    return error
