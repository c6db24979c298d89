"""Diagnostics for people: message, place, the line with a caret, why, and what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from campaign_dsl.language.diagnostics.discretion import discreet, discreet_line
from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Severity

_WIDTH = 160
_TAB = 4


def show_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False, rename: Callable[[str], str] = str) -> str:
    """All findings, one paragraph each. Control characters of the source are shown, never sent to the terminal; secrets
    are neither.

    Args:
        rename: how a path is shown.
    """
    return "\n".join(_one(discreet(item), _Paint(colour, rename)) for item in diagnostics)


class _Paint:
    def __init__(self, on: bool, rename: Callable[[str], str]) -> None:
        self._on = on
        self.rename = rename

    def __call__(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text


_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}
_PALE = "34"


def _one(item: Diagnostic, paint: _Paint) -> str:
    colour = _COLOURS[item.severity]
    lines = [f"{paint(colour, f'{item.severity.value}[{item.code}]')}: {paint('1', printable(item.message))}"]
    labels = ((item.where,) if item.where else ()) + item.see_also
    gutter = max((len(str(label.span.line)) for label in labels), default=1)
    margin = " " * gutter
    if item.where is not None:
        lines.extend(_excerpt(item.where, gutter, paint, "-->", "^", colour))
    elif item.path is not None:
        lines.append(f"{margin}--> {printable(paint.rename(item.path))}:1:1")
    for label in item.see_also:
        lines.extend(_excerpt(label, gutter, paint, ":::", "-", _PALE))
    if item.why:
        lines.append(f"{margin} = why: {printable(item.why)}")
    if item.help:
        lines.append(f"{margin} = help: {printable(item.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(label: Label, gutter: int, paint: _Paint, arrow: str, mark: str, colour: str) -> list[str]:
    """The first line of the place, with what is meant marked below it."""
    span = label.span
    line, text = span.line, discreet_line(span)
    start = span.column - 1
    end = max(start, min(len(text), start + span.end - span.start))
    first, last = _window(start, end, len(text))
    cells, widths = _cells(text[first:last])  # of what is shown only: a line may be as long as a file
    shown = "".join(cells)
    columns, wide = sum(widths[: start - first]), sum(widths[start - first : end - first])
    if wide == 0 and start < end and columns > 0:
        columns -= 1  # an accent that stands on the letter before it
    before, marks = " " * columns, mark * max(1, wide)
    if first > 0:
        shown, before = "..." + shown, "   " + before
    if last < len(text):
        shown += "..."
    margin, bar = " " * gutter, paint(_PALE, "|")
    note = f" {printable(label.text)}" if label.text else ""
    return [
        f"{margin}{paint(_PALE, arrow)} {printable(paint.rename(span.source.path))}:{line}:{span.column}",
        f"{margin} {bar}",
        f"{line:>{gutter}} {bar} {shown}".rstrip(),
        f"{margin} {bar} {before}{paint(colour, marks + note)}",
    ]


def _window(start: int, end: int, length: int) -> tuple[int, int]:
    """Which part of a long line is shown: around what is marked."""
    if length <= _WIDTH:
        return 0, length
    middle = (start + min(end, start + _WIDTH)) // 2
    first = max(0, min(middle - _WIDTH // 2, length - _WIDTH, start))
    return first, min(length, first + _WIDTH)


def _cells(text: str) -> tuple[list[str], list[int]]:
    """How each character of a line is shown, and over how many columns. Tabs become spaces, so that marks fit below."""
    cells, widths, column = [], [], 0
    for char in text:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else printable(char)
        width = _columns(cell)
        cells.append(cell)
        widths.append(width)
        column += width
    return cells, widths


def _columns(text: str) -> int:
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def printable(text: str) -> str:
    """``text`` with control and direction characters written as ``\\xNN`` or ``\\uNNNN``."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
