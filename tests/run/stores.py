"""Where the ledgers of tests are: in the store that `pytest --ledger NAME` chooses, SQLite by default.

For PostgreSQL one server is started for each process of tests, and every ledger is a schema of its one database.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from campaign_dsl.run.ledger import Place, PostgresPlace

CHOSEN = "CAMPAIGN_TEST_LEDGER"
"""Names the variable with the chosen store, and for PostgreSQL the folder of the socket: children see it, too."""


def chosen() -> str:
    return os.environ.get(CHOSEN, "sqlite").partition(" ")[0]


def place(path: Path) -> Place:
    """Where the ledger of a test is that would lie at ``path``."""
    return path if chosen() == "sqlite" else postgres("t" + sha256(str(path).encode()).hexdigest()[:16])


def postgres(schema: str = "campaign") -> PostgresPlace:
    """A ledger on the server of this process, whatever store is chosen."""
    return PostgresPlace(socket(), "ledgers", 5432, "postgres", schema=schema)


@cache
def socket() -> str:
    """The folder of the socket of a server that runs."""
    known = os.environ.get(CHOSEN, "").partition(" ")[2]
    if known:
        return known
    from postgres_server import server

    server().database("ledgers")
    if chosen() == "postgres":
        os.environ[CHOSEN] = f"postgres {server().host}"
    return str(server().host)
