"""`engine:` of a target: where customers and events live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from campaign_dsl.language.catalog.entry import Entry, Secret, Text
from campaign_dsl.language.catalog.kinds import Keys, refuse_other_keys

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
        refuse_other_keys(self, f"an engine of kind `{self.kind}`", KEYS[self.kind])
        return self
