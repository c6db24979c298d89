"""Results of campaigns, computed from ledger rows alone, so that sums reconcile with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from campaign_dsl.run.ledger.store import Ledger


def report(ledger: Ledger, campaign: str | None = None, *, now: datetime | None = None) -> dict[str, Any]:
    """Results of every campaign, or of one, as a JSON-able value.

    Args:
        now: the instant at which points and offers count as expired; default: the latest run's ``as_of``.
    """
    raise NotImplementedError
