"""How a store writes JSON in SQL: what `documents.py` composes documents of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlglot import exp

from campaign_dsl.outcomes.base import Scalar


class JsonWords(Protocol):
    """Each method gives an expression that is a JSON value, or NULL where there is none."""

    dialect: str
    """Whose SQL the expressions are written in."""

    def column(self, name: str) -> exp.Expression:
        """What a column holds, a text or a number."""
        ...

    def constant(self, value: Scalar) -> exp.Expression:
        """A value that is known; NULL for None."""
        ...

    def inside(self, column: str, path: Sequence[str], fallback: Scalar) -> exp.Expression:
        """What stands in a JSON column at ``path``, with its type; the fallback where nothing or `null` does."""
        ...

    def either(self, value: exp.Expression, fallback: exp.Expression) -> exp.Expression:
        """The value, or the fallback where there is none."""
        ...

    def object(self, members: Mapping[str, exp.Expression], *, whole: bool = False) -> exp.Expression:
        """An object. What has no value may be left out of it, if it is not to be kept ``whole``."""
        ...

    def document(self, kept: Mapping[str, exp.Expression], others: Mapping[str, exp.Expression]) -> exp.Expression:
        """An object with all of ``kept``, `null` where there is no value, and then those of ``others`` that have one;
        below these, too, what has no value is left out, at every depth."""
        ...


def text(value: str) -> exp.Expression:
    return exp.Literal.string(value)


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))
