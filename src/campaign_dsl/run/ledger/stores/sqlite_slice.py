"""A slice of a ledger in a SQLite file: attached to the copy, and only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from sqlite3 import OperationalError
from urllib.parse import quote

from campaign_dsl.run.ledger.stores.sqlite import SQLiteLedger

_ABOUT_CAMPAIGN = ("plans", "outcomes", "steps", "step_lists", "runs", "budgets", "unfinished_decisions")


class SQLiteSource:
    """See `preview.Source`.

    Args:
        original: stays open for as long as the copy is made: SQLite puts two files beside it to read, which only a
            connection that may write removes.
    """

    def __init__(self, original: SQLiteLedger) -> None:
        self._original = original

    def names(self, copy: SQLiteLedger) -> None:
        with self._attached(copy):
            copy.do("copy_campaigns")
            copy.do("copy_campaign_names")

    def campaign(self, copy: SQLiteLedger, campaign: int | None) -> None:
        with self._attached(copy):
            for name in _ABOUT_CAMPAIGN:
                copy.do(f"copy_{name}", campaign=campaign)

    def decisions(self, copy: SQLiteLedger, campaign: int) -> None:
        with self._attached(copy):
            copy.do("copy_decisions", campaign=campaign)

    @contextmanager
    def _attached(self, copy: SQLiteLedger) -> Iterator[None]:
        """The real ledger, read-only, as `kept`, in one transaction: all that is copied is of the same moment."""
        path = self._original.path
        with self._original.explained():
            copy.connection.execute("ATTACH DATABASE ? AS kept", (f"file:{quote(str(path.resolve()))}?mode=ro",))
            try:
                with copy.writing():
                    yield
            finally:
                with suppress(OperationalError):
                    copy.connection.execute("DETACH DATABASE kept")
