"""`campaign check --target`: the catalog beside the tables of a target. Nothing is opened without it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from commandline import Done, call, settings

Campaign = Callable[..., Done]
AS_OF = "2026-06-15"

SETTINGS = settings(kind="duckdb", database="shop.duckdb")

CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  attributes:
    id:    {type: integer, nullable: false}
    zone:  {type: text}
    born:  {type: date, pii: true}
    tier:  {type: enum, values: [silver, gold], nullable: false}
    spent: {type: decimal}
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
    id BIGINT NOT NULL, zone TEXT, born DATE, tier TEXT, spent DECIMAL(12, 2), lat DOUBLE, lon DOUBLE
);
CREATE TABLE events (
    event_id BIGINT, customer_id BIGINT, kind TEXT, occurred_at TIMESTAMPTZ, received_at TIMESTAMPTZ,
    amount DECIMAL(12, 2)
);
INSERT INTO customers VALUES (1, 'Europe/Berlin', '1990-05-01', 'gold', 12.50, 52.5, 13.4),
    (2, NULL, NULL, 'silver', NULL, NULL, NULL);
INSERT INTO events VALUES
    (1, 1, 'purchase', '2026-06-14 10:00:00+00', '2026-06-14 10:05:00+00', 9.90),
    (1, 1, 'purchase', '2026-06-14 10:00:00+00', '2026-06-14 10:07:00+00', 9.90);
"""
"""Sound, though an event came twice: that it may."""


