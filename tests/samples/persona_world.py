"""Personas of the sample campaigns: a few people, what they did, and what the campaign should decide for each.

A file `<campaign>.yaml` beside this one says:

- `as_of`: the instant T; `since`: the instant W, a day before T unless it is given; `before`: of each audience who was
  in it when it was looked at last, for campaigns that watch one.
- `personas`, by customer id. `is`: attributes, where they differ from `ANYBODY`. `did`: events, as in
  `{purchase: 2026-06-15T13:00:00Z, sku: muffin}`; ids count from 1 in the order of the file. `has`: rows of other
  tables, by table. `left`: conversations she is not subscribed to.
- What comes of it. `gets`: for each occasion its key, and its outcomes as `<identity> <amount or value>`; maybe the
  segment, the variant, the language, what its messages say (`says`), and what comes when (`at`). `lost`: the stage at
  which she is lost, or for each occasion its stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from campaign_dsl.language.catalog.model import Attribute, Catalog, Event
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.sample.places import STORES
from campaign_dsl.run.sample.shoes import products
from campaign_dsl.workspace import Workspace

HERE = Path(__file__).parent
ROOT = HERE.parents[1] / "campaigns"
CHANGED_AT = ".changed_at"
LONG_AGO = datetime(2024, 3, 10, 15, tzinfo=UTC)
ANYBODY: dict[str, Any] = {
    "first_name": None,
    "birth_date": date(1990, 1, 31),
    "status": "good",
    "tier": "member",
    "enrolled_on": date(2024, 3, 10),
    "country": "US",
    "region": "MA",
    "language": "en",
    "time_zone": "America/New_York",
    "email_consent": True,
    "sms_consent": True,
    "push_consent": True,
    "is_employee": False,
    "plan": "none",
    "tier.changed_at": LONG_AGO,
}
"""A member from Boston without a name, who allows everything."""

IDS = ("event_id", "entry_id", "wallet_id", "order_id", "case_id", "decision_id")
"""Columns with the id of a row; a table has one of them at most."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Decision:
    """What one occasion of one persona comes to.

    Attributes:
        lost: the stage; None when she gets it.
        outcomes: by identity the amount or the value; None where there is neither.
    """

    lost: str | None
    outcomes: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    at: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Personas:
    """The file of one campaign.

    Attributes:
        tables: rows by column.
        decisions: by persona and key of the occasion.
        nothing: personas who are nobody the campaign happens for, and the stage they do not reach.
    """

    campaign: str
    as_of: datetime
    since: datetime
    before: Mapping[str, frozenset[str]]
    tables: Mapping[str, list[Row]]
    decisions: Mapping[tuple[str, str], Decision]
    nothing: Mapping[str, str]


@cache
def workspace() -> Workspace:
    """The workspace of the samples, checked."""
    loaded = Workspace.load(ROOT)
    loaded.check()
    return loaded


def persona_files() -> list[str]:
    """The campaigns that have personas."""
    return sorted(path.name.removesuffix(".yaml") for path in HERE.glob("*.yaml"))


def personas(campaign: str, catalog: Catalog) -> Personas:
    """The personas of a campaign."""
    said = yaml.safe_load((HERE / f"{campaign}.yaml").read_text(encoding="utf-8"))
    unknown = said.keys() - {"as_of", "since", "before", "personas"}
    assert not unknown, f"{campaign}: {unknown}"
    tables: dict[str, list[Row]] = {
        "stores": [each._asdict() for each in STORES],
        "products": [each._asdict() for each in products()],
    }
    decisions: dict[tuple[str, str], Decision] = {}
    nothing: dict[str, str] = {}
    for name, persona in said["personas"].items():
        unknown = persona.keys() - {"why", "is", "did", "has", "left", "gets", "lost"}
        assert not unknown, f"{campaign}, {name}: {unknown}"
        assert persona.keys() & {"gets", "lost"}, f"{campaign}, {name}: nothing is expected"
        for table, row in _rows(name, persona, catalog, tables):
            tables.setdefault(table, []).append(row)
        lost = persona.get("lost", {})
        if isinstance(lost, str):
            nothing[name] = lost
            lost = {}
        decisions |= {(name, str(key)): Decision(stage) for key, stage in lost.items()}
        decisions |= {(name, str(each["key"])): _decision(each) for each in persona.get("gets", ())}
    as_of = said["as_of"]
    return Personas(
        campaign,
        as_of,
        said.get("since", as_of - timedelta(days=1)),
        {audience: frozenset(members) for audience, members in said.get("before", {}).items()},
        tables,
        decisions,
        nothing,
    )


