"""What many engines say alike: built of the few words in which they differ."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from typing import ClassVar

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.compiled import Compiled, Unasked
from campaign_dsl.compile.sql.dialects.plain import Plain
from campaign_dsl.compile.sql.features import Feature, Gap, When
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import zone_names

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOTHING = {
    Kind.TEXT: "TEXT",
    Kind.ENUM: "TEXT",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DECIMAL(38, 12)",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMPTZ",
}
"""Types of NULL, where nothing beside it says of which."""
LAST_INTEGER = 2**63 - 1


def call(name: str, *parts: exp.Expr | str | int) -> exp.Anonymous:
    """A function of the engine. Texts and numbers become literals."""
    return exp.Anonymous(this=name, expressions=[_part(each) for each in parts])


def _part(each: exp.Expr | str | int) -> exp.Expr:
    match each:
        case str():
            return exp.Literal.string(each)
        case int():
            return exp.Literal.number(each) if each >= 0 else exp.Neg(this=exp.Literal.number(-each))
    return each


def joined(parts: Sequence[exp.Expr]) -> exp.Expr:
    return reduce(lambda left, right: exp.DPipe(this=left, expression=right), parts)


def text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def word(name: str) -> exp.Var:
    """A unit or another word of the engine, not in quotes."""
    return exp.Var(this=name)


def known_zones() -> str:
    """All zones of the tz database that name a place, and UTC, in one text: engines without a list of them split it."""
    return " ".join(sorted(name for name in zone_names() if "/" in name or name == "UTC"))


class Usual(Plain):
    """Methods of `Dialect` that are the same on most engines."""

    CEILING: ClassVar[str] = "CEILING"

    def nothing(self, type_: Type) -> exp.Expr:
        known = NOTHING.get(type_.kind)
        return exp.null() if known is None else exp.Cast(this=exp.null(), to=exp.DataType.build(known))

    def elapsed(self, end: exp.Expr, start: exp.Expr) -> exp.Expr:
        raise Unasked  # none of them has lengths of time as values

    def moved(self, op: str, moment: exp.Expr, duration: exp.Expr) -> exp.Expr:
        kind: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub}[op]
        there = self.missing_on_error(kind(this=moment, expression=duration))
        return self.within_years(there, Kind.TIMESTAMP)

    def iso_weekday(self, day: exp.Expr) -> exp.Expr:
        """1 for Monday to 7 for Sunday."""
        raise Unasked

    def weekday(self, day: exp.Expr) -> exp.Expr:
        case = exp.Case(this=self.iso_weekday(day))
        for number, name in enumerate(WEEKDAYS, 1):
            case = case.when(exp.Literal.number(number), text(name), copy=False)
        return case

    def within_years(self, moment: exp.Expr, kind: Kind) -> exp.Expr:
        """Where a type holds the years 1 to 9999 and no others."""
        return moment

    def text_before(self, value: exp.Expr, mark: str) -> exp.Expr:
        return call("SPLIT_PART", value, mark, 1)

    def floor_divide(self, value: exp.Expr, divisor: int) -> exp.Expr:
        parts = exp.Div(this=exp.cast(value, exp.DType.DOUBLE), expression=exp.Literal.number(divisor))
        return exp.cast(exp.Floor(this=parts), exp.DType.BIGINT)

    def calculated(self, op: str, left: exp.Expr, right: exp.Expr, kind: Kind) -> exp.Expr:
        made: type[exp.Binary] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[op]
        return self.fitting(made(this=self.widened(left, kind), expression=self.widened(right, kind)), kind)

    def absolute(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        return self.fitting(exp.Abs(this=self.widened(number, kind)), kind)

    def widened(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        """An integer with more digits than any result needs; decimals as they are."""
        wide = exp.DataType.build("DECIMAL(19, 0)")
        return exp.Cast(this=number, to=wide) if kind is Kind.INTEGER else number

    def fitting(self, number: exp.Expr, kind: Kind) -> exp.Expr:
        """What came out; NULL when it is no integer of 64 bits."""
        return exp.TryCast(this=number, to=exp.DataType.build("BIGINT")) if kind is Kind.INTEGER else number

    def missing_on_error(self, value: exp.Expr) -> exp.Expr:
        """Most engines have a word for casts only: what they do with the rest is in ``differs``."""
        if type(value) is exp.Cast and value.to.this is exp.DType.BIGINT:
            return exp.TryCast(this=value.this, to=value.to)
        return value

    # ---- rounding: an exact decimal, by functions that all have

    def rounded(self, value: exp.Expr, mode: str, digits: int) -> exp.Expr:
        size, step = self.decimal(exp.Literal.number(10**digits)), self.decimal(_step(digits))
        match mode:
            case "half up":
                return call("ROUND", value, digits)
            case "half even":
                # An even number and a half is moved a quarter towards it; any other half is rounded away from zero.
                rest = exp.Mod(this=b.paren(value.copy()), expression=self.decimal(_step(digits, 2)))
                half, quarter = self.decimal(_step(digits + 1, 5)), self.decimal(_step(digits + 2, 25))
                case = exp.Case(this=rest).when(half, quarter, copy=False)
                case = case.when(exp.Neg(this=half.copy()), exp.Neg(this=quarter.copy()), copy=False)
                moved = exp.Sub(this=value, expression=case.else_(self.decimal(exp.Literal.number(0)), copy=False))
                return call("ROUND", moved, digits)
            case "down":
                return self._cut(value, size, step)
        return self._cut(value, size, step, self.CEILING)

    def _cut(self, value: exp.Expr, size: exp.Expr, step: exp.Expr, name: str = "FLOOR") -> exp.Expr:
        """Towards zero, or away from it: of the number without its sign."""
        whole = call(name, exp.Mul(this=exp.Abs(this=value), expression=size.copy()))
        sized = exp.Mul(this=whole, expression=step.copy())
        return exp.paren(exp.Mul(this=call("SIGN", value.copy()), expression=sized))

    # ---- JSON, joined by hand: functions for whole objects keep NULL, or make binary floats of exact decimals

    def json_object(self, pairs: list[tuple[str, exp.Expr, Type]]) -> exp.Expr:
        if not pairs:
            return text("{}")
        members = [
            joined([text(json.dumps(name, ensure_ascii=False) + ":"), self.json_value(value, type_)])
            for name, value, type_ in pairs
        ]
        return joined([text("{"), self.with_commas(members), text("}")])

    def json_value(self, value: exp.Expr, type_: Type) -> exp.Expr:
        """A value as JSON has it; NULL when it is missing."""
        match type_.kind:
            case Kind.INTEGER | Kind.DECIMAL:
                return exp.cast(value, exp.DType.TEXT)
            case Kind.BOOLEAN:
                case = exp.Case().when(value, text("true"), copy=False)
                return case.when(exp.Not(this=exp.paren(value.copy())), text("false"), copy=False)
            case Kind.LIST | Kind.RECORD:
                return self.json_of(value)
            case Kind.TEXT | Kind.ENUM | Kind.TIMESTAMP:
                return self.json_text(value)
        return self.json_text(exp.cast(value, exp.DType.TEXT))

    def json_text(self, value: exp.Expr) -> exp.Expr:
        """A text in JSON's quotes."""
        raise Unasked

    def json_of(self, value: exp.Expr) -> exp.Expr:
        """A list or a record."""
        raise Unasked

    def with_commas(self, members: list[exp.Expr]) -> exp.Expr:
        """Those that are there, with commas between them."""
        return call("CONCAT_WS", ",", *members)


