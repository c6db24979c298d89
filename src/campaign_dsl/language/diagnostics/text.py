"""Diagnostics for people: message, place, the line with a caret, why, and what to write instead."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Severity, Span

_WIDTH = 160


def show_text(diagnostics: Iterable[Diagnostic], *, colour: bool = False, rename: Callable[[str], str] = str) -> str:
    """All findings, one paragraph each. Control characters of the source are shown, never sent to the terminal.

    Args:
        rename: how a path is shown.
    """
    return "\n".join(_one(item, _Paint(colour, rename)) for item in diagnostics)


class _Paint:
    def __init__(self, on: bool, rename: Callable[[str], str]) -> None:
        self._on = on
        self.rename = rename

    def __call__(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text


_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}


def _one(item: Diagnostic, paint: _Paint) -> str:
    lines = [
        paint(_COLOURS[item.severity], f"{item.severity.value}[{item.code}]")
        + ": "
        + paint("1", printable(item.message))
    ]
    gutter = max(
        (len(str(label.span.line)) for label in ((item.where,) if item.where else ()) + item.see_also), default=1
    )
    if item.where is not None:
        lines.extend(_excerpt(item.where, gutter, paint, primary=True))
    elif item.path is not None:
        lines.append(f"{' ' * gutter}--> {printable(paint.rename(item.path))}:1:1")
    for label in item.see_also:
        lines.extend(_excerpt(label, gutter, paint, primary=False))
    if item.why:
        lines.append(f"{' ' * gutter} = why: {printable(item.why)}")
    if item.help:
        lines.append(f"{' ' * gutter} = help: {printable(item.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(label: Label, gutter: int, paint: _Paint, *, primary: bool) -> list[str]:
    span = label.span
    line, column = span.line, span.column
    text = span.source.line_text(line)
    arrow = "-->" if primary else ":::"
    length = max(1, min(span.end, _line_end(span)) - span.start)
    text, column = _window(text, column)
    before = "".join("\t" if char == "\t" else " " * _columns(printable(char)) for char in text[: column - 1])
    marked = "".join(text[column - 1 : column - 1 + length]) or " "
    mark = ("^" if primary else "-") * max(1, _columns(printable(marked)))
    note = f" {printable(label.text)}" if label.text else ""
    return [
        f"{' ' * gutter}{paint('34', arrow)} {printable(paint.rename(span.source.path))}:{line}:{span.column}",
        f"{' ' * gutter} {paint('34', '|')}",
        f"{line:>{gutter}} {paint('34', '|')} {printable(text, keep_tabs=True)}",
        f"{' ' * gutter} {paint('34', '|')} {before}{paint('1;31' if primary else '34', mark + note)}",
    ]


def _line_end(span: Span) -> int:
    return span.start - span.column + 1 + len(span.source.line_text(span.line))


def _window(text: str, column: int) -> tuple[str, int]:
    """A long line is shown around its caret only."""
    if len(text) <= _WIDTH:
        return text, column
    start = max(0, column - 1 - _WIDTH // 2)
    cut = text[start : start + _WIDTH]
    return ("..." + cut if start else cut), column - start + (3 if start else 0)


def _columns(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def printable(text: str, *, keep_tabs: bool = False) -> str:
    """``text`` with control and direction characters written as ``\\xNN`` or ``\\uNNNN``."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or (char == "\t" and keep_tabs) else char.encode("unicode_escape").decode()
        for char in text
    )
