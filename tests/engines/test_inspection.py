"""Looking at tables means the same on every engine: what `check --target` finds, and what `catalog pull` drafts.

The tables are described by hand, as the engine would; how each engine describes its own is tested in its room.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

import pyarrow as pa
import pytest
from warehouse import CHOSEN, load, warehouse

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.stored import Inventory, StoredColumn, StoredTable, StoredType
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.run.engines.protocol import Engine
from campaign_dsl.run.inspection.comparing import compare
from campaign_dsl.run.inspection.guessing import drafted
from campaign_dsl.run.inspection.profiling import profiled
from campaign_dsl.run.inspection.writing import written

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "customers": {
        "id": pa.int64(),
        "zone": pa.string(),
        "born": pa.date32(),
        "tier": pa.string(),
        "spent": pa.decimal128(12, 2),
        "lat": pa.float64(),
        "lon": pa.float64(),
    },
    "events": {
        "event_id": pa.int64(),
        "customer_id": pa.int64(),
        "kind": pa.string(),
        "occurred_at": pa.timestamp("us", "UTC"),
        "received_at": pa.timestamp("us", "UTC"),
        "sku": pa.string(),
    },
    "products": {"sku": pa.string(), "na\"me's": pa.string()},
}
KINDS = {
    "int64": Kind.INTEGER,
    "string": Kind.TEXT,
    "date32[day]": Kind.DATE,
    "decimal128(12, 2)": Kind.DECIMAL,
    "double": Kind.DECIMAL,
    "timestamp[us, tz=UTC]": Kind.TIMESTAMP,
}
CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  attributes:
    id:    {type: integer, nullable: false}
    zone:  {type: text}
    born:  {type: date}
    tier:  {type: enum, values: [silver, gold], nullable: false}
    spent: {type: decimal}
    home:  {type: geo, latitude: lat, longitude: lon}
events:
  purchase:
    table: events
    kind: {column: kind, equals: purchase}
    received_at: received_at
    properties:
      sku: {type: text, dimension: products}
  visit:
    table: events
    kind: {column: kind, equals: visit}
    received_at: received_at
    fresh_within: 2 days
dimensions:
  products:
    table: products
    key: sku
    attributes:
      sku:  {type: text, nullable: false}
      name: {type: enum, values: [Shoe], column: 'na"me''s'}
"""


class Asking:
    """The chosen engine with tables that are described here."""

    name = dialect = CHOSEN[0]

    def __init__(self) -> None:
        self.dialect = CHOSEN[0]

    def read(self, query: str) -> pa.RecordBatchReader:
        return warehouse().ask(query).to_reader()

    def tables(self) -> Inventory:
        loose = CHOSEN[0] == "sqlite"
        made = []
        for name, columns in COLUMNS.items():
            types = {each: StoredType(str(type_), KINDS[str(type_)], loose=loose) for each, type_ in columns.items()}
            made.append(StoredTable((name,), name, tuple(StoredColumn(each, type_) for each, type_ in types.items())))
        return Inventory(tuple(made), ignores_case=False)


def asking() -> Engine:
    return cast(Engine, Asking())


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def customer(id: int | None, **other: Any) -> dict[str, Any]:
    sound = {"zone": "Europe/Berlin", "born": date(1990, 5, 1), "tier": "gold", "spent": Decimal("1.50")}
    return {"id": id, **sound, "lat": 52.5, "lon": 13.4, **other}


def event(id: int | None, kind: str, **other: Any) -> dict[str, Any]:
    came = {"occurred_at": moment("2026-06-15T10:00"), "received_at": moment("2026-06-15T10:05")}
    return {"event_id": id, "customer_id": 1, "kind": kind, **came, "sku": "a", **other}


SOUND: dict[str, list[dict[str, Any]]] = {
    "customers": [customer(1), customer(2, zone=None, born=None, spent=None, lat=None, lon=None)],
    "events": [event(1, "purchase"), event(1, "purchase"), event(1, "visit", customer_id=2)],
    "products": [{"sku": "a", "na\"me's": "Shoe"}, {"sku": "b", "na\"me's": None}],
}


