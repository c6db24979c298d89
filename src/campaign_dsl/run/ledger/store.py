"""What every ledger store can do: open safely, transactions, named statements, and plain words for what goes wrong.

The two stores are in `stores/`. What they promise is the same; the constraints, guards and statements that hold it are
written once, in `schema.sql`, `guards.sql` and `sql/`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.ledger.place import Place, PostgresPlace
from campaign_dsl.run.problems import EnvironmentProblem

if TYPE_CHECKING:
    import pyarrow as pa

    from campaign_dsl.run.ledger.result import Progress
    from campaign_dsl.run.ledger.stores.json_words import JsonWords

SCHEMA_VERSION = 3

SCRIPT, GUARDS = "schema.sql", "guards.sql"
"""What makes a ledger: its tables and views, and what may change in them."""

MISSING = "LED001"


class ConstraintError(Exception):
    """The store refused a row: one of the ledger's own constraints or guards does not hold."""


class Ledger(ABC):
    """An open ledger. Use `Ledger.open`; close it, or use it as a context manager. One thread at a time.

    Attributes:
        place: where it is.
        connection: the driver's own, for those who look at a ledger from outside of this package.
        busy_timeout: seconds to wait for another process that is writing.
        json: how documents are written in this store's SQL.
    """

    place: Place
    connection: Any
    busy_timeout: float
    json: JsonWords

    @staticmethod
    def open(place: Place, *, create: bool = True, busy_timeout: float = 60.0) -> Ledger:
        """Open the ledger at ``place``.

        Args:
            create: whether a missing ledger, and its folder or schema, is created.
            busy_timeout: seconds to wait for another process that is writing.

        Raises:
            EnvironmentProblem: it is missing, locked, unreachable, not a ledger, or of another version.
        """
        if isinstance(place, PostgresPlace):
            from campaign_dsl.run.ledger.stores.postgres import PostgresLedger

            try:
                return PostgresLedger.at(place, create, busy_timeout)
            except ModuleNotFoundError as error:
                raise EnvironmentProblem(
                    f"a ledger in PostgreSQL needs the Python package `{error.name}`, which is not installed",
                    help="pip install 'campaign-dsl[postgres]'",
                    code="ENV007",
                ) from error
        from campaign_dsl.run.ledger.stores.sqlite import SQLiteLedger

        return SQLiteLedger.at(Path(place), create, busy_timeout)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close the connection. An open transaction is rolled back."""

    @abstractmethod
    def writing(self, *, beside_others: bool = False) -> AbstractContextManager[None]:
        """One write transaction: all of it is kept, or nothing. Waits for other writers up to the busy timeout.

        Args:
            beside_others: whether other transactions of this kind may be under way. Rows that two of them could both
                want are locked by the statements that choose them; nothing that has an id of its own is added. A store
                may let one in at a time all the same.

        Raises:
            EnvironmentProblem: another process kept writing, the disk is full, the ledger cannot be written or reached.
            ConstraintError: a constraint of the ledger does not hold.
        """

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """One read transaction: everything read inside it is of the same moment."""

    @abstractmethod
    def explained(self) -> AbstractContextManager[None]:
        """Turns what the driver and the system say into an `EnvironmentProblem`, and refused rows into a
        `ConstraintError`; leaves our own mistakes as they are."""

    @abstractmethod
    def run(self, name: str, values: Mapping[str, Any]) -> Any:
        """Run the named statement; the driver's cursor."""

    @abstractmethod
    def run_each(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run the named statement for each of a few rows."""

    @abstractmethod
    def run_text(self, statement: str) -> None:
        """Run a statement that was made for this store."""

    @abstractmethod
    def grown(self, rows: int, *tables: str) -> None:
        """So many rows have come into ``tables`` in this transaction: a planner that counts may count again."""

    @abstractmethod
    def staged(
        self,
        table: str,
        columns: Mapping[str, str],
        read: Callable[[], pa.RecordBatchReader],
        progress: Progress,
        index: Sequence[str] = (),
    ) -> AbstractContextManager[int]:
        """What ``read`` yields as ``table``, until the end of the block; the value is the number of rows.

        Args:
            columns: name and type of each column, TEXT or INTEGER; the rows must have them, in any order.
            index: columns by which rows will be looked up.

        Raises:
            DataProblem: the rows lack a column, or hold values of another type.
            EnvironmentProblem: they cannot be written, or the engine's own problem.
        """

    @abstractmethod
    def remove_stale(self) -> None:
        """Remove rows in staging whose process was killed."""

    def do(self, name: str, /, **values: Any) -> int:
        """Run the named statement; how many rows it wrote."""
        with self.explained():
            return int(self.run(name, values).rowcount)

    def rows(self, name: str, /, **values: Any) -> list[Any]:
        """Every row of the named query."""
        with self.explained():
            return list(self.run(name, values).fetchall())

    def row(self, name: str, /, **values: Any) -> Any:
        """The first row of the named query, or None."""
        # Read to the end, all of them are short: a statement left in the middle keeps its table locked.
        return next(iter(self.rows(name, **values)), None)

    def value(self, name: str, /, **values: Any) -> Any:
        """The first value of the first row of the named query, or None."""
        row = self.row(name, **values)
        return None if row is None else row[0]

    def fill(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run the named statement for each of a few rows computed in Python."""
        with self.explained():
            self.run_each(name, rows)


@contextmanager
def found(place: Place) -> Iterator[Ledger | None]:
    """The ledger at ``place``; None when there is none, or only what a killed first run left.

    Raises:
        EnvironmentProblem: there is one that cannot be used, or something else.
    """
    try:
        ledger = Ledger.open(place, create=False)
    except EnvironmentProblem as problem:
        if problem.code != MISSING:
            raise
        yield None
        return
    with ledger:
        yield ledger


def missing(place: Place) -> EnvironmentProblem:
    return EnvironmentProblem(f"there is no ledger at {place}", help="`campaign run` creates it", code=MISSING)


def refuse_other_version(place: Place, found: object) -> None:
    """Refuse a ledger whose tables are not the ones this version knows.

    Args:
        found: the version it says it has; None when it says none.

    Raises:
        EnvironmentProblem: it is damaged, newer or older.
    """
    if found is None or not str(found).isdigit():
        raise EnvironmentProblem(
            f"the ledger is damaged: {place} has no schema version", help="restore it from a backup", code="LED008"
        )
    version = int(str(found))
    if version > SCHEMA_VERSION:
        raise EnvironmentProblem(
            f"{place} was written by a newer version (ledger schema {version}, this one knows {SCHEMA_VERSION})",
            help="upgrade campaign-dsl",
            code="LED003",
        )
    if version < SCHEMA_VERSION:
        raise EnvironmentProblem(
            f"{place} was written by an older version (ledger schema {version}, this one knows {SCHEMA_VERSION})",
            help="go on with the version that wrote it; a new ledger would not know what was given already",
            code="LED013",
        )
