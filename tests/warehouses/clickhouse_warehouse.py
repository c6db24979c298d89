"""ClickHouse, embedded, in a folder, asked through the engine."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow as pa
from chdb.session import Session

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.engines.clickhouse import ClickHouseEngine
from campaign_dsl.run.engines.clickhouse_embedded import Folder


def declared(kind: pa.DataType, within: bool = False) -> str:
    """As people declare columns."""
    if pa.types.is_list(kind):
        return f"Array({declared(kind.value_type)})"
    if pa.types.is_struct(kind):
        fields = ", ".join(f"`{field.name}` {declared(field.type)}" for field in kind)
        return f"Nullable(Tuple({fields}))"
    return f"Nullable({_plain(kind)})"


def _plain(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"Decimal({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind):
        return "DateTime64(6)" if kind.tz is None else f"DateTime64(6, '{kind.tz}')"
    names = {pa.string(): "String", pa.bool_(): "Bool", pa.date32(): "Date32", pa.float64(): "Float64"}
    return names.get(kind) or {8: "Int8", 16: "Int16", 32: "Int32", 64: "Int64"}[kind.bit_width]


def fill(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Makes a folder with these tables, as people keep them."""
    with Session(str(folder)) as writer:
        put(writer, tables, "MergeTree ORDER BY tuple()")


def put(writer: Session, tables: Mapping[str, pa.Table], engine: str) -> None:
    """These tables with these rows; any of them there was before is replaced."""
    for name, rows in tables.items():
        columns = ", ".join(f"{_quoted(field.name)} {declared(field.type)}" for field in rows.schema)
        writer.query(f"DROP TABLE IF EXISTS {_quoted(name)} SYNC")
        writer.query(f"CREATE TABLE {_quoted(name)} ({columns}) ENGINE = {engine}")
        if rows.num_rows:
            _insert(writer, name, rows)


def _insert(writer: Session, name: str, rows: pa.Table) -> None:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    with writer.send_insert(f"INSERT INTO {_quoted(name)}", "ArrowStream") as inserter:
        inserter.append(sink.getvalue().to_pybytes())
        inserter.finish()


class Warehouse:
    """A folder; tables are made anew for each scene."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="campaign-clickhouse-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self._writer = Session(str(self.folder))
        self._writer.query("CREATE TABLE nothing (nothing UInt8) ENGINE = Memory")
        self._engine = ClickHouseEngine(Folder(self.folder))

    def load(self, tables: Mapping[str, pa.Table]) -> None:
        put(self._writer, tables, "Memory")

    def ask(self, query: str, relations: Mapping[str, pa.Table] | None = None) -> pa.Table:
        return self._engine.read(query, relations).read_all()

    def close(self) -> None:
        """Lets go of the folder: a process can use only one."""
        self._engine.close()
        self._writer.close()

    def as_kind(self, found: Any, kind: Kind) -> Any:
        """What a value of ClickHouse stands for."""
        match kind:
            case Kind.BOOLEAN:
                return bool(found)
            case Kind.TIME:
                return time.fromisoformat(found)
        return found


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
