"""How values of PostgreSQL become Python's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from psycopg.adapt import Loader


class Whole(Loader):
    """Sums of whole numbers come as `numeric`; a ledger has no other numbers."""

    def load(self, data: Any) -> int:
        return int(Decimal(bytes(data).decode()))
