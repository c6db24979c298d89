"""A throw-away ledger with what one campaign's next run depends on, copied from the real one without writing to it.

It is a SQLite file, whatever store the real one is in: a preview that ran inside PostgreSQL and was rolled back would
write there all the same, hold locks that others wait for, and need more rights than to read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol, cast

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.place import Place
from campaign_dsl.run.ledger.register import known_campaign
from campaign_dsl.run.ledger.store import Ledger, found
from campaign_dsl.run.ledger.stores.sqlite import SQLiteLedger
from campaign_dsl.run.ledger.stores.sqlite_slice import SQLiteSource


class Source(Protocol):
    """The real ledger. What one method copies is of one moment."""

    def names(self, copy: SQLiteLedger) -> None:
        """Copy every campaign's names."""
        ...

    def campaign(self, copy: SQLiteLedger, campaign: int | None) -> None:
        """Copy a campaign's plans, runs, budgets and unfinished decisions."""
        ...

    def decisions(self, copy: SQLiteLedger, campaign: int) -> None:
        """Copy what the copied runs decided about the customers in `candidates`."""
        ...


class Slice:
    """The throw-away ledger, and the way to fill it."""

    def __init__(self, ledger: SQLiteLedger, source: Source | None) -> None:
        self.ledger = ledger
        self._source = source
        self._campaign: int | None = None

    @classmethod
    @contextmanager
    def of(cls, place: Place, folder: Path) -> Iterator[Slice]:
        """A new ledger in ``folder``, and the one at ``place`` to copy from, if that exists.

        Raises:
            EnvironmentProblem: the ledger at ``place`` cannot be read, or is none.
        """
        with ExitStack() as stack:
            original = stack.enter_context(found(place))
            ledger = cast(SQLiteLedger, stack.enter_context(Ledger.open(folder / "preview.sqlite")))
            ledger.connection.execute("PRAGMA synchronous = OFF")
            yield cls(ledger, None if original is None else _source(original))

    def take_campaign(self, plan: Plan) -> None:
        """Copy every campaign's names, and this campaign's plans, runs, budgets and unfinished decisions."""
        if self._source is None:
            return
        self._source.names(self.ledger)
        self._campaign = known_campaign(self.ledger, plan)
        self._source.campaign(self.ledger, self._campaign)

    def take_decisions(self) -> None:
        """Copy what earlier runs decided about the customers among the candidates in staging."""
        if self._source is not None and self._campaign is not None:
            self._source.decisions(self.ledger, self._campaign)


def _source(original: Ledger) -> Source:
    if isinstance(original, SQLiteLedger):
        return SQLiteSource(original)
    from campaign_dsl.run.ledger.stores.postgres import PostgresLedger
    from campaign_dsl.run.ledger.stores.postgres_slice import PostgresSource

    assert isinstance(original, PostgresLedger)
    return PostgresSource(original)
