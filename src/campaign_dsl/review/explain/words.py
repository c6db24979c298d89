"""Small words: lists, lengths of time, days, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from campaign_dsl.language.diagnostics.text import printable
from campaign_dsl.language.syntax import tree as t

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def words(name: str) -> str:
    """A name of the catalog as people say it: `birth_date` is the birth date."""
    return " ".join(name.replace("_", " ").split()) or name


_MARKUP = re.compile(r"(?<!\w)@[\w/-]+|[\\`*\[\]<>|~]|_(?![^\W_])|(?<![^\W_])_|&(?=[#\w])|(?<!\w)#")


def plain(text: str) -> str:
    """A text that somebody wrote, for Markdown to show as it is: no markup, no link, nobody mentioned, one line."""
    shown = printable(" ".join(text.split()))
    return _MARKUP.sub(lambda found: code(found[0]) if found[0][0] == "@" else "\\" + found[0], shown)


def code(text: str) -> str:
    """A text in letters of one width: between more backticks than there are in it."""
    shown = printable(" ".join(text.split()))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{shown}{space}{fence}"


def either(items: Iterable[str], joiner: str = "or") -> str:
    """`a`, `a or b`, `a, b or c`."""
    said = list(items)
    if len(said) < 2:
        return "".join(said) or "nothing"
    return f"{', '.join(said[:-1])} {joiner} {said[-1]}"


def a(noun: str) -> str:
    """`a purchase`, `an app open`."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


def counted(number: int, unit: str) -> str:
    """`1 day`, `30 days`, `1,000 points`."""
    if unit == "person":
        return f"{number:,} {'person' if number == 1 else 'people'}"
    plain = unit.removesuffix("s")
    return f"{number:,} {plain if number == 1 else plain + 's'}"


def duration(node: t.Duration) -> str:
    return counted(node.count, node.unit)


def seconds(number: int) -> str:
    """An exact length of time in its largest whole unit."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if number % size == 0:
            return counted(number // size, unit)
    return counted(number, "second")


def day(value: date) -> str:
    """`1 January 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(text: str) -> str:
    """A day, or an instant, as it was written."""
    head, _, clock = text.partition("T")
    said = day(date.fromisoformat(head))
    return f"{said}, {clock[:5]}" + (f" {clock[8:]}" if clock[8:] else "") if clock else said


def times(quantity: t.Quantity) -> str:
    """`at least 3 times`, `at most once`."""
    often = {1: "once", 2: "twice"}.get(quantity.count, f"{quantity.count:,} times")
    return f"{quantity.kind} {often}"
