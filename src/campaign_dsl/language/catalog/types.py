"""Value types of the language: what an attribute, a property or an expression can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The base of a type. The word is what users write in the catalog."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    ENUM = "enum"


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, with the words of an enum, and whether a value may be missing."""

    kind: Kind
    nullable: bool = False
    values: tuple[str, ...] = ()
    ordered: bool = False

    def __str__(self) -> str:
        if self.kind is Kind.ENUM:
            return ("ordered " if self.ordered else "") + "enum of " + ", ".join(self.values)
        return self.kind.value

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.INTEGER, Kind.DECIMAL)
