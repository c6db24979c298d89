"""Static lists: keys of customers, one a line, in a file of the workspace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source.files import SourceFile, lies_inside, read_source

MAX_KEYS = 100_000
MAX_KEY = 256
MAX_LIST_BYTES = 30_000_000
MAX_PROBLEMS = 20
"""So many problems of one file are reported."""

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class StaticList:
    """A list that has been read.

    Attributes:
        keys: in the order of the file, each once.
        repeated: how many lines named somebody again.
    """

    name: str
    keys: tuple[str, ...]
    repeated: int
    source: SourceFile


def read_lists(
    root: Path, catalog: Catalog, positions: Positions
) -> tuple[dict[str, StaticList], tuple[Diagnostic, ...]]:
    """Every list of the catalog that can be read, and what is wrong with the others.

    Args:
        root: folder of the workspace.
        positions: of the catalog's file.
    """
    problems = Problems()
    lists: dict[str, StaticList] = {}
    for name, entry in catalog.lists.items():
        path = root / entry.file
        span = positions.value("lists", name, "file")
        if not lies_inside(path, root):
            problems.add(
                "CAT041",
                f"`{entry.file}` is a link that leads outside of the workspace",
                span,
                help="put the file itself here",
            )
            continue
        source = read_source(path, entry.file, MAX_LIST_BYTES)
        if isinstance(source, SourceFile):
            read = read_list(name, source, catalog, problems)
            if read is not None:
                lists[name] = read
        elif source.where is None:
            problems.add("CAT041", source.message, span, help=f"put one key a line into `{entry.file}`")
        else:
            problems.extend((source,))
    return lists, problems.sorted()


def read_list(name: str, source: SourceFile, catalog: Catalog, problems: Problems) -> StaticList | None:
    """The keys in a file; None after having reported why it is no list.

    Blank lines and spaces around keys do not count; a first line with the name of the key is a heading; a key may stand
    in quotes.
    """
    key = catalog.customers.key
    attribute = catalog.customers.attributes.get(key)
    numeric = attribute is not None and attribute.type is Kind.INTEGER
    headings = {key, attribute.column_of(key)} if attribute is not None else {key}
    keys: dict[str, None] = {}
    lines = found = start = 0
    first = True
    for line in source.text.split("\n"):
        text = line.strip()
        here = start + line.index(text)
        start += len(line) + 1
        if not text:
            continue
        quoted = _QUOTED.fullmatch(text)
        value = quoted[1].replace('""', '"').strip() if quoted else text
        heading, first = first and value in headings, False
        if heading:
            continue
        lines += 1
        wrong = _wrong(value, quoted is not None, numeric)
        if wrong is not None:
            problems.add("CAT042", wrong[0], source.span(here, here + len(text)), help=wrong[1])
            found += 1
            if found == MAX_PROBLEMS:
                return None
        keys.setdefault(value)
        if len(keys) > MAX_KEYS:
            problems.add(
                "CAT042",
                f"more than {MAX_KEYS:,} keys",
                source.span(here, here + len(text)),
                help="keep long lists in a table, as an attribute or a related table of customers",
            )
            return None
    if not keys and not found:
        problems.add("CAT042", "the list is empty", source.span(0, 0), help="write one key a line")
        return None
    return None if found else StaticList(name, tuple(keys), lines - len(keys), source)


def _wrong(value: str, quoted: bool, numeric: bool) -> tuple[str, str] | None:
    """What is wrong with a key, and what to do."""
    if not value:
        return "the key is empty", "delete the line"
    if len(value) > MAX_KEY:
        return f"this key has {len(value):,} characters; at most {MAX_KEY} are read", "write one key a line"
    if not quoted:
        for mark, called in ((",", "a comma"), (";", "a semicolon"), ("\t", "a tab")):
            if mark in value:
                return f"there is {called} in the line", "keep one column only; a key that has it stands in quotes"
        if '"' in value:
            return "the quotes do not match", 'write `"` around the key, and `""` for one inside of it'
    if numeric and not _INTEGER.fullmatch(value):
        return f"`{value[:40]}` is not an integer, as keys of customers are", "write the key itself"
    return None
