"""Who a campaign is: its identity over edits and renames, and the plan it runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from campaign_dsl.compile.plan.model import BudgetUnit, Plan
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.problems import EnvironmentProblem

UNITS: tuple[str, ...] = get_args(BudgetUnit)
"""What budgets count, in the order in which statements name them."""


def known_campaign(ledger: Ledger, plan: Plan) -> int | None:
    """The campaign's id in the ledger, or None when it never ran. Writes nothing.

    A campaign that was renamed, and says so with `formerly`, is the one it was.

    Raises:
        EnvironmentProblem: the names do not point to one campaign: `formerly` names a campaign that lives on under
            its name or another, or the campaign's own name is one that another campaign gave up, or `formerly` has
            lost the first name. A guess would give things twice, or never again, or move people between groups.
    """
    found: dict[int, str] = {}
    first = ""
    for name in (plan.campaign, *plan.formerly):
        row = ledger.row("find_campaign", name=name)
        if row is not None:
            found[row[0]], first = row[1], row[2]
    if len(found) > 1:
        names = " and ".join(f"`{name}`" for name in found.values())
        raise EnvironmentProblem(
            f"`{plan.campaign}` and its `formerly` mean different campaigns of this ledger: {names}",
            help="take `formerly` out: each campaign keeps what it gave",
            code="LED011",
        )
    for campaign_id, current in found.items():
        if current != plan.campaign and current not in plan.formerly:
            raise EnvironmentProblem(
                f"`{plan.campaign}`, or its `formerly`, is a former name of the campaign `{current}`",
                help=f"choose another name, or write `formerly {current}` if it is the same campaign",
                code="LED011",
            )
        if first != _first_name(plan):
            others = ", ".join(["", *(name for name in plan.formerly if name != first)])
            raise EnvironmentProblem(
                f"`{plan.campaign}` was called `{first}` first, and its `formerly` does not begin with that",
                help=f"write `formerly {first}{others}`: holdouts and tests are drawn by the first name",
                code="LED011",
            )
        return campaign_id
    return None


def _first_name(plan: Plan) -> str:
    return plan.formerly[0] if plan.formerly else plan.campaign


def register(ledger: Ledger, plan: Plan) -> tuple[int, int]:
    """The ids of the campaign and of the plan, entered where they are new. Inside the caller's transaction.

    Raises:
        EnvironmentProblem: see `known_campaign`.
    """
    campaign = known_campaign(ledger, plan)
    if campaign is None:
        ledger.do("add_campaign", name=plan.campaign, first=_first_name(plan))
        campaign = int(ledger.row("find_new_campaign", name=plan.campaign)[0])
    ledger.do("rename_campaign", campaign=campaign, name=plan.campaign)
    for name in (*plan.formerly, plan.campaign):
        ledger.do("add_campaign_name", campaign=campaign, name=name)
    digest = plan.digest
    if ledger.row("find_plan", digest=digest) is None:
        ledger.do("add_plan", campaign=campaign, digest=digest, body=plan.canonical())
        entered = ledger.value("find_plan", digest=digest)
        steps = json.loads(plan.canonical())["steps"]
        ledger.fill("add_outcome", ({"name": step["outcome"]} for step in steps))
        ledger.fill("add_step", (_row(step, entered) for step in steps))
        ledger.fill("add_step_list", (row for step in steps for row in _lists(step, entered)))
    for unit in UNITS:
        amounts = [budget.amount for budget in plan.budgets if budget.unit == unit]
        ledger.do("open_budget", campaign=campaign, unit=unit)
        ledger.do("set_ceiling", campaign=campaign, unit=unit, amount=min(amounts, default=None))
    return campaign, int(ledger.value("find_plan", digest=digest))


def _row(step: dict[str, Any], plan: int) -> dict[str, Any]:
    """A step of the canonical plan as the ledger unfolds it."""
    named = {key: step.get(key) for key in _AS_THEY_ARE}
    quiet = step.get("quiet") or {}
    return named | {
        "plan": plan,
        "clause": step["where"],
        "delay": step["delay_seconds"],
        "life_seconds": step.get("expires_after_seconds") or step.get("ttl_seconds"),
        "computed": int(step.get("computed", step["kind"] == "points" and step["amount"] is None)),
        "quiet_start": quiet.get("start"),
        "quiet_end": quiet.get("end"),
        "body": json.dumps(step, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    }


_AS_THEY_ARE = (
    "number", "outcome", "kind", "choice", "amount", "at_most", "source", "account", "offer", "tag", "message",
    "provider",
)  # fmt: skip


def _lists(step: dict[str, Any], plan: int) -> Iterator[dict[str, Any]]:
    if step["kind"] == "message":
        for name in dict.fromkeys(step["suppression_lists"]):
            yield {"plan": plan, "number": step["number"], "list": name}
