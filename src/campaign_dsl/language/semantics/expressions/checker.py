"""What every check of a part of an expression has at hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Self

from campaign_dsl.language.catalog.types import Type
from campaign_dsl.language.diagnostics.model import Problems, Span
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions.names import Names
from campaign_dsl.language.syntax import tree as t


@dataclass(frozen=True)
class Checker(ABC):
    """Types expressions where ``names`` says they stand, and reports what is wrong with them."""

    names: Names
    problems: Problems

    @abstractmethod
    def predicate(self, node: t.Expression) -> ir.Predicate | None:
        """The typed predicate, or None after having reported what is wrong."""

    @abstractmethod
    def value(self, node: t.Expression, expected: Type | None = None) -> ir.Value | None:
        """The typed value, or None after having reported what is wrong.

        Args:
            expected: the type of what it is compared with: bare words may be words of its enum.
        """

    def within(self, names: Names) -> Self:
        """The same, elsewhere."""
        return replace(self, names=names)

    def filter(self, where: t.Expression | None, names: Names) -> tuple[ir.Predicate | None, bool]:
        """The predicate of a filter (None without one), and whether it is sound."""
        if where is None:
            return None, True
        found = self.within(names).predicate(where)
        return found, found is not None

    def about_customer(self, span: Span, what: str) -> bool:
        """Whether ``what`` can be asked here, which is about the customer; reports it when it cannot."""
        inside = self.names.filter_of
        if inside is None:
            return True
        rows = self.names.rows
        if self.names.elements:
            one = f"the same element of `{inside}`"
        else:
            one = f"the same {inside} event" if rows is not None and rows.is_event else f"the same row of `{inside}`"
        self.problems.add(
            "TYP005",
            f"{what} cannot stand inside the filter of `{inside}`",
            span,
            why=f"all conditions of one filter hold on {one}",
            help="close the event test in parentheses first: `(did ... in last 90 days) and ...`"
            if not self.names.elements and rows is not None and rows.is_event
            else f"close the test of `{inside}` in parentheses first: `(... where ...) and ...`",
        )
        return False