class Shop:
    """A workspace with a database, of which tests change something."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.catalog(CATALOG)
        (root / "workspace.yaml").write_text(SETTINGS, "utf-8")
        self.sql(TABLES)

    def catalog(self, text: str) -> None:
        (self.root / "catalog.yaml").write_text(text, "utf-8")

    def said_otherwise(self, before: str, after: str) -> None:
        """A catalog in which one thing stands for another."""
        assert before in CATALOG
        self.catalog(CATALOG.replace(before, after))

    def sql(self, statements: str) -> None:
        with duckdb.connect(str(self.root / "shop.duckdb")) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(statements)

    def check(self) -> Done:
        return call("check", "--workspace", self.root, "--target", "local", "--as-of", AS_OF, "--format", "json")

    def findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.check().json["diagnostics"]
        for each in found:
            assert each["path"].endswith("catalog.yaml")
            assert each["why"]
            assert each["help"]
        return found

    def text_at(self, finding: dict[str, Any]) -> str:
        """What the caret of a finding stands below."""
        line = (self.root / "catalog.yaml").read_text("utf-8").split("\n")[finding["line"] - 1]
        return line[finding["column"] - 1 : finding["end_column"] - 1]


@pytest.fixture
def brand(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_sound_catalog(brand: Shop) -> None:
    done = brand.check()
    assert done.json["diagnostics"] == []
    assert done.code == 0


CASES = {
    "a table that is gone": (
        "DROP TABLE events",
        ("DAT020", "error", "events", "there is no table `events`, which event `purchase` needs"),
    ),
    "a table of another name": (
        "ALTER TABLE events RENAME TO event",
        ("DAT020", "error", "events", "there is no table `events`, which event `purchase` needs"),
    ),
    "a column that is gone": (
        "ALTER TABLE customers DROP spent",
        ("DAT021", "error", "spent", "table `customers` has no column `spent`, where customers has `spent`"),
    ),
    "a column that has its name by default": (
        "ALTER TABLE events RENAME event_id TO no",
        (
            "DAT021",
            "error",
            "purchase",
            "table `events` has no column `event_id`, where event `purchase` has by default `id`",
        ),
    ),
    "text where a number was": (
        "ALTER TABLE customers ALTER spent TYPE TEXT",
        (
            "DAT022",
            "error",
            "decimal",
            "`spent` of customers is a decimal, but column `spent` of `customers` is `VARCHAR`",
        ),
    ),
    "an instant where a day was": (
        "ALTER TABLE customers ALTER born TYPE TIMESTAMP",
        ("DAT022", "error", "date", "`born` of customers is a date, but column `born` of `customers` is `TIMESTAMP`"),
    ),
    "bytes where a text was": (
        "ALTER TABLE customers DROP zone; ALTER TABLE customers ADD zone BLOB",
        ("DAT022", "error", "text", "`zone` of customers is a text, but column `zone` of `customers` is `BLOB`"),
    ),
    "binary fractions": (
        "ALTER TABLE events ALTER amount TYPE DOUBLE",
        (
            "DAT022",
            "warning",
            "decimal",
            "`amount` of event `purchase` is a decimal, but column `amount` of `events` is `DOUBLE`",
        ),
    ),
    "a customer's key of another type": (
        "ALTER TABLE events ALTER customer_id TYPE TEXT",
        (
            "DAT022",
            "error",
            "purchase",
            "`customer` of event `purchase` is an integer, but column `customer_id` of `events` is `VARCHAR`",
        ),
    ),
    "a missing value": (
        "INSERT INTO customers (id) VALUES (3), (4)",
        ("DAT024", "error", "false", "`tier` of customers is missing in 2 rows, and the catalog says that it never is"),
    ),
    "words that are none": (
        "INSERT INTO customers (id, tier) VALUES (3, 'Gold'), (4, 'bronze'), (5, 'bronze'), (6, ''), (7, 'x')",
        (
            "DAT025",
            "error",
            "[silver, gold]",
            "`tier` of customers has values in 5 rows that are none of its words: `bronze` (2), `` (1), `Gold` (1), "
            "...",
        ),
    ),
    "zones that are none": (
        "UPDATE customers SET zone = '+02:00' WHERE id = 2",
        ("DAT026", "warning", "zone", "`zone` of customers is no zone of the tz database in 1 row: `+02:00` (1)"),
    ),
    "a zone that only the engine knows": (
        "UPDATE customers SET zone = 'PST' WHERE id = 2",
        ("DAT026", "warning", "zone", "`zone` of customers is no zone of the tz database in 1 row: `PST` (1)"),
    ),
    "a key twice": (
        "INSERT INTO customers (id, tier) VALUES (1, 'gold')",
        ("DAT027", "error", "id", "1 key stands in several rows of `customers`, such as `1`"),
    ),
    "a customer without a key": (
        "ALTER TABLE customers ALTER id DROP NOT NULL; INSERT INTO customers (tier) VALUES ('gold')",
        ("DAT027", "error", "id", "`id`, the key of customers, is missing in 1 row of `customers`"),
    ),
    "an event without a customer": (
        "INSERT INTO events VALUES (7, NULL, 'purchase', '2026-06-14', '2026-06-14', 1)",
        (
            "DAT028",
            "warning",
            "purchase",
            "`customer_id`, `event_id` or `occurred_at` is missing in 1 row of event `purchase`",
        ),
    ),
    "one id for two events": (
        "INSERT INTO events VALUES (1, 2, 'purchase', '2026-06-14', '2026-06-14', 1)",
        ("DAT028", "warning", "purchase", "1 id stands for several different rows of event `purchase`, such as `1`"),
    ),
    "nothing new for long": (
        "UPDATE events SET occurred_at = '2026-05-01', received_at = '2026-05-01'",
        ("DAT029", "warning", "events", "the newest row of `events` is 45 days old: it is of 2026-05-01 00:00 UTC"),
    ),
    "born tomorrow and long ago": (
        "UPDATE customers SET born = '1860-01-01' WHERE id = 1",
        ("DAT030", "warning", "born", "`born` of customers lies before 1900 or in the future in 1 row"),
    ),
    "beyond all years": (
        "UPDATE customers SET born = 'infinity' WHERE id = 1",
        ("DAT030", "warning", "born", "`born` of customers lies before 1900 or in the future in 1 row"),
    ),
    "an event of the future": (
        "INSERT INTO events VALUES (7, 1, 'purchase', '2026-06-16 12:00:00+00', '2026-06-14', 1)",
        (
            "DAT030",
            "warning",
            "purchase",
            "`occurred_at` of event `purchase` lies more than a day ahead in 1 row: `2026-06-16 12:00:00+00` (1)",
        ),
    ),
    "nowhere on the map": (
        "UPDATE customers SET lon = 999 WHERE id = 1",
        ("DAT030", "warning", "lon", "`home` of customers is nowhere on the map in 1 row"),
    ),
    "an empty table": (
        "DELETE FROM events",
        ("DAT031", "warning", "events", "table `events` is empty"),
    ),
    "an event that never was": (
        "UPDATE events SET kind = 'Purchase'",
        (
            "DAT031",
            "warning",
            "purchase",
            "no row of `events` has `purchase` in `kind`, so there is no event `purchase`",
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_change_of_the_tables_one_finding(brand: Shop, name: str) -> None:
    change, expected = CASES[name]
    brand.sql(change)
    (finding,) = brand.findings()
    assert (finding["code"], finding["severity"], brand.text_at(finding), finding["message"]) == expected
    assert brand.check().code == (1 if expected[1] == "error" else 0)


def test_without_a_target_no_database_is_opened(brand: Shop) -> None:
    (brand.root / "shop.duckdb").write_bytes(b"no database at all")
    assert call("check", "--workspace", brand.root).code == 0


def test_text_shows_the_place(brand: Shop) -> None:
    brand.sql("ALTER TABLE customers DROP spent")
    done = call("check", "--workspace", brand.root, "--target", "local", "--as-of", AS_OF)
    assert done.code == 1
    assert "error[DAT021]" in done.err
    assert "catalog.yaml:11:5" in done.err
    assert "^^^^^" in done.err
    assert done.out == "0 campaigns checked: 1 error\n"


def test_a_near_miss_is_named(brand: Shop) -> None:
    brand.sql("ALTER TABLE customers RENAME spent TO spend")
    assert brand.findings()[0]["help"] == "did you mean `spend`?"


@pytest.mark.parametrize(
    ("within", "codes"), [("30 hours", []), ("90 minutes", ["DAT029"]), ("1 day", []), ("9999 days", [])]
)
def test_what_was_promised_of_freshness_is_an_error(brand: Shop, within: str, codes: list[str]) -> None:
    brand.said_otherwise("received_at: received_at\n", f"received_at: received_at\n    fresh_within: {within}\n")
    found = brand.findings()
    assert [each["code"] for each in found] == codes
    for each in found:
        assert each["severity"] == "error"
        assert brand.text_at(each) == within


def test_a_longer_promise_of_freshness_silences_the_warning(brand: Shop) -> None:
    brand.sql("UPDATE events SET occurred_at = '2026-05-01', received_at = '2026-05-01'")
    brand.said_otherwise("received_at: received_at\n", "received_at: received_at\n    fresh_within: 60 days\n")
    assert brand.findings() == []


@pytest.mark.parametrize("within", ["2 weeks", "0 days", "soon", "2days", "-1 day", "1.5 days"])
def test_freshness_is_written_in_one_way(brand: Shop, within: str) -> None:
    brand.said_otherwise("received_at: received_at\n", f"received_at: received_at\n    fresh_within: {within}\n")
    (finding,) = call("check", "--workspace", brand.root, "--format", "json").json["diagnostics"]
    assert finding["code"] == "CAT005"
    assert "90 minutes" in finding["help"]


def test_values_of_personal_data_are_shown_to_nobody(brand: Shop) -> None:
    brand.sql("UPDATE customers SET born = '2199-12-31', lat = -91.25")
    text = "\n".join(each["message"] for each in brand.findings())
    assert "2199" not in text
    assert "91.25" not in text


def test_ids_are_compared_in_the_latest_days(brand: Shop) -> None:
    brand.sql(
        "INSERT INTO events VALUES (7, 1, 'purchase', '2026-05-01', NULL, 1), (7, 2, 'purchase', '2026-05-02', NULL, 1)"
    )
    assert brand.findings() == []
    brand.sql(
        "INSERT INTO events VALUES (8, 1, 'purchase', '2026-06-01', NULL, 1), (8, 2, 'purchase', '2026-06-02', NULL, 1)"
    )
    assert [each["code"] for each in brand.findings()] == ["DAT028"]


def test_what_is_doubtful_of_a_column_is_said_once(brand: Shop) -> None:
    brand.sql(
        "ALTER TABLE events ALTER amount TYPE DOUBLE; INSERT INTO events SELECT * REPLACE ('visit' AS kind) FROM events"
    )
    other = CATALOG[CATALOG.index("  purchase:") :].replace("purchase", "visit")
    brand.catalog(CATALOG + other)
    assert [(each["code"], each["severity"]) for each in brand.findings()] == [("DAT022", "warning")]


def test_rows_of_other_events_are_not_meant(brand: Shop) -> None:
    brand.said_otherwise("amount: {type: decimal}", "amount: {type: decimal, nullable: false}")
    brand.sql("INSERT INTO events VALUES (1, 2, 'visit', '2026-06-14', '2026-06-14', NULL)")
    assert brand.findings() == []


HOSTILE = ["select", 'two "quotes"', "it's", "Größe", "a b", "x;--", "日本", "%s", "{rows}", "\\", "CaSe", "`", "*/"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_and_values_of_any_kind(brand: Shop, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    written = "'" + name.replace("'", "''") + "'"
    brand.sql(
        f"CREATE TABLE {quoted} ({quoted} TEXT, word TEXT); INSERT INTO {quoted} VALUES ('a', 'w'), (NULL, {written})"
    )
    said = "'" + name.replace("'", "''") + "'"
    brand.catalog(
        CATALOG + f"dimensions:\n  things:\n    table: {said}\n    key: a\n    attributes:\n"
        f"      a: {{type: text, nullable: false, column: {said}}}\n      word: {{type: enum, values: [w]}}\n"
    )
    found = brand.findings()
    assert [each["code"] for each in found] == ["DAT027", "DAT025"]
    assert found[1]["message"].endswith(f": `{name}` (1)")


def test_lists_and_records(brand: Shop) -> None:
    brand.sql("ALTER TABLE customers ADD tags TEXT[]; ALTER TABLE customers ADD address STRUCT(city TEXT, no INTEGER)")
    brand.said_otherwise(
        "    home:",
        "    tags: {type: list, of: text}\n    address: {type: record, fields: {city: text, no: integer}}\n    home:",
    )
    assert brand.findings() == []
    brand.said_otherwise(
        "    home:",
        "    tags: {type: list, of: date}\n    address: {type: record, fields: {town: text, no: text}}\n    home:",
    )
    found = brand.findings()
    assert [each["code"] for each in found] == ["DAT022"] * 2
    assert [each["why"] for each in found] == [
        "texts are compared by their characters, and what is no day stays unseen",
        "the record has no field `town`; field `no` is `INT`: conditions on it would compare things that cannot be "
        "compared",
    ]


def test_views_and_schemas(brand: Shop) -> None:
    brand.sql('CREATE SCHEMA "mart"; CREATE VIEW mart.events AS SELECT * FROM main.events; DROP TABLE IF EXISTS x')
    brand.said_otherwise("table: events", "table: mart.events")
    assert brand.findings() == []


def test_many_columns_take_few_scans(brand: Shop) -> None:
    names = [f"c{number}" for number in range(200)]
    brand.sql("CREATE TABLE wide AS SELECT 1 AS id, " + ", ".join(f"NULL::INTEGER AS {name}" for name in names))
    brand.catalog(
        CATALOG + "dimensions:\n  wide:\n    table: wide\n    key: id\n    attributes:\n"
        "      id: {type: integer, nullable: false}\n"
        + "".join(f"      {name}: {{type: integer, nullable: false}}\n" for name in names)
    )
    found = brand.findings()
    assert [each["code"] for each in found] == ["DAT024"] * 200


def test_a_database_that_is_not_there(brand: Shop) -> None:
    (brand.root / "shop.duckdb").unlink()
    done = brand.check()
    assert done.code == 3
    assert "error[ENV002]" in done.err
    assert done.out == ""


def test_a_file_that_is_no_database(brand: Shop) -> None:
    (brand.root / "shop.duckdb").write_bytes(b"x" * 10_000)
    done = brand.check()
    assert done.code == 3
    assert "error[ENV003]" in done.err


def test_a_read_only_database_is_enough(brand: Shop) -> None:
    file = brand.root / "shop.duckdb"
    before = file.read_bytes()
    file.chmod(0o444)
    brand.root.chmod(0o555)
    try:
        assert brand.check().code == 0
    finally:
        brand.root.chmod(0o755)
    assert file.read_bytes() == before


def test_another_process_writes(brand: Shop) -> None:
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    arguments = [sys.executable, "-c", script, str(brand.root / "shop.duckdb")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        done = brand.check()
        other.communicate("")
    assert done.code == 3
    assert "another process is writing" in done.err


def opened_by(process: int) -> set[str]:
    """Names of the files that a process has open."""
    return {file.resolve().name for file in Path(f"/proc/{process}/fd").iterdir()}


def test_a_query_that_is_cancelled(brand: Shop) -> None:
    brand.sql(
        "ALTER TABLE customers RENAME TO few; CREATE VIEW customers AS "
        "SELECT few.* REPLACE (few.id + (random() * 9)::BIGINT AS id) FROM few, range(10_000_000_000)"
    )
    arguments = [sys.executable, "-m", "campaign_dsl", "check", "--workspace", str(brand.root), "--target", "local"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
        while "shop.duckdb" not in opened_by(asking.pid):
            assert asking.poll() is None
            time.sleep(0.05)
        with pytest.raises(subprocess.TimeoutExpired):
            asking.wait(2)  # in the middle of the query
        asking.send_signal(signal.SIGINT)
        out, err = asking.communicate(timeout=60)
    assert asking.returncode == 130
    assert out == ""
    assert err.startswith("stopped: nothing is lost")
    assert "Traceback" not in err


def test_wrong_use(brand: Shop) -> None:
    assert call("check", "--workspace", brand.root, "--target", "lokal").code == 2
    assert call("check", "--workspace", brand.root, "--as-of", AS_OF).code == 2
    assert call("check", "--workspace", brand.root, "--target", "local", "--as-of", "soon").code == 2


def test_a_catalog_with_mistakes_is_not_compared(brand: Shop) -> None:
    brand.catalog(CATALOG.replace("type: enum", "type: enmu"))
    (brand.root / "shop.duckdb").unlink()
    done = brand.check()
    assert done.code == 1
    assert [each["code"] for each in done.json["diagnostics"]] == ["CAT004"]


def test_the_sample_is_sound_but_for_what_is_planted_in_it(campaign: Campaign) -> None:
    done = campaign("check", "--target", "local", "--as-of", AS_OF, "--format", "json")
    assert done.code == 0
    assert {each["code"] for each in done.json["diagnostics"]} == {"DAT026", "DAT030"}
