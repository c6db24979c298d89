"""Tables of ClickHouse, declared as people declare them there, beside a catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chdb.session import Session
from commandline import Done, call

from campaign_dsl.workspace import Workspace

SETTINGS = """\
name: brand
timezone: UTC
policies: {leap_day: feb_28, misfire: skip, consent: not_required, quiet: none}
default_target: local
targets:
  local:
    engine: {kind: clickhouse, path: shop, database: crm}
    ledger: {kind: sqlite, path: ledger.sqlite}
    delivery: sandbox
"""
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
    grade: {type: enum, values: [low, high], ordered: true, nullable: false}
    code:  {type: text, nullable: false}
    spent: {type: decimal}
    vip:   {type: boolean, nullable: false}
    seen:  {type: timestamp, nullable: false}
    likes: {type: list, of: text}
    home:  {type: geo, latitude: lat, longitude: lon}
events:
  purchase:
    table: events
    kind: {column: kind, equals: purchase}
    received_at: received_at
    properties:
      amount: {type: decimal}
      count:  {type: integer, nullable: false}
"""
TABLES = """
CREATE DATABASE crm;
CREATE TABLE crm.customers (
    id UInt32, zone LowCardinality(Nullable(String)), born Nullable(Date), tier LowCardinality(String),
    grade Enum8('low' = 1, 'high' = 2), code FixedString(4), spent Nullable(Decimal(12, 2)), vip Bool,
    seen DateTime('Asia/Tokyo'), likes Array(String), lat Nullable(Float64), lon Nullable(Float32)
) ENGINE = MergeTree ORDER BY id;
CREATE TABLE crm.events (
    event_id UInt64, customer_id UInt32, kind Enum16('purchase' = 1, 'visit' = 2), occurred_at DateTime64(3, 'UTC'),
    received_at DateTime('UTC'), amount Nullable(Float64), count UInt16
) ENGINE = MergeTree ORDER BY (customer_id, occurred_at);
INSERT INTO crm.customers VALUES
    (1, 'Europe/Berlin', '1990-05-01', 'gold', 'high', 'ab12', 12.50, 1, '2026-06-15 01:30:00', ['tea'], 52.5, 13.4),
    (2, NULL, NULL, 'silver', 'low', 'cd', NULL, 0, '2026-06-15 12:00:00', [], NULL, NULL);
INSERT INTO crm.events VALUES
    (18446744073709551615, 1, 'purchase', '2026-06-14 10:00:00.123', '2026-06-14 10:05:00', 9.5, 65535),
    (18446744073709551615, 1, 'purchase', '2026-06-14 10:00:00.123', '2026-06-14 10:07:00', 9.5, 65535),
    (2, 2, 'visit', '2026-06-14 11:00:00', '2026-06-14 11:00:00', NULL, 0);
"""


