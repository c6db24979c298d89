"""Where a ledger is: a SQLite file, or a schema of a PostgreSQL database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class PostgresPlace:
    """A schema of a PostgreSQL database.

    Attributes:
        host: address of the server, or the folder of its socket.
        schema: holds the ledger and nothing else; a second one, named after it, holds rows on their way into it.
    """

    host: str
    database: str
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    sslmode: str | None = None
    schema: str = "campaign"

    def __str__(self) -> str:
        """As messages name it. No password is in it, and nothing from which one could be made."""
        return f"schema `{self.schema}` of `{self.database}` on `{self.host}`"


Place = Path | PostgresPlace
"""A path is that of a SQLite file."""
