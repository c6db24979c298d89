"""Columns as attributes: of which type, with which words, personal or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from campaign_dsl.language.catalog.attributes import MAX_NESTING
from campaign_dsl.language.catalog.entry import is_name
from campaign_dsl.language.catalog.stored import StoredType
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.inspection import names
from campaign_dsl.run.inspection.draft import GUESS, Typed
from campaign_dsl.run.inspection.profiling import ColumnProfile

EACH_WORD = 5
"""So often must the words of a column be there on average, that they are taken for an enum."""
LONGEST_WORD = 40

Says = tuple[tuple[str, str], ...]


def typed(
    columns: Sequence[ColumnProfile],
    used: set[str],
    *,
    people: bool = False,
    texts: Iterable[str] = (),
    keys: Iterable[str] = (),
    pointers: Mapping[str, str] | None = None,
    known: Mapping[str, int] | None = None,
) -> tuple[tuple[Typed, ...], tuple[tuple[str, str], ...]]:
    """The attributes of some columns, and the columns that can be none, with the reason.

    Args:
        used: columns that something else is said of already.
        people: whether these are customers, of whom some data are personal.
        texts: columns that are not to become enums.
        keys: columns that are never missing, whatever the table allows.
        pointers: dimensions by the columns that hold their keys.
        known: how many rows have a value, where not all rows of the table are meant.
    """
    taken: set[str] = set()
    found: list[Typed] = []
    aside: list[tuple[str, str]] = []
    places = dict(_places(columns))
    for number, column in enumerate(columns):
        if column.name in used:
            continue
        if not names.writable(column.name):
            aside.append((column.name, "its name cannot be written"))
            continue
        if column.name in places:
            found.append(_place(column, places[column.name], taken, people))
            continue
        if column.name in places.values():
            continue
        made = _says(column, column.name in texts, (pointers or {}).get(column.name))
        if made is None:
            aside.append((column.name, f"`{column.column.type.written}` is nothing that the language knows"))
            continue
        says, remarks = made
        name = names.taken(column.name, taken, f"column_{number + 1}")
        rest: list[tuple[str, str]] = []
        if name != column.name:
            rest.append(("column", names.scalar(column.name)))
        if not column.column.nullable:
            rest.append(("nullable", "false"))
        elif column.name in keys:
            rest.append(("nullable", "false"))
            remarks = (*remarks, GUESS + "a key is never missing")
        if people and _is_personal(column):
            rest.append(("pii", "true"))
            remarks = (*remarks, GUESS + "personal, by its name")
        if (known or {}).get(column.name, column.known) == 0:
            remarks = (*remarks, "always missing")
        found.append(Typed(name, (column.name,), (*says, *rest), remarks))
    return tuple(found), tuple(aside)


def _is_personal(column: ColumnProfile) -> bool:
    """Whether a column of customers looks like personal data: by its name, or the names of what is in it."""
    if column.kind is Kind.BOOLEAN:
        return False
    stored = column.column.type.element or column.column.type
    return any(names.is_personal(each) for each in (column.name, *(field for field, _ in stored.fields)))


def shown(words: Sequence[tuple[str, int]]) -> str:
    """Words of an enum as YAML."""
    return "[" + ", ".join(names.scalar(word) for word in sorted(word for word, _ in words)) + "]"


def are_words(column: ColumnProfile) -> bool:
    """Whether the values of a column look like the words of an enum."""
    words = column.words
    return (
        words is not None
        and column.known >= EACH_WORD * len(words) > 0
        and not names.is_personal(column.name)
        and names.slug(column.name) not in (*names.ZONES, *names.COUNTRIES, *names.LANGUAGES)
        and all(len(word) <= LONGEST_WORD and names.writable(word) for word, _ in words)
    )


def _says(column: ColumnProfile, is_text: bool, dimension: str | None) -> tuple[Says, tuple[str, ...]] | None:
    """The type of a column and what there is to say about it; None when it has none."""
    remarks: tuple[str, ...] = ()
    stored = column.column.type
    if column.misfits:
        remarks += (f"{column.misfits:,} values are not `{stored.written}`",)
    elif column.kind is not stored.kind:
        remarks += (GUESS + f"all of its values are, though the column is `{stored.written}`",)
    if dimension is not None:
        says = (("type", str(column.kind)), ("dimension", dimension))
        return says, (*remarks, GUESS + "called like its key")
    if column.kind is Kind.TEXT and not is_text and are_words(column):
        assert column.words is not None
        counted = ", ".join(f"{names.remark(word)} {count:,}" for word, count in column.words)
        return (("type", "enum"), ("values", shown(column.words))), (*remarks, GUESS + f"few values: {counted}")
    if column.kind is Kind.TIMESTAMP and stored.kind is Kind.TIMESTAMP and not stored.zoned and not stored.loose:
        remarks += ("the column has no zone: it is read as UTC",)
    elif stored.doubt is not None:
        remarks += (stored.doubt,)
    if column.kind in (Kind.LIST, Kind.RECORD):
        nested = _nested(stored, 1)
        return None if nested is None else (nested, remarks)
    return None if column.kind is None else ((("type", str(column.kind)),), remarks)


def _nested(stored: StoredType, depth: int) -> Says | None:
    """A type with what it is made of; None when the language cannot say it."""
    if depth > MAX_NESTING or stored.kind is None:
        return None
    if stored.kind is Kind.LIST:
        element = stored.element
        inner = _nested(element, depth + 1) if element is not None and element.kind is not Kind.LIST else None
        return None if inner is None else (("type", "list"), ("of", _short(inner)))
    if stored.kind is Kind.RECORD:
        fields = [(name, _nested(type_, depth + 1)) for name, type_ in stored.fields]
        said = [f"{name}: {_short(inner)}" for name, inner in fields if inner is not None and is_name(name)]
        return (("type", "record"), ("fields", "{" + ", ".join(said) + "}")) if said else None
    return (("type", str(stored.kind)),)


def _short(says: Says) -> str:
    return says[0][1] if len(says) == 1 else "{" + ", ".join(f"{key}: {value}" for key, value in says) + "}"


def _places(columns: Sequence[ColumnProfile]) -> Iterable[tuple[str, str]]:
    """Columns of degrees north, and those of degrees east beside them."""
    numbers = {names.slug(each.name): each.name for each in columns if each.kind in (Kind.DECIMAL, Kind.INTEGER)}
    for slug, name in numbers.items():
        north = next((each for each in names.LATITUDES if slug == each or slug.endswith("_" + each)), None)
        if north is not None:
            beside = (numbers.get(slug[: len(slug) - len(north)] + east) for east in names.LONGITUDES)
            found = next((each for each in beside if each is not None), None)
            if found is not None and names.writable(name) and names.writable(found):
                yield name, found


def _place(column: ColumnProfile, east: str, taken: set[str], people: bool) -> Typed:
    slug = names.slug(column.name)
    stem = next(slug.removesuffix(each) for each in names.LATITUDES if slug.endswith(each))
    name = names.taken(stem.strip("_") or "location", taken, "location")
    says = [("type", "geo"), ("latitude", names.scalar(column.name)), ("longitude", names.scalar(east))]
    remarks = [GUESS + "two columns called like degrees"]
    if people:
        says.append(("pii", "true"))
    return Typed(name, (column.name, east), tuple(says), tuple(remarks))
