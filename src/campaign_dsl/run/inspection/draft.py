"""A catalog in the making: its entries, each guess with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field

GUESS = "guess: "


@dataclass(frozen=True, slots=True)
class Setting:
    """A key and what stands behind it, as YAML; ``remark``: a comment behind it."""

    key: str
    value: str
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """An attribute or a property.

    Args:
        columns: of the table, those it takes its values from.
        says: its keys and what stands behind them, as YAML: `("type", "text")`.
        remarks: comments behind it. A guess begins with `guess: `.
    """

    name: str
    columns: tuple[str, ...]
    says: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """An entry of a section.

    Args:
        section: `customers`, `events`, `dimensions`, `relations`, `profile` or `suppression_lists`.
        table: None, where the catalog has the entry already.
        inside: what its attributes stand below: `attributes` or `properties`.
        kind: of a table of several events, the column that tells them apart, and the word.
        above: comments above it.
        left_out: columns that are nothing of the language, and why.
    """

    section: str
    name: str
    table: str | None
    settings: tuple[Setting, ...] = ()
    inside: str = "attributes"
    typed: tuple[Typed, ...] = ()
    kind: tuple[str, str] | None = None
    above: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted catalog.

    Args:
        aside: tables that are not described, and why.
    """

    entries: tuple[Drafted, ...]
    aside: tuple[tuple[str, str], ...] = field(default=())

    def of(self, section: str) -> tuple[Drafted, ...]:
        """The entries of a section."""
        return tuple(each for each in self.entries if each.section == section)
