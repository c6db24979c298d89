"""What a ledger remembers of a campaign's earlier runs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.register import known_campaign
from campaign_dsl.run.ledger.store import MISSING, Ledger
from campaign_dsl.run.problems import EnvironmentProblem


def last_run_day(path: Path, plan: Plan) -> date | None:
    """The latest calendar day the campaign was run for; None before its first run, and when there is no ledger yet.

    Raises:
        EnvironmentProblem: the ledger cannot be read.
    """
    try:
        with Ledger.open(path, create=False) as ledger:
            campaign = known_campaign(ledger, plan)
            found = None if campaign is None else ledger.value("last_run_day", campaign=campaign)
    except EnvironmentProblem as problem:
        # Also the file of a first run that was killed before it had made its tables.
        if problem.code != MISSING:
            raise
        return None
    return None if found is None else date.fromisoformat(found)
