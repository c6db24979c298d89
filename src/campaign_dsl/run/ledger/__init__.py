"""The ledger: decisions and their effects, exactly once, in one SQLite file."""

from campaign_dsl.run.ledger.execute import execute_run, preview_run
from campaign_dsl.run.ledger.result import MAX_ITEMS, Given, RunResult, Suppressions
from campaign_dsl.run.ledger.store import Ledger

__all__ = ["MAX_ITEMS", "Given", "Ledger", "RunResult", "Suppressions", "execute_run", "preview_run"]
