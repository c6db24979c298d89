"""Whether the tables and columns that a catalog names are there, and of the types it says. No row is read for that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from campaign_dsl.language.catalog.stored import Inventory, StoredTable, StoredType
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.diagnostics.model import Label, Problems, Severity
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.run.inspection.uses import Part, Promise, Use

_NUMBERS = ((Kind.INTEGER, Kind.DECIMAL), (Kind.DECIMAL, Kind.INTEGER))
_KEPT_AS = {Kind.ENUM: Kind.TEXT, Kind.GEO: Kind.DECIMAL}
_DOUBT = "nothing, if that does no harm; else let whoever loads the table give the column the type that is meant"
_ARTICLES = {Kind.INTEGER: "an integer", Kind.ENUM: "an enum", Kind.GEO: "a number of degrees"}


def compared(uses: tuple[Use, ...], inventory: Inventory, problems: Problems) -> tuple[Use, ...]:
    """What of ``uses`` can be asked: tables that are there, with the columns that are there and can be read."""
    found = []
    doubted: set[tuple[str, str]] = set()
    for use in uses:
        table = inventory.table(use.table)
        if table is None:
            names = [name for each in inventory.tables for name in each.names]
            problems.add(
                "DAT020",
                f"there is no table `{use.table}`, which {use.entry} needs",
                use.where,
                why="nothing that names it can be asked here",
                help=did_you_mean(use.table, names, "tables") or "correct the name, or choose another target",
            )
            continue
        kept = tuple(each for each in use.promises if _fits(each, use, table, inventory, problems, doubted))
        if use.rows_of is not None and use.rows_of.column not in {each.column for each in kept}:
            continue  # nobody knows which rows are meant
        found.append(replace(use, promises=kept))
    return tuple(found)


def _fits(
    promise: Promise,
    use: Use,
    table: StoredTable,
    inventory: Inventory,
    problems: Problems,
    doubted: set[tuple[str, str]],
) -> bool:
    """Whether a column is there, and of a type whose values can be asked for; after having reported that it is not."""
    column = inventory.column(table, promise.column)
    if column is None:
        names = [each.name for each in table.columns]
        default = " by default" if promise.where == use.key else ""
        problems.add(
            "DAT021",
            f"table `{use.table}` has no column `{promise.column}`, where {use.entry} has{default} `{promise.said}`",
            promise.where,
            why="a campaign that asks for it cannot run here",
            help=did_you_mean(promise.column, names, "its columns") or "name the column that holds it",
        )
        return False
    if promise.type is None or column.type.loose:
        return True
    misfits = list(_misfits(promise.type, column.type, promise.part))
    if misfits == [(Severity.WARNING, column.type.doubt)]:
        if (table.where, column.name) in doubted:
            return True  # said of another entry that reads the column
        doubted.add((table.where, column.name))
    is_error = any(severity is Severity.ERROR for severity, _ in misfits)
    if misfits:
        problems.add(
            "DAT022",
            f"`{promise.said}` of {use.entry} is {described(promise.type)}, but column `{column.name}` of "
            f"`{use.table}` is `{column.type.written}`",
            promise.of_type,
            why="; ".join(reason for _, reason in misfits),
            help=_advice(column.type) if is_error else _DOUBT,
            severity=Severity.ERROR if is_error else Severity.WARNING,
            see_also=(Label(use.where, "the table"),),
        )
    return not is_error


def described(type_: Type) -> str:
    """A type as a message says it: `an integer`."""
    return _ARTICLES.get(type_.kind, f"a {type_.kind}")


def _misfits(said: Type, stored: StoredType, part: Part) -> Iterator[tuple[Severity, str]]:
    """Why values of a column are not what the catalog says, and how bad it is."""
    wanted = _KEPT_AS.get(said.kind, said.kind)
    if stored.kind is None:
        yield Severity.ERROR, "the language has nothing like it, so no condition can be asked"
    elif (wanted, stored.kind) in _NUMBERS and (wanted is Kind.DECIMAL or stored.places == 0):
        return
    elif wanted is not stored.kind:
        yield Severity.ERROR, _reason(wanted, stored)
    elif wanted is Kind.LIST and said.element is not None and stored.element is not None:
        yield from _misfits(said.element, stored.element, Part.VALUE)
    elif wanted is Kind.RECORD:
        yield from _fields(said, stored)
    elif stored.doubt is not None and part not in (Part.LATITUDE, Part.LONGITUDE):
        yield Severity.WARNING, stored.doubt


def _fields(said: Type, stored: StoredType) -> Iterator[tuple[Severity, str]]:
    there = {name.lower(): type_ for name, type_ in stored.fields}
    for name, type_ in said.fields:
        if name.lower() not in there:
            yield Severity.ERROR, f"the record has no field `{name}`"
        else:
            for severity, reason in _misfits(type_, there[name.lower()], Part.VALUE):
                yield severity, f"field `{name}` is `{there[name.lower()].written}`: {reason}"


def _reason(wanted: Kind, stored: StoredType) -> str:
    match wanted, stored.kind:
        case (Kind.INTEGER | Kind.DECIMAL, Kind.TEXT):
            return "texts are compared by their characters: `9` is more than `10`, and what is no number stays unseen"
        case (Kind.DATE, Kind.TIMESTAMP):
            return "an instant is another day in another zone, so it is nobody's birthday for certain"
        case (Kind.TIMESTAMP, Kind.DATE):
            return "a day has no time of day, so `in last 24 hours` cannot be answered"
        case (Kind.DATE | Kind.TIMESTAMP, Kind.TEXT):
            return "texts are compared by their characters, and what is no day stays unseen"
        case (Kind.INTEGER, Kind.DECIMAL):
            return "it can have digits after the point, which an integer has not"
    return "conditions on it would compare things that cannot be compared"


def _advice(stored: StoredType) -> str:
    if stored.kind is None:
        return "take it out, or let a view give it another type"
    return f"write `type: {stored.kind}`, or let whoever loads the table give the column the type that is meant"
