"""JSON in the SQL of SQLite, which has functions for it, and a mark on values that are JSON already."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlglot import exp

from campaign_dsl.outcomes.base import Scalar
from campaign_dsl.run.ledger.stores.json_words import call, text


class SQLiteJson:
    """See `JsonWords`."""

    dialect = "sqlite"

    def column(self, name: str) -> exp.Expression:
        return exp.column(name)

    def constant(self, value: Scalar) -> exp.Expression:
        """A value with its JSON type: SQLite itself knows no booleans, and no zero characters in a statement."""
        return exp.null() if value is None else call("JSON", text(json.dumps(value)))

    def inside(self, column: str, path: Sequence[str], fallback: Scalar) -> exp.Expression:
        # `->` keeps the JSON type, a number stays a number; a JSON null counts as missing.
        place = text("$" + "".join(f'."{part}"' for part in path))
        kept = call("NULLIF", exp.JSONExtract(this=exp.column(column), expression=place), text("null"))
        return call("JSON", exp.Coalesce(this=kept, expressions=[text(json.dumps(fallback))]))

    def either(self, value: exp.Expression, fallback: exp.Expression) -> exp.Expression:
        return exp.Coalesce(this=value, expressions=[fallback])

    def object(self, members: Mapping[str, exp.Expression], *, whole: bool = False) -> exp.Expression:
        parts: list[exp.Expression] = []
        for name, value in members.items():
            parts += [text(name), value]
        return call("JSON_OBJECT", *parts)

    def document(self, kept: Mapping[str, exp.Expression], others: Mapping[str, exp.Expression]) -> exp.Expression:
        # A merge patch drops what is null in the patch, at every depth, and leaves the nulls of its target.
        return call("JSON_PATCH", self.object(kept), self.object(others))
