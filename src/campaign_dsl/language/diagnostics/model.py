"""Findings as plain values: what is wrong, where, why it matters and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Severity(StrEnum):
    """How bad a finding is. Only errors stop a compilation."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class SourceText(Protocol):
    """What a span needs from the file it points into."""

    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...
    def line_column(self, offset: int) -> tuple[int, int]: ...
    def line_text(self, line: int) -> str: ...


@dataclass(frozen=True, slots=True, order=False)
class Span:
    """A half-open range of characters in a file. Lines and columns are worked out only when shown.

    Args:
        source: the file.
        start: offset of the first character, counted in code points from 0.
        end: offset after the last character; equal to ``start`` for a place between characters.
    """

    source: SourceText
    start: int
    end: int

    @property
    def line(self) -> int:
        """1-based line of the first character."""
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        """1-based column of the first character, in code points."""
        return self.source.line_column(self.start)[1]

    def to(self, other: Span) -> Span:
        """The range from the start of this one to the end of ``other``."""
        return Span(self.source, self.start, max(self.end, other.end))

    def __repr__(self) -> str:
        return f"<{self.source.path}:{self.line}:{self.column}>"


@dataclass(frozen=True, slots=True)
class Label:
    """A place, and what is to be said about it there."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding. A plain value: no printing, no raising.

    Args:
        code: a key of ``catalogue.CODES``, stable for ever.
        message: one sentence, lower case, what the user wrote in backticks.
        where: the tight range that is wrong, or None when no file is at fault (a usage error).
        why: why it matters, when that is not obvious.
        help: what to write instead.
        see_also: other places that take part in the problem.
    """

    code: str
    message: str
    where: Label | None = None
    severity: Severity = Severity.ERROR
    why: str | None = None
    help: str | None = None
    see_also: tuple[Label, ...] = ()
    path: str | None = None  # only for files that could not be opened, so that no span exists


class Problems:
    """A growing list of findings that passes hand along instead of raising."""

    __slots__ = ("_items",)

    def __init__(self) -> None:
        self._items: list[Diagnostic] = []

    def add(
        self,
        code: str,
        message: str,
        span: Span | None,
        *,
        help: str | None = None,
        why: str | None = None,
        severity: Severity = Severity.ERROR,
        label: str = "",
        see_also: tuple[Label, ...] = (),
    ) -> None:
        """Record one finding at ``span``."""
        where = None if span is None else Label(span, label)
        self._items.append(
            Diagnostic(
                code=code, message=message, where=where, severity=severity, why=why, help=help, see_also=see_also
            )
        )

    def extend(self, other: tuple[Diagnostic, ...]) -> None:
        self._items.extend(other)

    def __len__(self) -> int:
        return len(self._items)

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self._items)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All findings, by file and place; equal ones once."""
        seen: dict[tuple[str, int, int, str, str], Diagnostic] = {}
        for item in self._items:
            span = item.where.span if item.where else None
            key = (
                (span.source.path if span else item.path or ""),
                span.start if span else -1,
                span.end if span else -1,
                item.code,
                item.message,
            )
            seen.setdefault(key, item)
        return tuple(seen[key] for key in sorted(seen))
