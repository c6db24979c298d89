"""JSON in the SQL of PostgreSQL, put together as text: as compact, and in the same order, as SQLite writes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlglot import exp

from campaign_dsl.outcomes.base import Scalar
from campaign_dsl.run.ledger.stores.json_words import call, text


class PostgresJson:
    """See `JsonWords`. Every expression is the text of a JSON value."""

    dialect = "postgres"

    def column(self, name: str) -> exp.Expression:
        return exp.cast(call("TO_JSON", exp.column(name)), "text")

    def constant(self, value: Scalar) -> exp.Expression:
        return exp.null() if value is None else text(json.dumps(value))

    def inside(self, column: str, path: Sequence[str], fallback: Scalar) -> exp.Expression:
        found = call("JSON_EXTRACT_PATH", exp.cast(exp.column(column), "json"), *(text(part) for part in path))
        kept = call("JSON_WITHOUT_NULLS", call("NULLIF", exp.cast(found, "text"), text("null")))
        return self.either(kept, self.constant(fallback))

    def either(self, value: exp.Expression, fallback: exp.Expression) -> exp.Expression:
        return exp.Coalesce(this=value, expressions=[fallback])

    def object(self, members: Mapping[str, exp.Expression], *, whole: bool = False) -> exp.Expression:
        if whole:
            members = {name: self.either(value, text("null")) for name, value in members.items()}
        # What has no value has no text either, and is left out where texts are strung together.
        parts = [exp.DPipe(this=text(f"{json.dumps(name)}:"), expression=value) for name, value in members.items()]
        if not parts:
            return text("{}")
        strung = call("CONCAT_WS", text(","), *parts)
        return exp.DPipe(this=exp.DPipe(this=text("{"), expression=strung), expression=text("}"))

    def document(self, kept: Mapping[str, exp.Expression], others: Mapping[str, exp.Expression]) -> exp.Expression:
        null = text("null")
        return self.object({**{name: self.either(value, null) for name, value in kept.items()}, **others})
