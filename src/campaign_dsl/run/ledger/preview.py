"""A throw-away ledger with what one campaign's next run depends on, copied from the real one without writing to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from sqlite3 import OperationalError
from urllib.parse import quote

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.ledger.register import known_campaign
from campaign_dsl.run.ledger.store import Ledger, explained, holds_ledger

_ABOUT_CAMPAIGN = ("plans", "outcomes", "steps", "step_lists", "runs", "budgets", "unfinished_decisions")


class Slice:
    """The throw-away ledger, and the way to fill it."""

    def __init__(self, ledger: Ledger, original: Path | None) -> None:
        self.ledger = ledger
        self._original = original
        self._campaign: int | None = None

    @classmethod
    @contextmanager
    def of(cls, path: Path, folder: Path) -> Iterator[Slice]:
        """A new ledger in ``folder``, and the one at ``path`` to copy from, if that exists.

        Raises:
            EnvironmentProblem: the ledger at ``path`` cannot be read, or is none.
        """
        with ExitStack() as stack:
            original = path if holds_ledger(path) else None
            if original is not None:
                # Reading makes SQLite put two files beside the ledger; only a connection that may write removes them.
                stack.enter_context(Ledger.open(original, create=False))
            ledger = stack.enter_context(Ledger.open(folder / "preview.sqlite"))
            ledger.connection.execute("PRAGMA synchronous = OFF")
            yield cls(ledger, original)

    def take_campaign(self, plan: Plan) -> None:
        """Copy every campaign's names, and this campaign's plans, runs, budgets and unfinished decisions."""
        if self._original is None:
            return
        with self._attached(self._original):
            self.ledger.do("copy_campaigns")
            self.ledger.do("copy_campaign_names")
            self._campaign = known_campaign(self.ledger, plan)
            for name in _ABOUT_CAMPAIGN:
                self.ledger.do(f"copy_{name}", campaign=self._campaign)

    def take_decisions(self) -> None:
        """Copy what earlier runs decided about the customers among the candidates in staging."""
        if self._campaign is None or self._original is None:
            return
        with self._attached(self._original):
            self.ledger.do("copy_decisions", campaign=self._campaign)

    @contextmanager
    def _attached(self, original: Path) -> Iterator[None]:
        """The real ledger, read-only, as `kept`, in one transaction: all that is copied is of the same moment."""
        connection = self.ledger.connection
        with explained(original):
            connection.execute("ATTACH DATABASE ? AS kept", (f"file:{quote(str(original.resolve()))}?mode=ro",))
            try:
                with self.ledger.writing():
                    yield
            finally:
                with suppress(OperationalError):
                    connection.execute("DETACH DATABASE kept")
