"""Literals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from campaign_dsl.language.catalog.types import BOOLEAN, DATE, DECIMAL, INTEGER, TEXT, TIME, TIMESTAMP, Kind, Type
from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean, near
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import kinds
from campaign_dsl.language.semantics.expressions.checker import Checker
from campaign_dsl.language.syntax import tree as t


def constant(node: t.Constant, at: Checker, expected: Type | None) -> ir.Constant | None:
    """What a literal means."""
    match node.kind:
        case "text":
            return _text(node, at, expected)
        case "integer":
            return ir.Constant(int(node.text), INTEGER)
        case "decimal":
            return ir.Constant(Decimal(node.text), DECIMAL)
        case "boolean":
            return ir.Constant(node.text == "true", BOOLEAN)
        case "date":
            return ir.Constant(date.fromisoformat(node.text), DATE)
        case "time":
            return ir.Constant(time.fromisoformat(node.text), TIME)
        case _:
            return ir.Constant(instant(node.text, at.names.default_zone), TIMESTAMP)


def _text(node: t.Constant, at: Checker, expected: Type | None) -> ir.Constant | None:
    if expected is not None and expected.kind is Kind.ENUM:
        if node.text not in expected.values:
            unknown_word(node.text, expected, node.span, at.problems)
            return None
        return word(node.text, expected)
    if expected is not None and expected.kind is Kind.DATE:
        day = node.text if kinds.is_day(node.text) else "2026-01-31"
        at.problems.add("TYP001", "a day is written without quotes", node.span, help=f"write `{day}`")
        return None
    return ir.Constant(node.text, TEXT)


def word(text: str, enum: Type) -> ir.Constant:
    """A word of an enum."""
    return ir.Constant(text, Type(Kind.ENUM, values=enum.values, ordered=enum.ordered))


def unknown_word(text: str, enum: Type, span: Span, problems: Problems) -> None:
    """Reports a word that the enum does not have."""
    problems.add(
        "TYP004",
        f"`{text}` is not one of the values here",
        span,
        why="a test against a value that cannot occur would match nobody",
        help=(did_you_mean(text, enum.values) if near(text, enum.values) else None) or kinds.how_to_write(enum),
    )


def instant(text: str, default_zone: str) -> datetime:
    """The UTC instant an ISO text means. A local time that DST skips moves forward; of two the first is meant."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone(default_zone))
    return moment.astimezone(UTC)
