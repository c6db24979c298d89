"""What every node is made of: names, literals, paths, and the places they stand at."""

from __future__ import annotations

from dataclasses import dataclass, field

from campaign_dsl.language.diagnostics.model import Span


def located() -> Span:
    """Where a node stands: neither compared nor printed, so that two spellings of one campaign are equal."""
    return field(compare=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Name:
    """A name the author wrote."""

    text: str
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal: text, integer, decimal, date, timestamp, time or boolean; ``text`` is its canonical spelling."""

    kind: str
    text: str
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Path:
    """`country`, `customer.first_name`, `offer.title`."""

    parts: tuple[Name, ...]
    span: Span = located()

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Text:
    """A text the author wrote, without its quotes and escapes."""

    text: str
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number or a decimal, as written but without underscores."""

    text: str
    span: Span = located()


@dataclass(frozen=True, slots=True)
class Duration:
    """`30 days`."""

    count: int
    unit: str
    span: Span = located()
