"""`ledger:` of a target: where decisions and their effects are kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from campaign_dsl.language.catalog.entry import NAME, Entry, Secret, Text
from campaign_dsl.language.catalog.kinds import Keys, refuse_other_keys

KEYS: Mapping[str, Keys] = {
    "sqlite": Keys(needed=("path",)),
    "postgres": Keys(needed=("host", "database"), more=("port", "user", "password", "sslmode", "schema")),
}
DEFAULT_SCHEMA = "campaign"


class LedgerSettings(Entry):
    """Where decisions and their effects are kept. Which keys there are depends on ``kind``."""

    kind: Literal["sqlite", "postgres"]
    path: Text | None = Field(None, description="sqlite: path of the file, relative to the workspace")
    host: Text | None = Field(None, description="postgres: address of the server, or the folder of its socket")
    database: Text | None = Field(None, description="postgres: name of the database")
    port: int | None = Field(None, ge=1, le=65535, description="postgres: default is the usual one")
    user: Text | None = Field(None, description="postgres: who runs campaigns; owns the ledger, or may write to it")
    password: Secret | None = Field(None, description="postgres: where the password is")
    sslmode: Literal["disable", "require", "verify-ca", "verify-full"] | None = Field(
        None, description="postgres: as libpq means it; default: what libpq prefers"
    )
    in_schema: Annotated[str, Field(pattern=NAME, max_length=55)] | None = Field(
        None,
        alias="schema",
        description=f"postgres: holds the ledger and nothing else, beside another one with `_staging` after its name; "
        f"default: `{DEFAULT_SCHEMA}`",
    )

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> LedgerSettings:
        refuse_other_keys(self, f"a ledger of kind `{self.kind}`", KEYS[self.kind])
        return self