class Common(Usual, Compiled):
    """The same, of an engine that is not here."""


def no_lists(kind: str) -> Mapping[Feature, Gap]:
    """What is lacking where lists and records are values of one type without a type of their own: JSON, SUPER."""
    lists = Gap(When.NEVER, f"there is no list but an array of {kind}, whose elements have no type")
    return {
        Feature.LISTS: lists,
        Feature.LIST_CONDITIONS: lists,
        Feature.LOOKUP_BY_ELEMENT: lists,
        Feature.RECORDS: Gap(When.NEVER, f"there is no record but an object of {kind}, whose values have no type"),
    }


class WithoutLists:
    """What nobody asks of an engine that lacks lists and records."""

    def record_field(self, record: exp.Expr, name: str, type_: Type) -> exp.Expr:
        raise Unasked

    def list_length(self, items: exp.Expr, type_: Type) -> exp.Expr:
        raise Unasked

    def list_has(self, all_of: bool, items: exp.Expr, wanted: list[exp.Expr]) -> exp.Expr:
        raise Unasked

    def list_count(self, items: exp.Expr, type_: Type, element: str, test: exp.Expr) -> exp.Expr:
        raise Unasked

    def map_of(self, key: exp.Expr, value: exp.Expr) -> exp.Expr:
        raise Unasked

    def from_map(self, pairs: exp.Expr, key: exp.Expr, type_: Type) -> exp.Expr:
        raise Unasked


def bounded(number: exp.Expr) -> exp.Expr:
    """An exact number, or NULL when it is none of 64 bits; said once, because it may be long."""
    above, below = exp.Literal.number(LAST_INTEGER + 1), exp.Neg(this=exp.Literal.number(LAST_INTEGER + 2))
    held = call("GREATEST", call("LEAST", number, above), below)
    return call("NULLIF", call("NULLIF", held, above.copy()), below.copy())


def part_is(name: str, value: exp.Expr, wanted: exp.Expr) -> exp.Expr:
    """Whether ``name``, LEFT or RIGHT, of a text is another; where trailing spaces do not count, with a mark behind."""
    part = call(name, value, exp.Length(this=wanted.copy()))
    marked = [exp.DPipe(this=side, expression=text(".")) for side in (part, wanted)]
    return exp.EQ(this=marked[0], expression=marked[1])


def years_of_a_day(moment: exp.Expr, year: exp.Expr) -> exp.Expr:
    """``moment``, or NULL when its year is not one of 1 to 9999."""
    within = exp.Between(this=year, low=exp.Literal.number(1), high=exp.Literal.number(9999))
    return exp.Case().when(within, moment, copy=False)


def _step(digits: int, number: int = 1) -> exp.Expr:
    """``number`` in the last of so many places after the point."""
    return exp.Literal.number(f"0.{number:0>{digits}}" if digits else str(number))
