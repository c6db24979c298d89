"""PostgreSQL, a server of the tests' own, asked through the engine."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.types as kinds
from postgres_server import server
from psycopg import sql

from campaign_dsl.run.engines.postgres import PostgresEngine

NUL = "\x01"
"""Texts cannot hold the character NUL there."""


class Warehouse:
    """One database, whose collation is not that of code points; tables are made anew for each scene."""

    def __init__(self) -> None:
        name = server().database(f"tests_{os.getpid()}")
        self.connection = server().connect(name)
        self.engine = PostgresEngine(str(server().host), name, server().port, "postgres")
        atexit.register(self.close)

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        """Lists of plain values are arrays, records and lists of them JSONB."""
        self.engine.close()  # it would go on seeing what was there when it was first asked
        for name, rows in tables.items():
            create(self.connection, name, rows)

    def ask(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.Table:
        return self.engine.read(query, relations).read_all()

    def close(self) -> None:
        self.engine.close()
        self.connection.close()


def create(connection: psycopg.Connection, name: str, rows: pa.Table) -> None:
    """A table with these rows, instead of one that may be there. ``name`` may have a schema."""
    table = sql.Identifier(*name.split("."))
    columns = sql.SQL(", ").join(sql.Identifier(field.name) + sql.SQL(" " + kind(field.type)) for field in rows.schema)
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(table))
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
            written = [[value(each, column.type) for each in column.to_pylist()] for column in rows.columns]
            for row in zip(*written, strict=True):
                copy.write_row(row)


_KINDS = {
    "string": "text", "large_string": "text", "int16": "smallint", "int32": "integer", "int64": "bigint",
    "bool": "boolean", "double": "double precision", "date32[day]": "date", "time64[us]": "time",
}  # fmt: skip


def kind(type_: pa.DataType) -> str:
    """The type of a column."""
    if kinds.is_decimal(type_):
        return f"numeric({type_.precision}, {type_.scale})"
    if kinds.is_timestamp(type_):
        return "timestamptz" if type_.tz else "timestamp"
    if kinds.is_struct(type_) or (kinds.is_list(type_) and kinds.is_nested(type_.value_type)):
        return "jsonb"
    if kinds.is_list(type_):
        return kind(type_.value_type) + "[]"
    return _KINDS[str(type_)]


def value(each: Any, type_: pa.DataType) -> Any:
    """A value as it is written into a column of that type."""
    return json.dumps(each, default=_written) if each is not None and kind(type_) == "jsonb" else each


def _written(each: Any) -> Any:
    if isinstance(each, date | datetime):
        return each.isoformat()
    assert isinstance(each, Decimal)
    return float(each)
