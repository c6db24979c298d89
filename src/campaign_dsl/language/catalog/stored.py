"""What a database says of its tables: names, columns, and the types of columns in words of the language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from campaign_dsl.language.catalog.types import Kind


@dataclass(frozen=True, slots=True)
class StoredType:
    """The type of a column.

    Args:
        written: as the engine writes it.
        kind: the nearest kind of the language; of text it is never known whether it is an enum. None: it has none.
        places: of an exact decimal, the digits after the point.
        zoned: of an instant, whether the column has a zone; without one it is read as UTC.
        doubt: why it is not quite what ``kind`` promises.
        loose: whether values of other types can stand in the column all the same.
        element: of a list.
        fields: of a record.
    """

    written: str
    kind: Kind | None = None
    places: int | None = None
    zoned: bool = False
    doubt: str | None = None
    loose: bool = False
    element: StoredType | None = None
    fields: tuple[tuple[str, StoredType], ...] = ()


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column. ``nullable``: whether the table allows that the value is missing."""

    name: str
    type: StoredType
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table or a view.

    Args:
        names: what the catalog may call it, the shortest first: `orders`, `shop.orders`. None, when it cannot be called
            anything there because of a point in its name.
        where: all of its name, for people.
    """

    names: tuple[str, ...]
    where: str
    columns: tuple[StoredColumn, ...]

    @property
    def name(self) -> str:
        """What the catalog calls it."""
        return self.names[0]


@dataclass(frozen=True)
class Inventory:
    """The tables of a database.

    Args:
        ignores_case: whether `Orders` and `orders` are one table, and so with columns.
    """

    tables: tuple[StoredTable, ...]
    ignores_case: bool
    _found: dict[str, StoredTable] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for table in self.tables:
            for name in table.names:
                self._found.setdefault(self.folded(name), table)

    def folded(self, name: str) -> str:
        """``name`` as the engine compares it."""
        return name.lower() if self.ignores_case else name

    def table(self, name: str) -> StoredTable | None:
        """The table that the catalog calls ``name``."""
        return self._found.get(self.folded(name))

    def column(self, table: StoredTable, name: str) -> StoredColumn | None:
        """A column of a table."""
        wanted = self.folded(name)
        return next((each for each in table.columns if self.folded(each.name) == wanted), None)


def tables_of(rows: Iterable[tuple[tuple[str, ...], str, StoredColumn]]) -> tuple[StoredTable, ...]:
    """The tables of ``rows``: what a table is called, all of its name, and one column of it; columns in their order."""
    names: dict[str, tuple[str, ...]] = {}
    columns: dict[str, list[StoredColumn]] = {}
    for called, where, column in rows:
        names[where] = called
        columns.setdefault(where, []).append(column)
    return tuple(StoredTable(names[where], where, tuple(columns[where])) for where in sorted(columns))


def sayable(*parts: str) -> bool:
    """Whether the catalog can call something by these parts: a point in one of them would divide it."""
    return all(part and "." not in part for part in parts)
