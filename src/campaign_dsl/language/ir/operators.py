"""The operators of the language, in one table: what they are called, what they take, what they give.

The type checker, SQL generation and the reference page derive from it; a test compares it with the grammar.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    Args:
        symbol: as authors write it.
        says: how a sentence says it.
        ordered: whether its operands must have an order.
    """

    symbol: str
    says: str
    ordered: bool = False


COMPARISONS: dict[str, Operator] = {
    operator.symbol: operator
    for operator in (
        Operator("=", "is"),
        Operator("!=", "is known and is not"),
        Operator("<", "is less than", ordered=True),
        Operator("<=", "is at most", ordered=True),
        Operator(">", "is more than", ordered=True),
        Operator(">=", "is at least", ordered=True),
    )
}

MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""What a comparison becomes when its sides are swapped."""

TEXT_TESTS: dict[str, Operator] = {
    operator.symbol: operator
    for operator in (
        Operator("contains", "contains"),
        Operator("does not contain", "is known and does not contain"),
        Operator("starts with", "starts with"),
        Operator("ends with", "ends with"),
    )
}

ARITHMETIC: dict[str, Operator] = {
    operator.symbol: operator for operator in (Operator("+", "plus"), Operator("-", "minus"), Operator("*", "times"))
}

AGGREGATES: dict[str, Operator] = {
    operator.symbol: operator
    for operator in (
        Operator("count", "the number of"),
        Operator("sum", "the sum of"),
        Operator("average", "the average of"),
        Operator("smallest", "the smallest", ordered=True),
        Operator("largest", "the largest", ordered=True),
    )
}
