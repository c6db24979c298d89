"""The sample's catalog over a handful of customers, and one campaign asked about them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import COLUMNS, campaign_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.occurrences import occurrences
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.workspace import Workspace

SAMPLE = Path(__file__).parents[2] / "campaigns"
CAMPAIGN = """\
campaign gift {
  kind promotion
  timezone customer else "America/New_York"
  audience {
    AUDIENCE
  }
  behavior {
    on anniversary of birth_date, SHIFT at 09:00
  }
  outcomes {
    OUTCOMES
  }
  message note external {
    via braze variant birthday_triggered
    settings { braze_campaign_id "x" }
    properties {
      first_name  customer.first_name else "friend"
      PROPERTIES
    }
  }
}
"""
T = datetime(2026, 6, 15, 12, tzinfo=UTC)
CUSTOMER: Mapping[str, Any] = {
    "first_name": "Ada",
    "email": "ada@example.com",
    "birth_date": date(1990, 6, 15),
    "status": "good",
    "tier": "member",
    "enrolled_on": date(2020, 1, 1),
    "email_consent": True,
    "is_employee": False,
}


def campaign_text(
    audience: str = "where status = good",
    shift: str = "",
    outcomes: str = "tag birthday_gift for 30 days\n    send note",
    properties: str = "",
) -> str:
    text = CAMPAIGN.replace("AUDIENCE", audience).replace("SHIFT ", f"{shift}, " if shift else "")
    return text.replace("OUTCOMES", outcomes).replace("PROPERTIES", properties)


@dataclass(frozen=True)
class Row:
    """One candidate."""

    customer_id: str
    occurrence: str
    occurrence_day: str
    occurrence_time: str | None
    occurred_at: datetime | None
    zone: str
    segment: str | None
    arm: str | None
    language: str | None
    lost: str | None
    steps: int
    address: str | None
    context: dict[str, Any]
    computed: dict[str, Any]


def candidate(row: Mapping[str, Any]) -> Row:
    """A row of an answer, without its totals."""
    kept = {name: row[name] for name in COLUMNS}
    return Row(**{**kept, "context": json.loads(row["context"]), "computed": json.loads(row["computed"])})


@dataclass
class Shop:
    """A workspace in a folder of its own, and the tables its catalog describes."""

    root: Path
    connection: duckdb.DuckDBPyConnection = field(default_factory=lambda: duckdb.connect(config={"threads": 1}))

    def __post_init__(self) -> None:
        for name in ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv"):
            shutil.copy(SAMPLE / name, self.root / name)
        self.connection.execute("SET TimeZone = 'UTC'")
        schema = (Path(__file__).parents[2] / "src/campaign_dsl/run/sample/schema.sql").read_text("utf-8")
        for statement in schema.split(";"):
            if "CREATE TABLE" in statement:
                self.connection.execute(statement.replace("NOT NULL", ""))

    def write(self, text: str, name: str = "gift.campaign") -> None:
        (self.root / name).write_text(text, "utf-8")

    def workspace(self) -> Workspace:
        workspace = Workspace.load(self.root)
        assert workspace.check() == ()
        return workspace

    def compiled(self, name: str = "gift") -> tuple[ir.Campaign, Plan, Workspace]:
        workspace = self.workspace()
        typed, plan = workspace.typed(name), workspace.plan(name)
        assert typed is not None
        assert plan is not None
        return typed, plan, workspace

    def add(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            marks = ", ".join("?" for _ in row)
            self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))

    def customers(self, *rows: Mapping[str, Any], **more: Mapping[str, Any]) -> None:
        """Customers like Ada, but for what is given; by id, or as whole rows."""
        named = [{"customer_id": key, **row} for key, row in more.items()]
        self.add("customers", [{**CUSTOMER, **row} for row in (*rows, *named)])

    def ask(
        self, as_of: datetime = T, days: Sequence[date] | None = None, name: str = "gift"
    ) -> tuple[dict[str, int], list[Row]]:
        """The totals, and the candidates in the order of their ids and days."""
        typed, _, workspace = self.compiled(name)
        assert workspace.catalog is not None
        query = campaign_query(typed, workspace.catalog, DIALECTS["duckdb"])
        chosen = days if days is not None else [as_of.date()]
        rows = occurrences(typed.triggers, tuple(chosen), typed.leap_day)
        text = render(bind(query, as_of, rows), "duckdb")
        result = self.connection.execute(text)
        names = [each[0] for each in result.description]
        found = result.fetchall()
        assert found
        totals = dict(zip(("customers", "readable", "audience"), found[0][:3], strict=True))
        assert all(row[:3] == found[0][:3] for row in found)
        candidates = [candidate(dict(zip(names, row, strict=True))) for row in found if row[3] is not None]
        assert len(candidates) in (len(found), 0)
        return totals, sorted(candidates, key=lambda row: (row.customer_id, row.occurrence_day))

    def lost(self, as_of: datetime = T) -> dict[str, str | None]:
        return {row.customer_id: row.lost for row in self.ask(as_of)[1]}
