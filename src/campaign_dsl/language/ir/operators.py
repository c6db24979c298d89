"""The operators of the language, in one table: what they are called, what they take, what they give.

The grammar's lists of words, the type checker, SQL generation, the interpreter, completion and the reference page
derive from it; tests compare them.
"""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.catalog.types import INTEGER, TEXT, WEEKDAY, Kind, Type


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    Args:
        symbol: as authors write it.
        says: how a sentence says it.
        ordered: whether its operands must have an order.
        takes: kinds of its operand; empty when the type checker says more about it than a list of kinds can.
        gives: the type of what comes out, where that does not depend on what goes in.
        summary: one sentence for the reference page.
    """

    symbol: str
    says: str
    ordered: bool = False
    takes: frozenset[Kind] = frozenset()
    gives: Type | None = None
    summary: str = ""


def _table(*operators: Operator) -> dict[str, Operator]:
    return {operator.symbol: operator for operator in operators}


_NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})
_TEXT = frozenset({Kind.TEXT})
_DAYS = frozenset({Kind.DATE})

COMPARISONS = _table(
    Operator("=", "is", summary="Both are known and the same."),
    Operator("!=", "is known and is not", summary="Both are known and differ."),
    Operator("<", "is less than", ordered=True, summary="Less, earlier, or lower in the order of an enum."),
    Operator("<=", "is at most", ordered=True, summary="Less or the same."),
    Operator(">", "is more than", ordered=True, summary="More, later, or higher in the order of an enum."),
    Operator(">=", "is at least", ordered=True, summary="More or the same."),
)

MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What a comparison becomes when its sides are swapped."""

TEXT_TESTS = _table(
    Operator("contains", "contains", takes=_TEXT, summary="The text has the other one in it; a list has the element."),
    Operator("does not contain", "is known and does not contain", takes=_TEXT, summary="Known, and not in it."),
    Operator("starts with", "starts with", takes=_TEXT, summary="The text begins with the other one."),
    Operator("ends with", "ends with", takes=_TEXT, summary="The text ends with the other one."),
)

PATTERN_TESTS = _table(
    Operator("matches", "matches", takes=_TEXT, summary="Some part of the text fits the regular expression."),
    Operator(
        "does not match", "is known and does not match", takes=_TEXT, summary="Known, and no part of the text fits."
    ),
)

LIST_TESTS = _table(
    Operator("any", "contains any of", summary="The list has at least one of the values."),
    Operator("all", "contains all of", summary="The list has every one of the values."),
    Operator("none", "contains none of", summary="The list is known and has none of the values."),
)

QUANTIFIERS = _table(
    Operator("any", "any of", summary="At least one element satisfies the condition."),
    Operator("all", "all of", summary="Every element satisfies it; so it holds for an empty list."),
    Operator("none", "none of", summary="No element satisfies it; so it holds for an empty list."),
)

ARITHMETIC = _table(
    Operator("+", "plus", takes=_NUMBERS, summary="The sum; also moves an instant or a day forward."),
    Operator("-", "minus", takes=_NUMBERS, summary="The difference; also moves an instant or a day back."),
    Operator("*", "times", takes=_NUMBERS, summary="The product."),
    Operator("/", "divided by", takes=_NUMBERS, summary="The quotient, a decimal; missing when the divisor is 0."),
)

ROUNDINGS = _table(
    Operator("half up", "rounded, halves away from zero,", takes=_NUMBERS, summary="2.5 becomes 3, -2.5 becomes -3."),
    Operator("half even", "rounded, halves to the even digit,", takes=_NUMBERS, summary="2.5 becomes 2, 3.5 is 4."),
    Operator("up", "rounded away from zero", takes=_NUMBERS, summary="2.1 becomes 3, -2.1 becomes -3."),
    Operator("down", "rounded towards zero", takes=_NUMBERS, summary="2.9 becomes 2, -2.9 becomes -2."),
)

FUNCTIONS = _table(
    Operator("length of", "the length of", takes=_TEXT, gives=INTEGER, summary="How many characters (code points)."),
    Operator("lower of", "the lower case of", takes=_TEXT, gives=TEXT, summary="The text in lower case."),
    Operator("year of", "the year of", takes=_DAYS, gives=INTEGER, summary="The year of a calendar day."),
    Operator("month of", "the month of", takes=_DAYS, gives=INTEGER, summary="Of a calendar day, 1 to 12."),
    Operator("day of", "the day of the month of", takes=_DAYS, gives=INTEGER, summary="The day of the month, 1 to 31."),
    Operator("weekday of", "the weekday of", takes=_DAYS, gives=WEEKDAY, summary="monday to sunday."),
    Operator("absolute of", "the absolute value of", takes=_NUMBERS, summary="The number without its sign."),
)

AGGREGATES = _table(
    Operator("count", "the number of", gives=INTEGER, summary="How many; 0 when there is none."),
    Operator("sum", "the sum of", takes=_NUMBERS, summary="The sum; missing when there is none."),
    Operator("average", "the average of", takes=_NUMBERS, summary="The average, to six digits after the point."),
    Operator("smallest", "the smallest", ordered=True, summary="The smallest, the earliest."),
    Operator("largest", "the largest", ordered=True, summary="The largest, the latest."),
    Operator("distinct", "the number of different", gives=INTEGER, summary="How many different values."),
    Operator("first", "the first", summary="The value of the earliest one, by instant and then by id."),
    Operator("last", "the last", summary="The value of the latest one, by instant and then by id."),
    Operator("most frequent", "the most frequent", summary="The commonest; of several the smallest."),
    Operator("recency", "the whole days since the last", gives=INTEGER, summary="Days of 24 h since the last one."),
)
