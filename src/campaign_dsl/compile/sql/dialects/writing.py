"""How SQL is laid out, whichever engine it is for."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.generator import Generator


class Readable(Generator):
    """SQL as people write it: `x NOT IN (...)` instead of `NOT x IN (...)`. It stands in front of an engine's own."""

    def not_sql(self, expression: exp.Not) -> str:
        inner = expression.this
        return self.sql(inner) if isinstance(inner, (exp.In, exp.Between)) else super().not_sql(expression)

    def in_sql(self, expression: exp.In) -> str:
        return self._negated(expression, super().in_sql(expression))

    def between_sql(self, expression: exp.Between) -> str:
        return self._negated(expression, super().between_sql(expression))

    def _negated(self, expression: exp.In | exp.Between, text: str) -> str:
        value = self.sql(expression, "this")
        if not isinstance(expression.parent, exp.Not):
            return text
        return f"{value} NOT{text.removeprefix(value)}"