def findings(rows: dict[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    load(COLUMNS, rows)
    catalog, positions, problems = load_catalog(SourceFile("catalog.yaml", CATALOG))
    assert problems == ()
    assert catalog is not None
    return [(each.code, each.message) for each in compare(asking(), catalog, positions, NOW)]


def test_sound_tables() -> None:
    assert findings(SOUND) == []


def test_every_kind_of_finding() -> None:
    rows = {
        "customers": [
            *SOUND["customers"],
            customer(None),
            customer(1, tier="Gold", zone="PST"),
            customer(3, tier=None, born=date(2199, 1, 1), zone=""),
            customer(4, tier="bronze", lat=91.5),
            customer(5, tier="bronze", zone="Mars/Phobos"),
        ],
        "events": [
            event(1, "purchase", occurred_at=moment("2026-06-01T00:00"), received_at=moment("2026-06-01T00:00")),
            event(1, "purchase", occurred_at=moment("2026-06-02T00:00"), received_at=None),
            event(None, "purchase", occurred_at=moment("2026-06-17T00:00"), received_at=None),
            event(9, "visit", occurred_at=moment("2026-06-12T00:00"), received_at=moment("2026-06-12T00:00")),
        ],
        "products": [{"sku": "a", "na\"me's": "Shoe"}, {"sku": "a", "na\"me's": 'it\'s "new"'}],
    }
    assert [(code, message.partition(" row: `2")[0]) for code, message in findings(rows)] == [
        ("DAT027", "1 key stands in several rows of `customers`, such as `1`"),
        ("DAT027", "`id`, the key of customers, is missing in 1 row of `customers`"),
        (
            "DAT026",
            "`zone` of customers is no zone of the tz database in 3 rows: `` (1), `Mars/Phobos` (1), `PST` (1), ...",
        ),
        ("DAT030", "`born` of customers lies before 1900 or in the future in 1"),
        (
            "DAT025",
            "`tier` of customers has values in 3 rows that are none of its words: `bronze` (2), `Gold` (1)",
        ),
        ("DAT024", "`tier` of customers is missing in 1 row, and the catalog says that it never is"),
        ("DAT030", "`home` of customers is nowhere on the map in 1 row"),
        ("DAT028", "1 id stands for several different rows of event `purchase`, such as `1`"),
        ("DAT028", "`customer_id`, `event_id` or `occurred_at` is missing in 1 row of event `purchase`"),
        ("DAT030", "`occurred_at` of event `purchase` lies more than a day ahead in 1"),
        ("DAT029", "the newest row of event `visit` is 3 days old: it is of 2026-06-12 00:00 UTC"),
        ("DAT027", "1 key stands in several rows of `products`, such as `a`"),
        (
            "DAT025",
            '`name` of dimension `products` has values in 1 row that are none of its words: `it\'s "new"` (1)',
        ),
    ]


def test_empty_tables() -> None:
    assert findings({}) == [
        ("DAT031", "table `customers` is empty"),
        ("DAT031", "table `events` is empty"),
        ("DAT031", "table `products` is empty"),
    ]


DRAFT = """\
# draft

# guess: these are the customers, by its name, its key and its columns; 40 rows
customers:
  table: customers
  key: id  # guess: its 40 values differ
  birth_date: born  # guess: by its name
  time_zone: zone  # guess: by its name
  attributes:
    id:       {type: integer, nullable: false}  # guess: a key is never missing
    zone:     {type: text}
    born:     {type: date, pii: true}  # guess: personal, by its name
    tier:     {type: enum, values: ['it''s', silver]}  # guess: few values: it's 20, silver 20
    spent:    {type: decimal}
    location: {type: geo, latitude: lat, longitude: lon, pii: true}  # guess: two columns called like degrees

events:
  # guess: an event of its own, by the words of `kind`; 20 rows
  purchase:
    table: events
    kind: {column: kind, equals: purchase}
    received_at: received_at  # guess: when it arrived, by its name
    properties:
      sku: {type: text, dimension: products}  # guess: called like its key
  # guess: an event of its own, by the words of `kind`; 20 rows
  visit:
    table: events
    kind: {column: kind, equals: visit}
    received_at: received_at  # guess: when it arrived, by its name

dimensions:
  # guess: other tables point to it; 22 rows
  products:
    table: products
    key: sku  # guess: its 22 values differ
    attributes:
      sku:     {type: text, nullable: false}  # guess: a key is never missing
      na_me_s: {type: text, column: 'na"me''s'}
"""


def test_a_draft() -> None:
    rows = {
        "customers": [customer(i, tier=("silver", "it's")[i % 2]) for i in range(40)],
        "events": [
            event(i, ("purchase", "visit")[i % 2], customer_id=i % 7, sku=None if i % 2 else "a") for i in range(40)
        ],
        "products": [{"sku": f"s{i}", "na\"me's": f"n{i}"} for i in range(22)],
    }
    load(COLUMNS, rows)
    engine = asking()
    text = written(drafted(profiled(engine, engine.tables().tables)), ["draft"])
    assert text == DRAFT


@pytest.mark.parametrize("rows", [0, 1])
def test_a_draft_of_next_to_nothing(rows: int) -> None:
    load(COLUMNS, {"customers": [customer(i) for i in range(rows)]})
    engine = asking()
    text = written(drafted(profiled(engine, engine.tables().tables)), ["draft"])
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert problems == ()
    assert catalog is not None
