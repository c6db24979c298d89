"""What one table says about itself: what tells its rows apart, whom it is about, when things happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.inspection import names
from campaign_dsl.run.inspection.profiling import ColumnProfile, TableProfile


@dataclass(frozen=True, slots=True)
class Key:
    """A column that tells rows of a table apart, and why it is thought to."""

    column: ColumnProfile
    reason: str


def key_of(table: TableProfile) -> Key | None:
    """The column that tells the rows of a table apart: unique, and called like one, unless others were asked, too."""
    asked = [each for each in table.columns if each.repeated is not None and names.writable(each.name)]
    one = names.singular(table.table.name.rpartition(".")[2])
    preferred = {f"{one}_id": 0, "id": 1, f"{one}_key": 1, f"{one}_no": 1, f"{one}id": 1, "event_id": 2}

    def rank(column: ColumnProfile) -> tuple[bool, int, bool, int]:
        unique = table.unique(column)
        personal = names.is_personal(column.name)  # an address is unique as well, until somebody changes it
        return (not unique, preferred.get(names.slug(column.name), 9), personal, table.columns.index(column))

    for column in sorted(asked, key=rank):
        if table.unique(column):
            told = "" if names.like_a_key(column.name) else ", though it is not called like a key"
            return Key(column, f"its {column.known:,} values differ" + told)
        if names.slug(column.name) in preferred:
            missing, repeated = table.rows - column.known, column.repeated or 0
            said = [f"{missing:,} are missing"] if missing else []
            said += [f"{repeated:,} stand in several rows"] if repeated else []
            return Key(column, "by its name" + (f", but of its values {' and '.join(said)}" if said else ""))
    return None


def like_people(table: TableProfile) -> int:
    """How much a table looks like the customers."""
    personal = sum(names.is_personal(each.name) for each in table.columns)
    return 3 * names.of_people(table.table.name.rpartition(".")[2]) + min(3, personal)


def points(column: ColumnProfile, table: TableProfile, key: Key) -> bool:
    return column.kind is key.column.kind and names.leads_to(column.name, table.table.name, key.column.name)


def called(table: TableProfile) -> str:
    return table.table.name.rpartition(".")[2]


def rows_of(table: TableProfile) -> str:
    return "the table is empty" if not table.rows else f"{table.rows:,} row" + ("s" if table.rows > 1 else "")


def instants(table: TableProfile) -> list[ColumnProfile]:
    return [each for each in table.columns if each.kind is Kind.TIMESTAMP and names.writable(each.name)]


def first(table: TableProfile, called: Sequence[str], kind: Kind) -> ColumnProfile | None:
    """The column with the likeliest of some names."""
    there = {names.slug(each.name): each for each in table.columns if each.kind is kind and names.writable(each.name)}
    return next((there[name] for name in called if name in there), None)


def suppresses(table: TableProfile) -> bool:
    return not names.SUPPRESSED.isdisjoint(names.parts(called(table))) and address(table) is not None


def address(table: TableProfile) -> ColumnProfile | None:
    return first(table, names.ADDRESSES, Kind.TEXT)
