"""The tables of a SQLite file beside a catalog. Any value can stand in any column there."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "doors"))

from commandline import Done, call, settings

from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.run.engines.sqlite import SQLiteEngine
from campaign_dsl.workspace import Workspace

SETTINGS = settings(kind="sqlite", database="shop.sqlite")
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
    vip:   {type: boolean}
    likes: {type: list, of: text}
    home:  {type: geo, latitude: lat, longitude: lon}
events:
  purchase:
    table: events
    kind: {column: kind, equals: purchase}
    received_at: received_at
    properties:
      amount: {type: decimal}
"""
TABLES = """
CREATE TABLE customers (
    id INTEGER PRIMARY KEY, zone TEXT, born DATE, tier VARCHAR(10), spent DECIMAL(12, 2), vip, likes JSON, lat REAL,
    lon REAL
);
CREATE TABLE events (
    event_id INT, customer_id INT, kind TEXT COLLATE NOCASE, occurred_at TIMESTAMP, received_at TEXT, amount NUMERIC
);
INSERT INTO customers VALUES (1, 'Europe/Berlin', '1990-05-01', 'gold', '12.50', 1, '["tea"]', 52.5, 13.4),
    (2, NULL, NULL, 'silver', NULL, NULL, NULL, NULL, NULL);
INSERT INTO events VALUES
    (1, 1, 'purchase', '2026-06-14 10:00:00+00:00', '2026-06-14T10:05:00Z', 9.9),
    (1, 1, 'purchase', '2026-06-14 10:00:00+00:00', '2026-06-14T10:07:00Z', 9.9);
"""


