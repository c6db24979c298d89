"""The ledger file: opening it safely, transactions, and plain words for what SQLite says."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType


class Ledger:
    """An open ledger. Use `Ledger.open`; close it, or use it as a context manager."""

    @classmethod
    def open(cls, path: Path, *, create: bool = True, busy_timeout: float = 60.0) -> Ledger:
        """Open the ledger at ``path``.

        Args:
            create: whether a missing ledger, and its folder, is created.
            busy_timeout: seconds to wait for another process that is writing.

        Raises:
            EnvironmentProblem: it is missing, locked, unreadable, not a ledger, or of a newer version.
        """
        raise NotImplementedError

    def close(self) -> None: ...

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
