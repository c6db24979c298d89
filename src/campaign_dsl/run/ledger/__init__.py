"""The ledger: decisions and their effects, exactly once, in a SQLite file or a schema of PostgreSQL."""

from campaign_dsl.run.ledger.execute import execute_run, preview_run
from campaign_dsl.run.ledger.place import Place, PostgresPlace
from campaign_dsl.run.ledger.result import MAX_ITEMS, Given, RunResult, Suppressions
from campaign_dsl.run.ledger.store import Ledger

__all__ = [
    "MAX_ITEMS", "Given", "Ledger", "Place", "PostgresPlace", "RunResult", "Suppressions", "execute_run", "preview_run",
]  # fmt: skip
