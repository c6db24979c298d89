"""What is the same on every engine that keeps values as what they are: a dialect says what is not."""

from __future__ import annotations

from typing import ClassVar

from sqlglot import exp

from campaign_dsl.language.catalog.types import Type


class Plain:
    """Methods of `Dialect` that most engines need no words of their own for."""

    joins_members: ClassVar[bool] = False
    gathers_outer_joins: ClassVar[bool] = False

    def stored(self, column: exp.Expr, type_: Type | None) -> exp.Expr:
        return column

    def readable(self, column: exp.Expr, type_: Type) -> exp.Expr | None:
        return None

    def decimal(self, number: exp.Expr) -> exp.Expr:
        return number

    def in_order(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        return value

    def smallest(self, value: exp.Expr, type_: Type | None) -> exp.Expr:
        return exp.Min(this=value)

    def nothing(self, type_: Type) -> exp.Expr:
        return exp.null()

    def nothing_like(self, query: exp.Select) -> exp.Expr:
        return exp.null()

    def in_turn(self, source: exp.Table, owner: str, position: str, start: str, ordinal: str) -> exp.Select | None:
        return None

    def total(self, number: exp.Expr) -> exp.Expr:
        return exp.Sum(this=number)