class Shop:
    """A workspace on a folder of ClickHouse."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "workspace.yaml").write_text(SETTINGS, "utf-8")
        (root / "catalog.yaml").write_text(CATALOG, "utf-8")
        self.sql(TABLES)

    def sql(self, statements: str) -> None:
        with Session(str(self.root / "shop")) as session:
            for each in statements.split(";"):
                if each.strip():
                    session.query(each)

    def check(self) -> Done:
        options = ("--target", "local", "--as-of", "2026-06-15", "--format", "json")
        return call("check", "--workspace", self.root, *options)

    def findings(self) -> list[tuple[str, str]]:
        done = self.check()
        assert done.out, done.err
        found: list[dict[str, Any]] = done.json["diagnostics"]
        return [(each["code"], each["message"]) for each in found]

    def who(self, predicate: str) -> str:
        done = call("audience", predicate, "--workspace", self.root, "--as-of", "2026-06-15", "--json")
        assert done.code == 0, done.out + done.err
        return " ".join(sorted(map(str, done.json["ids"])))


@pytest.fixture
def brand(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_sound_catalog(brand: Shop) -> None:
    """Two types are doubtful, and that is said."""
    assert brand.findings() == [
        ("DAT022", "`code` of customers is a text, but column `code` of `customers` is `FixedString(4)`"),
        ("DAT022", "`amount` of event `purchase` is a decimal, but column `amount` of `events` is `Nullable(Float64)`"),
    ]


@pytest.mark.parametrize(
    ("predicate", "wanted"),
    [
        ("zone is known", "1"),
        ("born < 2000-01-01", "1"),
        ("tier = gold", "1"),
        ("tier in [silver, gold]", "1 2"),
        ("grade >= high", "1"),
        ("grade < high", "2"),
        ('code = "ab12"', "1"),
        ('code = "cd"', "2"),
        ("spent >= 12.5", "1"),
        ("vip", "1"),
        ("not vip", "2"),
        ("seen < 2026-06-15T03:00", "1"),
        ('likes contains "tea"', "1"),
        ("likes is empty", "2"),
        ("did purchase in last 3 days", "1"),
        ("did purchase at least 2 times ever", ""),
        ("sum of purchase.amount in last 3 days = 9.5", "1"),
        ("largest of purchase.count in last 30 days > 65534", "1"),
        ("did not purchase ever", "2"),
    ],
)
def test_columns_as_people_declare_them(brand: Shop, predicate: str, wanted: str) -> None:
    assert brand.who(predicate) == wanted


CASES = {
    "a table that is gone": (
        "DROP TABLE crm.events",
        ("DAT020", "there is no table `events`, which event `purchase` needs"),
    ),
    "a column that is gone": (
        "ALTER TABLE crm.customers DROP COLUMN spent",
        ("DAT021", "table `customers` has no column `spent`, where customers has `spent`"),
    ),
    "a column of another type": (
        "ALTER TABLE crm.customers MODIFY COLUMN spent Nullable(String)",
        ("DAT022", "`spent` of customers is a decimal, but column `spent` of `customers` is `Nullable(String)`"),
    ),
    "words that are none": (
        "ALTER TABLE crm.customers UPDATE tier = 'GOLD' WHERE id = 1 SETTINGS mutations_sync = 1",
        ("DAT025", "`tier` of customers has values in 1 row that are none of its words: `GOLD` (1)"),
    ),
    "zones that are none": (
        "ALTER TABLE crm.customers UPDATE zone = 'PST' WHERE id = 2 SETTINGS mutations_sync = 1",
        ("DAT026", "`zone` of customers is no zone of the tz database in 1 row: `PST` (1)"),
    ),
    "nothing new for long": (
        "ALTER TABLE crm.events UPDATE received_at = '2026-05-01 00:00:00' WHERE 1 SETTINGS mutations_sync = 1",
        ("DAT029", "the newest row of `events` is 45 days old: it is of 2026-05-01 00:00 UTC"),
    ),
}
USUAL = (
    "ALTER TABLE crm.customers MODIFY COLUMN code String;"
    "ALTER TABLE crm.events MODIFY COLUMN amount Nullable(Decimal(9, 2))"
)


@pytest.mark.parametrize("name", CASES)
def test_one_change_of_the_tables_one_finding(brand: Shop, name: str) -> None:
    change, expected = CASES[name]
    brand.sql(f"{USUAL}; {change}")
    assert brand.findings() == [expected]


def test_a_draft_of_the_tables(brand: Shop) -> None:
    (brand.root / "catalog.yaml").unlink()
    done = call("catalog", "pull", "--workspace", brand.root)
    assert (done.code, done.err) == (0, "")
    (brand.root / "catalog.yaml").write_text(done.out, "utf-8")
    loaded = Workspace.load(brand.root)
    assert loaded.check() == ()
    assert loaded.catalog is not None
    attributes = loaded.catalog.customers.attributes
    found = {name: str(each.type) for name, each in attributes.items()}
    assert {name: found.get(name) for name in ("id", "born", "spent", "vip", "seen", "likes")} == {
        "id": "integer",
        "born": "date",
        "spent": "decimal",
        "vip": "boolean",
        "seen": "timestamp",
        "likes": "list",
    }
    assert set(loaded.catalog.events) == {"purchase", "visit"}
    assert [each for each in brand.findings() if each[0] != "DAT022"] == []


CAMPAIGN = """\
campaign liked {
  title "Liked"
  kind promotion
  owner "loyalty@brand.example"
  timezone "UTC"
  audience { where PREDICATE }
  behavior {
    on anniversary of born, at 09:00
    limit once per year
  }
  outcomes { record purchase with count = 1 }
}
"""


DIMENSION = """\
dimensions:
  things:
    table: things
    key: sku
    attributes:
      sku:  {type: text, nullable: false}
      tags: {type: list, of: text}
"""


@pytest.mark.parametrize("predicate", ["likes is missing", "likes is known", "zone.tags is empty"])
def test_asking_whether_a_list_is_missing_is_refused(brand: Shop, predicate: str) -> None:
    """That of a dimension is, where there is no row to look at."""
    changed = CATALOG.replace("zone:  {type: text}", "zone:  {type: text, dimension: things}") + DIMENSION
    (brand.root / "catalog.yaml").write_text(changed, "utf-8")
    (brand.root / "liked.campaign").write_text(CAMPAIGN.replace("PREDICATE", predicate), "utf-8")
    for command in (("check",), ("audience", predicate)):
        done = call(*command, "--workspace", brand.root)
        assert done.code == 1
        assert "CMP016" in done.err + done.out
        assert "a list is never missing, only empty" in done.err + done.out
