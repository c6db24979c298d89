"""A run whose decisions are frozen and whose effects are not written yet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.instants import instant
from campaign_dsl.run.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What the ledger itself holds about the run: finishing it needs nothing else."""

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


@dataclass(frozen=True, slots=True)
class Effects:
    """The effects of one step in one run: ``count`` of them, with consecutive ids from ``first`` on."""

    first: int
    count: int

    @property
    def span(self) -> dict[str, int]:
        """The first and the last id, as the statements name them."""
        return {"first": self.first, "last": self.first + self.count - 1}
