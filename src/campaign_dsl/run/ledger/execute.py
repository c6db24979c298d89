"""Run a plan: evaluate, freeze, give; or say what would happen, with the same statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.result import MAX_ITEMS, Candidates, Progress, RunResult, Suppressions, Totals, silent
from campaign_dsl.run.ledger.store import Ledger


def execute_run(
    ledger: Ledger,
    plan: Plan,
    *,
    as_of: datetime,
    run_day: date,
    totals: Totals,
    candidates: Candidates,
    suppressed: Suppressions | None = None,
    max_items: Mapping[str, int] = MAX_ITEMS,
    samples: int = 3,
    actor: str | None = None,
    progress: Progress = silent,
) -> RunResult:
    """Run ``plan`` once for the instant ``as_of``; call it again after any interruption."""
    raise NotImplementedError


def preview_run(
    path: Path,
    plan: Plan,
    *,
    as_of: datetime,
    run_day: date,
    totals: Totals,
    candidates: Candidates,
    max_items: Mapping[str, int] = MAX_ITEMS,
    samples: int = 3,
    progress: Progress = silent,
) -> RunResult:
    """What `execute_run` would do to the ledger at ``path``, which need not exist and is not written."""
    raise NotImplementedError
