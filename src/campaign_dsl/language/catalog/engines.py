"""`engine:` of a target: where customers and events live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from campaign_dsl.language.catalog.entry import Entry, Misfit, Secret, Text
from campaign_dsl.language.diagnostics.suggest import did_you_mean


@dataclass(frozen=True)
class Keys:
    """Which keys an engine takes.

    Attributes:
        needed: all of these.
        either: exactly one of these.
    """

    needed: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.needed, *self.either, *self.more)


KEYS: Mapping[str, Keys] = {
    "duckdb": Keys(needed=("database",), more=("threads", "memory_mb")),
    "postgres": Keys(needed=("host", "database"), more=("port", "user", "password", "sslmode", "timeout_seconds")),
    "sqlite": Keys(needed=("database",)),
    "clickhouse": Keys(
        either=("path", "host"),
        more=("port", "database", "user", "password", "secure", "timeout_seconds", "memory_mb"),
    ),
    "spark": Keys(needed=("master",), either=("lake", "database"), more=("settings",)),
}


class EngineSettings(Entry):
    """Where customers and events live. Which keys there are depends on ``kind``."""

    kind: Literal["duckdb", "postgres", "spark", "clickhouse", "sqlite"]
    database: Text | None = Field(
        None,
        description="duckdb, sqlite: path of the file, relative to the workspace; "
        "postgres, clickhouse, spark: name of the database",
    )
    threads: int | None = Field(None, ge=1, le=256)
    memory_mb: int | None = Field(
        None,
        ge=64,
        description="duckdb, clickhouse: how much memory it may use; default of duckdb: four fifths of what there is",
    )
    path: Text | None = Field(None, description="clickhouse embedded: folder of its data, relative to the workspace")
    host: Text | None = Field(
        None, description="postgres, clickhouse: address of the server; of postgres also the folder of its socket"
    )
    port: int | None = Field(None, ge=1, le=65535, description="postgres, clickhouse: default is the usual one")
    user: Text | None = Field(None, description="postgres, clickhouse: who asks; being allowed to read is enough")
    password: Secret | None = Field(None, description="postgres, clickhouse: where the password is")
    sslmode: Literal["disable", "require", "verify-ca", "verify-full"] | None = Field(
        None, description="postgres: as libpq means it; default: what libpq prefers"
    )
    secure: bool | None = Field(None, description="clickhouse: whether the server is spoken to by HTTPS")
    timeout_seconds: int | None = Field(
        None, ge=1, le=86_400, description="postgres, clickhouse: after so many seconds a query is cancelled"
    )
    master: Text | None = Field(None, description="spark: `local[*]`, or the cluster, as in `spark://host:7077`")
    lake: Text | None = Field(
        None,
        description="spark: folder with a folder of Parquet files for each table, relative to the workspace, or a URL",
    )
    settings: dict[Text, Annotated[str, Field(max_length=4000)]] = Field(
        default_factory=dict, description="spark: configuration, as in `spark.executor.memory: 4g`"
    )

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> EngineSettings:
        keys = KEYS[self.kind]
        said = [name for name in type(self).model_fields if name != "kind" and getattr(self, name) not in (None, {})]
        for name in said:
            if name not in keys.all:
                help = did_you_mean(name, keys.all, "keys") or "take it out"
                raise Misfit(f"`{name}` is not a key of an engine of kind `{self.kind}`", name, help)
        for name in keys.needed:
            if name not in said:
                raise Misfit(f"an engine of kind `{self.kind}` needs `{name}`", help=f"add `{name}: ...`")
        if keys.either and sum(name in said for name in keys.either) != 1:
            one, other = keys.either
            raise Misfit(f"an engine of kind `{self.kind}` needs exactly one of `{one}` and `{other}`")
        return self