class Shop:
    """A workspace on a SQLite file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "workspace.yaml").write_text(SETTINGS, "utf-8")
        (root / "catalog.yaml").write_text(CATALOG, "utf-8")
        self.sql(TABLES)

    def sql(self, statements: str) -> None:
        connection = sqlite3.connect(self.root / "shop.sqlite")
        connection.executescript(statements)
        connection.close()

    def check(self) -> Done:
        options = ("--target", "local", "--as-of", "2026-06-15", "--format", "json")
        return call("check", "--workspace", self.root, *options)

    def findings(self) -> list[tuple[str, str]]:
        found: list[dict[str, Any]] = self.check().json["diagnostics"]
        return [(each["code"], each["message"]) for each in found]


@pytest.fixture
def brand(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_sound_catalog(brand: Shop) -> None:
    assert brand.findings() == []


CASES = {
    "a table that is gone": (
        "DROP TABLE events",
        ("DAT020", "there is no table `events`, which event `purchase` needs"),
    ),
    "a column that is gone": (
        "ALTER TABLE customers DROP spent",
        ("DAT021", "table `customers` has no column `spent`, where customers has `spent`"),
    ),
    "text where numbers were promised": (
        "INSERT INTO customers (id, tier, spent) "
        "VALUES (3, 'gold', 'twelve'), (4, 'gold', 'twelve'), (5, 'gold', '1,50')",
        ("DAT023", "3 rows in column `spent` of `customers` cannot be read as a decimal: `twelve` (2), `1,50` (1)"),
    ),
    "text like what stands for a decimal within the engine": (
        "INSERT INTO customers (id, tier, spent) VALUES (3, 'gold', 'none'), (4, 'gold', 'pending')",
        ("DAT023", "2 rows in column `spent` of `customers` cannot be read as a decimal: `none` (1), `pending` (1)"),
    ),
    "text where the key is promised": (
        "INSERT INTO events VALUES (2, 'one', 'purchase', '2026-06-14 09:00', '2026-06-14 09:00', 1)",
        ("DAT023", "1 row in column `customer_id` of `events` cannot be read as an integer: `one` (1)"),
    ),
    "a day that does not exist": (
        "UPDATE customers SET born = '2023-02-29' WHERE id = 1",
        ("DAT023", "1 row in column `born` of `customers` cannot be read as a date: `2023-02-29` (1)"),
    ),
    "an instant in another form": (
        "UPDATE events SET occurred_at = '14/06/2026 10:00'",
        ("DAT023", "2 rows in column `occurred_at` of `events` cannot be read as a timestamp: `14/06/2026 10:00` (2)"),
    ),
    "what is neither true nor false": (
        "UPDATE customers SET vip = 'perhaps' WHERE id = 1",
        ("DAT023", "1 row in column `vip` of `customers` cannot be read as a boolean: `perhaps` (1)"),
    ),
    "what is no list": (
        "UPDATE customers SET likes = '{\"tea\": 1}' WHERE id = 1",
        ("DAT023", '1 row in column `likes` of `customers` cannot be read as a list: `{"tea": 1}` (1)'),
    ),
    "what is no JSON": (
        "UPDATE customers SET likes = 'tea, coffee' WHERE id = 1",
        ("DAT023", "1 row in column `likes` of `customers` cannot be read as a list: `tea, coffee` (1)"),
    ),
    "bytes where a text was promised": (
        "UPDATE customers SET zone = x'FF' WHERE id = 2",
        ("DAT023", "1 row in column `zone` of `customers` cannot be read as a text"),
    ),
    "a missing value": (
        "INSERT INTO customers (id) VALUES (3)",
        ("DAT024", "`tier` of customers is missing in 1 row, and the catalog says that it never is"),
    ),
    "words that are none, whatever the collation": (
        "UPDATE customers SET tier = 'GOLD' WHERE id = 1",
        ("DAT025", "`tier` of customers has values in 1 row that are none of its words: `GOLD` (1)"),
    ),
    "zones that are none": (
        "UPDATE customers SET zone = 'PST' WHERE id = 2",
        ("DAT026", "`zone` of customers is no zone of the tz database in 1 row: `PST` (1)"),
    ),
    "an id of two events": (
        "INSERT INTO events VALUES (1, 2, 'purchase', '2026-06-14 09:00', '2026-06-14 09:00', 1)",
        ("DAT028", "1 id stands for several different rows of event `purchase`, such as `1`"),
    ),
    "nothing new for long": (
        "UPDATE events SET occurred_at = '2026-05-01 00:00', received_at = '2026-05-01 00:00'",
        ("DAT029", "the newest row of `events` is 45 days old: it is of 2026-05-01 00:00 UTC"),
    ),
    "a birth in the future": (
        "UPDATE customers SET born = '2199-01-01' WHERE id = 1",
        ("DAT030", "`born` of customers lies before 1900 or in the future in 1 row: `2199-01-01` (1)"),
    ),
    "nowhere on the map": (
        "UPDATE customers SET lat = -90.5 WHERE id = 1",
        ("DAT030", "`home` of customers is nowhere on the map in 1 row"),
    ),
    "an event in other letters": (
        "UPDATE events SET kind = 'Purchase'",
        ("DAT031", "no row of `events` has `purchase` in `kind`, so there is no event `purchase`"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_change_of_the_tables_one_finding(brand: Shop, name: str) -> None:
    change, expected = CASES[name]
    brand.sql(change)
    assert brand.findings() == [expected]


def test_what_a_file_says_of_its_tables(tmp_path: Path) -> None:
    database = tmp_path / "x.sqlite"
    connection = sqlite3.connect(database)
    connection.executescript(
        'CREATE TABLE "a b" ("c""d" INTEGER PRIMARY KEY, e VARCHAR(3) NOT NULL, f, g DOUBLE, "ö" WHATEVER(1, 2));'
        'CREATE VIEW "Größe" AS SELECT e FROM "a b"; CREATE TABLE "x.y" (z DATE); CREATE TABLE n (m NUMERIC)'
    )
    connection.close()
    engine = SQLiteEngine(database)
    inventory = engine.tables()
    engine.close()
    assert [(each.names, [column.name for column in each.columns]) for each in inventory.tables] == [
        (("Größe", "main.Größe"), ["e"]),
        (("a b", "main.a b"), ['c"d', "e", "f", "g", "ö"]),
        (("n", "main.n"), ["m"]),
        ((), ["z"]),
    ]
    table = inventory.table("A B")
    assert table is not None
    assert [(each.type.kind, each.nullable) for each in table.columns] == [
        (Kind.INTEGER, False),
        (Kind.TEXT, False),
        (None, True),
        (Kind.DECIMAL, True),
        (None, True),
    ]
    assert all(each.type.loose for each in table.columns)


def test_a_file_that_is_read_only(brand: Shop) -> None:
    before = (brand.root / "shop.sqlite").read_bytes()
    (brand.root / "shop.sqlite").chmod(0o444)
    assert brand.check().code == 0
    assert (brand.root / "shop.sqlite").read_bytes() == before


def test_a_file_that_is_not_there(brand: Shop) -> None:
    (brand.root / "shop.sqlite").unlink()
    done = brand.check()
    assert done.code == 3
    assert "error[ENV002]" in done.err


def test_a_draft_reads_what_stands_in_the_columns(tmp_path: Path) -> None:
    """Declared types are wishes: what all values of a column are is what it is."""
    (tmp_path / "workspace.yaml").write_text(SETTINGS, "utf-8")
    connection = sqlite3.connect(tmp_path / "shop.sqlite")
    connection.executescript(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, born TEXT, spent, visits, score DECIMAL,"
        " seen TEXT, photo BLOB);"
        "CREATE TABLE events (event_id INT, customer_id INT, kind TEXT, occurred_at TEXT, amount REAL)"
    )
    rows = [
        (i, f"p{i}@mail.example", "1990-05-01", "1.50", i, "x" if i else 1, "2026-06-01T10:00:00Z") for i in range(60)
    ]
    connection.executemany("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", rows)
    happened = [(i, i % 7, ("visit", "leave")[i % 2], "2026-06-14T10:00:00Z", 1.5) for i in range(60)]
    connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", happened)
    connection.commit()
    connection.close()
    done = call("catalog", "pull", "--workspace", tmp_path)
    assert (done.code, done.err) == (0, "")
    (tmp_path / "catalog.yaml").write_text(done.out, "utf-8")
    loaded = Workspace.load(tmp_path)
    assert loaded.check() == ()
    assert loaded.catalog is not None
    attributes = loaded.catalog.customers.attributes
    assert {name: str(each.type) for name, each in attributes.items()} == {
        "id": "integer",
        "email": "text",
        "born": "date",
        "spent": "decimal",
        "visits": "integer",
        "score": "enum",
        "seen": "timestamp",
    }
    assert loaded.catalog.customers.birth_date == "born"
    assert list(loaded.catalog.events) == ["leave", "visit"]
    assert "59 values are not `DECIMAL`" in done.out
    assert "guess: all of its values are, though the column is `TEXT`" in done.out
    options = ("--target", "local", "--as-of", "2026-06-15", "--format", "json")
    assert call("check", "--workspace", tmp_path, *options).json["diagnostics"] == []
