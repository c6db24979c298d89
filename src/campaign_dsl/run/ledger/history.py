"""What a ledger remembers of a campaign's earlier runs."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.place import Place
from campaign_dsl.run.ledger.register import known_campaign
from campaign_dsl.run.ledger.store import found
from campaign_dsl.run.problems import GateProblem


def refuse_unsaid_rename(place: Place, plan: Plan, claimed: Collection[str]) -> None:
    """Stop a campaign that looks like another one under a new name.

    It is new to the ledger, and gives what a campaign gave that no file claims any more: given again under a new name,
    it would reach everybody a second time.

    Args:
        claimed: names of the workspace's campaigns, their former names, and the retired ones.

    Raises:
        GateProblem: the rename is not said.
        EnvironmentProblem: the ledger cannot be read.
    """
    with found(place) as ledger:
        if ledger is None or known_campaign(ledger, plan) is not None:
            return
        outcomes = dict.fromkeys(step.outcome for step in plan.steps)
        giving = {name for each in outcomes for (name,) in ledger.rows("campaigns_giving", outcome=each)}
    gone = sorted(giving - set(claimed))
    if gone:
        raise GateProblem(
            f"`{plan.campaign}` gives what `{gone[0]}` gave, and `{gone[0]}` has no file any more: was it renamed?",
            help=f"write `formerly {gone[0]}` in `{plan.campaign}`; or, when it really is another campaign, add "
            f"`{gone[0]}` to `retired` in workspace.yaml",
            code="GATE002",
        )


def refuse_other_occasions(place: Place, plan: Plan) -> None:
    """Stop a campaign that now happens on other occasions than those it gave for.

    Occurrence keys of another family name no occasion that was decided, so everybody would be given everything again,
    by an edit. Further triggers beside the old ones are what they say.

    Raises:
        GateProblem: an old family is gone and a new one has come.
        EnvironmentProblem: the ledger cannot be read.
    """
    with found(place) as ledger:
        campaign = None if ledger is None else known_campaign(ledger, plan)
        if ledger is None or campaign is None:
            return
        plans = [json.loads(body) for (body,) in ledger.rows("plans_decided", campaign=campaign)]
    before = sorted({trigger["family"] for each in plans for trigger in each["triggers"]})
    now = [trigger.family for trigger in plan.triggers]
    gone = [family for family in before if family not in now]
    new = [family for family in now if family not in before]
    if gone and new:
        raise GateProblem(
            f"`{plan.campaign}` gave what it gives on `{gone[0]}`, and would give it again on `{new[0]}`",
            help=f"give it a new name, and add `{plan.campaign}` to `retired` in workspace.yaml; or keep the old "
            "trigger beside the new one",
            code="GATE003",
        )


def last_run_day(place: Place, plan: Plan) -> date | None:
    """The latest calendar day the campaign was run for; None before its first run, and when there is no ledger yet.

    Raises:
        EnvironmentProblem: the ledger cannot be read.
    """
    with found(place) as ledger:
        campaign = None if ledger is None else known_campaign(ledger, plan)
        day = None if ledger is None or campaign is None else ledger.value("last_run_day", campaign=campaign)
    return None if day is None else date.fromisoformat(day)
