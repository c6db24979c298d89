"""SQLite, in a file, asked through the engine."""

from __future__ import annotations

import atexit
import json
import shutil
import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.engines.sqlite import SQLiteEngine
from campaign_dsl.run.engines.sqlite_values import decoded

NO_NUMBER = "-inf"
"""SQLite makes NULL of NaN."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def declared(kind: pa.DataType) -> str:
    """As people declare columns. Of texts the collation is the one that must not be seen in any answer."""
    if pa.types.is_string(kind):
        return "TEXT COLLATE NOCASE"
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_floating(kind):
        return "REAL"
    if pa.types.is_integer(kind):
        return "INTEGER"
    # A decimal as TEXT: columns declared DECIMAL make binary floats of it.
    return "TEXT"


def written(value: Any, kind: pa.DataType) -> Any:
    """A value as a column holds it."""
    if value is None:
        return None
    if pa.types.is_list(kind) or pa.types.is_struct(kind):
        return json.dumps(as_json(value), ensure_ascii=False)
    match value:
        case bool():
            return int(value)
        case datetime() if value.tzinfo is not None and value.microsecond % 2:  # both of the usual forms
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case datetime():
            return value.replace(tzinfo=None).isoformat(sep=" ")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def as_json(value: Any) -> Any:
    match value:
        case list():
            return [as_json(item) for item in value]
        case dict():
            return {name: as_json(item) for name, item in value.items()}
        case None | bool() | int() | str():
            return value
    return written(value, pa.string())


def fill(path: Path, tables: Mapping[str, pa.Table]) -> None:
    """Makes a file with these tables."""
    with sqlite3.connect(path) as connection:
        filled(connection, tables)
    connection.close()


def filled(connection: sqlite3.Connection, tables: Mapping[str, pa.Table]) -> None:
    for name, rows in tables.items():
        columns = [f"`{field.name}` {declared(field.type)}" for field in rows.schema]
        connection.execute(f"DROP TABLE IF EXISTS `{name}`")
        connection.execute(f"CREATE TABLE `{name}` ({', '.join(columns)})")
        kinds = [field.type for field in rows.schema]
        marks = ", ".join("?" * len(kinds))
        made = (
            [written(value, kind) for value, kind in zip(row.values(), kinds, strict=True)] for row in rows.to_pylist()
        )
        connection.executemany(f"INSERT INTO `{name}` VALUES ({marks})", made)
    connection.commit()


class Warehouse:
    """A file; tables are made anew for each scene."""

    def __init__(self) -> None:
        folder = Path(mkdtemp(prefix="campaign-sqlite-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        self.path = folder / "warehouse.sqlite"
        self._writer = sqlite3.connect(self.path)
        self._writer.execute("PRAGMA synchronous = OFF")
        self._writer.execute("PRAGMA journal_mode = MEMORY")
        self._writer.execute("CREATE TABLE empty (place INTEGER)")
        self._writer.commit()
        self._engine = SQLiteEngine(self.path)

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        filled(self._writer, tables)

    def ask(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.Table:
        return self._engine.read(query, relations).read_all()

    def as_kind(self, found: Any, kind: Kind) -> Any:
        """What a value of SQLite stands for."""
        match kind:
            case Kind.BOOLEAN:
                return bool(found)
            case Kind.DATE:
                return date.fromisoformat(found)
            case Kind.TIME:
                return time.fromisoformat(found)
            case Kind.TIMESTAMP:
                return EPOCH + timedelta(microseconds=found)
            case Kind.DURATION:
                return timedelta(microseconds=found)
            case Kind.DECIMAL:
                return decoded(found)
        return found