def _decision(said: Mapping[str, Any]) -> Decision:
    unknown = said.keys() - {"key", "outcomes", "says", "at", "segment", "variant", "language"}
    assert not unknown, unknown
    outcomes: dict[str, Any] = {}
    for each in said["outcomes"]:
        identity, _, amount = each.partition(" ")
        outcomes[identity] = amount or None
    groups = {axis: said[axis] for axis in ("segment", "variant", "language") if axis in said}
    return Decision(None, outcomes, groups, tuple(said.get("says", ())), said.get("at", {}))


def _rows(
    name: str, said: Mapping[str, Any], catalog: Catalog, tables: Mapping[str, list[Row]]
) -> Iterator[tuple[str, Row]]:
    """The rows of one persona, each with its table."""
    yield catalog.customers.table, _customer(name, said.get("is", {}), catalog)
    for each in said.get("did", ()):
        number = sum(len(tables.get(event.table, ())) for event in _one_of_each_table(catalog)) + 1
        yield _event(name, number, each, catalog)
    listed = {each.table for each in catalog.suppression_lists.values()}
    for table, rows in said.get("has", {}).items():
        for number, row in enumerate(rows, 1):
            owner = {} if table in listed else {"customer_id": name}
            yield table, {**owner, **dict.fromkeys(IDS, number), **row}
    for conversation in catalog.conversations:
        if conversation not in said.get("left", ()):
            row = {"customer_id": name, "conversation": conversation, "subscribed": True}
            yield "subscriptions", {**row, "changed_at": LONG_AGO}


def _one_of_each_table(catalog: Catalog) -> list[Event]:
    return list({event.table: event for event in catalog.events.values()}.values())


def _event(name: str, number: int, said: Mapping[str, Any], catalog: Catalog) -> tuple[str, Row]:
    """The row of an event; its first key is the event's name."""
    (kind, at), *properties = said.items()
    event = catalog.events[kind]
    assert event.kind is not None
    row = {"event_id": number, "customer_id": name, "occurred_at": at, "received_at": at}
    row[event.kind.column] = event.kind.equals
    for key, value in properties:
        if key in ("event_id", "received_at"):
            row[key] = value
        else:
            row |= _columns(key, event.properties[key], value)
    return event.table, row


def _columns(name: str, attribute: Attribute, value: Any) -> Row:
    """A value by the columns it is kept in: a place has two."""
    if attribute.type is Kind.GEO:
        return dict(zip((str(attribute.latitude), str(attribute.longitude)), value, strict=True))
    return {attribute.column_of(name): value}


def _customer(name: str, own: Mapping[str, Any], catalog: Catalog) -> Row:
    reached = {"customer_id": name, "email": f"{name}@example.org", "phone": "+1-617-555-0100"}
    row: Row = {}
    for key, value in (ANYBODY | reached | dict(own)).items():
        attribute = catalog.customers.attributes[key.removesuffix(CHANGED_AT)]
        row |= {str(attribute.changed_at): value} if key.endswith(CHANGED_AT) else _columns(key, attribute, value)
    return row


# ----------------------------------------------------------------------------------------------------- as an engine


def complete(tables: Mapping[str, list[Row]]) -> tuple[duckdb.DuckDBPyConnection, dict[str, list[Row]]]:
    """A database with these rows and no others, and the rows with all of their columns, as typed as the tables are.

    A value of a column that cannot be empty, and that nobody said, is the column's own kind of nothing.
    """
    database = duckdb.connect(config={"threads": 1})
    database.execute("SET TimeZone = 'UTC'")
    database.execute((files("campaign_dsl.run.sample") / "schema.sql").read_text(encoding="utf-8"))
    columns = database.execute(
        "SELECT table_name, column_name, data_type, is_nullable = 'YES' FROM information_schema.columns"
        " WHERE table_schema = 'main' ORDER BY table_name, ordinal_position"
    ).fetchall()
    whole: dict[str, list[Row]] = {}
    for table, rows in tables.items():
        layout = [column[1:] for column in columns if column[0] == table]
        for row in rows:
            wrong = row.keys() - {name for name, _, _ in layout} - set(IDS)
            assert not wrong, f"`{table}` has no {wrong}"
        whole[table] = [{name: _typed(row.get(name), *kind) for name, *kind in layout} for row in rows]
        schema = database.sql(f'SELECT * FROM "{table}" LIMIT 0').to_arrow_table().schema
        database.register("rows", pa.Table.from_pylist(whole[table], schema=schema))
        database.execute(f'INSERT INTO "{table}" SELECT * FROM rows')
        database.unregister("rows")
    return database, whole


_NOTHING: dict[str, Any] = {
    "TIMESTAMP WITH TIME ZONE": LONG_AGO,
    "VARCHAR": "",
    "BIGINT": 0,
    "BOOLEAN": True,
}


def _typed(value: Any, kind: str, nullable: bool) -> Any:
    if value is None:
        return None if nullable else _NOTHING[kind]
    if kind.startswith("DECIMAL"):
        scale = int(kind.partition(",")[2].strip(" )"))
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-scale))
    return value
