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
    LIST = "list"
    RECORD = "record"
    GEO = "geo"
    DURATION = "duration"
    """An exact length of time, in seconds. Expressions have it; nothing in the catalog does."""
    TIME = "time"
    """A time of day. Expressions have it; nothing in the catalog does."""


COMPUTED = frozenset({Kind.DURATION, Kind.TIME})
"""Kinds that only expressions have."""


@dataclass(frozen=True, slots=True)
class Type:
    """A kind, what it is made of, and whether a value may be missing.

    Args:
        values: the words of an enum.
        ordered: whether the words of an enum have an order.
        element: what a list holds.
        fields: what a record holds, by name.
    """

    kind: Kind
    nullable: bool = False
    values: tuple[str, ...] = ()
    ordered: bool = False
    element: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()

    def __str__(self) -> str:
        match self.kind:
            case Kind.ENUM:
                return ("ordered " if self.ordered else "") + "enum of " + ", ".join(self.values)
            case Kind.LIST:
                return f"list of {self.element}"
            case Kind.RECORD:
                return "record of " + ", ".join(name for name, _ in self.fields)
            case Kind.GEO:
                return "place on the map"
            case Kind.TIME:
                return "time of day"
        return self.kind.value

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.INTEGER, Kind.DECIMAL)

    def field(self, name: str) -> Type | None:
        """The type of a record's field."""
        return dict(self.fields).get(name)

    def maybe(self, missing: bool = True) -> Type:
        """The same type, whose values may be missing if ``missing`` or if they may already."""
        if self.nullable or not missing:
            return self
        return Type(self.kind, True, self.values, self.ordered, self.element, self.fields)


TEXT = Type(Kind.TEXT)
INTEGER = Type(Kind.INTEGER)
DECIMAL = Type(Kind.DECIMAL)
BOOLEAN = Type(Kind.BOOLEAN)
DATE = Type(Kind.DATE)
TIMESTAMP = Type(Kind.TIMESTAMP)
DURATION = Type(Kind.DURATION)
TIME = Type(Kind.TIME)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = Type(Kind.ENUM, values=WEEKDAYS)
"""Days of the week: words, without an order, since weeks begin on different days."""
