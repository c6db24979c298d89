"""`campaign catalog pull`: a draft of the catalog from live tables, which loads, holds, and shows nobody's data."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from commandline import Done, call, settings

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.workspace import Workspace

Campaign = Callable[..., Done]
GOLDEN = Path(__file__).with_name("drafted_sample.yaml")
SETTINGS = settings(kind="duckdb", database="shop.duckdb")
PEOPLE = """
CREATE TABLE customers AS
SELECT i AS id, 'person ' || i || '@mail.example' AS email, ['gold', 'silver'][1 + i % 2] AS tier FROM range(100) t(i);
"""


class Brand:
    """A workspace that has no catalog yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "workspace.yaml").write_text(SETTINGS, "utf-8")
        self.sql("SELECT 1")

    def sql(self, statements: str) -> None:
        with duckdb.connect(str(self.root / "shop.duckdb")) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(statements)

    def pull(self, *options: object) -> Done:
        return call("catalog", "pull", "--workspace", self.root, *options)

    def draft(self, *options: object) -> str:
        done = self.pull(*options)
        assert (done.code, done.err) == (0, "")
        return done.out

    def catalog(self, *options: object) -> Catalog:
        """The draft, loaded as it is and compared with the tables it is of: nothing is wrong with it."""
        (self.root / "catalog.yaml").write_text(self.draft(*options), "utf-8")
        loaded = Workspace.load(self.root)
        assert loaded.check() == ()
        assert loaded.catalog is not None
        done = call("check", "--workspace", self.root, "--target", "local", "--format", "json")
        assert [each for each in done.json["diagnostics"] if each["severity"] == "error"] == []
        return loaded.catalog


@pytest.fixture
def brand(tmp_path: Path) -> Brand:
    return Brand(tmp_path)


def test_the_draft_of_the_sample(campaign: Campaign, shop: Path, update_golden: bool) -> None:
    shutil.rmtree(shop / "content")
    (shop / "catalog.yaml").unlink()
    done = campaign("catalog", "pull")
    assert (done.code, done.err) == (0, "")
    if update_golden:
        GOLDEN.write_text(done.out, "utf-8")
    assert done.out == GOLDEN.read_text("utf-8")


def test_the_draft_of_the_sample_loads_and_holds(campaign: Campaign, shop: Path) -> None:
    for file in [*shop.rglob("*.campaign"), *shop.rglob("*.campaign.yaml")]:
        file.unlink()
    (shop / "catalog.yaml").write_text(campaign("catalog", "pull").out, "utf-8")
    assert campaign("check", "--format", "json").json["diagnostics"] == []
    found = campaign("check", "--target", "local", "--as-of", "2026-06-15", "--format", "json").json["diagnostics"]
    assert {each["code"] for each in found} <= {"DAT026", "DAT030"}  # what is planted in the sample


def test_the_draft_says_what_the_samples_catalog_says(campaign: Campaign, shop: Path) -> None:
    mine, theirs = Workspace.load(shop).catalog, None
    (shop / "catalog.yaml").write_text(campaign("catalog", "pull").out, "utf-8")
    theirs = Workspace.load(shop).catalog
    assert mine is not None
    assert theirs is not None
    assert theirs.events.keys() == mine.events.keys()
    assert theirs.dimensions.keys() == mine.dimensions.keys()
    assert theirs.relations.keys() == mine.relations.keys()
    assert theirs.profile.facets == mine.profile.facets
    for name in ("key", "time_zone", "birth_date", "language", "country"):
        assert getattr(theirs.customers, name) == getattr(mine.customers, name)
    pii = {name for name, each in mine.customers.attributes.items() if each.pii}
    assert pii <= {name for name, each in theirs.customers.attributes.items() if each.pii}


def test_the_same_tables_give_the_same_bytes(brand: Brand) -> None:
    brand.sql(PEOPLE + "CREATE TABLE notes AS SELECT id AS customer_id, 'w' || (id % 7) AS word FROM customers")
    first = brand.draft()
    assert brand.draft() == first
    threads = settings(kind="duckdb", database="shop.duckdb", threads=1)
    (brand.root / "workspace.yaml").write_text(threads, "utf-8")
    assert brand.draft() == first


def test_every_guess_is_marked(brand: Brand) -> None:
    brand.sql(PEOPLE)
    assert brand.draft() == (
        "# Drafted by `campaign catalog pull` from the tables of target local (duckdb).\n"
        "# Each guess says why; look at it, correct it or keep it, and delete the comment.\n"
        "\n"
        "# guess: these are the customers, by its name, its key and its columns; 100 rows\n"
        "customers:\n"
        "  table: customers\n"
        "  key: id  # guess: its 100 values differ\n"
        "  attributes:\n"
        "    id:    {type: integer, nullable: false}  # guess: a key is never missing\n"
        "    email: {type: text, pii: true}  # guess: personal, by its name\n"
        "    tier:  {type: enum, values: [gold, silver]}  # guess: few values: gold 50, silver 50\n"
    )


def test_nobodys_data_are_shown(campaign: Campaign, shop: Path) -> None:
    text = campaign("catalog", "pull").out
    with duckdb.connect(str(shop / "data/warehouse.duckdb"), read_only=True) as connection:
        for column in ("first_name", "last_name", "email", "phone", "customer_id", "region"):
            rows = connection.execute(f"SELECT DISTINCT {column} FROM customers WHERE LENGTH({column}) > 3").fetchall()
            assert [value for (value,) in rows if re.search(rf"\b{re.escape(value)}\b", text)] == []


def test_few_rows_of_personal_data_are_no_words(brand: Brand) -> None:
    brand.sql(
        "CREATE TABLE customers AS SELECT i AS id, 'Curie' AS last_name, '+49 30 1' AS phone, 'Marie' AS \"firstName\" "
        "FROM range(100) t(i)"
    )
    text = brand.draft()
    assert "Curie" not in text
    assert "+49" not in text
    assert "Marie" not in text


@pytest.mark.parametrize(
    ("words", "is_enum"), [("i % 20", True), ("i % 21", False), ("CASE WHEN i < 15_000 THEN 0 ELSE i END", False)]
)
def test_many_words_are_no_enum(brand: Brand, words: str, is_enum: bool) -> None:
    brand.sql(f"CREATE TABLE customers AS SELECT i AS id, 'w' || ({words}) AS word FROM range(30_000) t(i)")
    attribute = brand.catalog("--customers", "customers").customers.attributes["word"]
    assert (attribute.type is Kind.ENUM) is is_enum
    assert ("w7" in brand.draft("--customers", "customers")) is is_enum


@pytest.mark.parametrize("value", ["x" * 41, "", "two\nlines", "\u202eback", "\u00ad", "a\x00b"])
def test_values_that_cannot_be_words(brand: Brand, value: str) -> None:
    brand.sql(PEOPLE)
    with duckdb.connect(str(brand.root / "shop.duckdb")) as connection:
        connection.execute("ALTER TABLE customers ADD note TEXT")
        connection.execute("UPDATE customers SET note = ?", [value])
    assert brand.catalog().customers.attributes["note"].type is Kind.TEXT


@pytest.mark.parametrize(
    "value",
    ["yes", "No", "null", "~", "12", "1e3", "a: b", "it's", "- x", "#", "[a]", "{x}", "&a", "日本", " x ", "'", '"'],
)
def test_words_that_yaml_could_take_for_something_else(brand: Brand, value: str) -> None:
    brand.sql(PEOPLE)
    with duckdb.connect(str(brand.root / "shop.duckdb")) as connection:
        connection.execute("UPDATE customers SET tier = ? WHERE tier = 'gold'", [value])
    assert sorted(brand.catalog().customers.attributes["tier"].values) == sorted(["silver", value])


HOSTILE = [
    "select",
    'two "quotes"',
    "it's",
    "Größe",
    "a b",
    "x;--",
    "日本",
    "%s",
    "{rows}",
    "\\",
    "CaSe",
    "`",
    "#",
    "yes",
    "1st",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_any_kind(brand: Brand, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    brand.sql(
        PEOPLE + f"CREATE TABLE {quoted} (row_no INTEGER, customer_id BIGINT, {quoted} TEXT);"
        f"INSERT INTO {quoted} SELECT id, id, 'w' FROM customers"
    )
    ((relation_name, relation),) = brand.catalog().relations.items()
    assert relation.table == name
    assert re.fullmatch("[a-z][a-z0-9_]*", relation_name)
    ((attribute_name, attribute),) = relation.attributes.items()
    assert attribute.column_of(attribute_name) == name
    assert attribute.values == ("w",)


@pytest.mark.parametrize("name", ["two\nlines", "\u202eback", "with.point", "a\tb"])
def test_names_that_cannot_be_written_are_left_out(brand: Brand, name: str) -> None:
    brand.sql(PEOPLE + f'CREATE TABLE "{name}" (id INTEGER, customer_id BIGINT)')
    brand.sql(f'ALTER TABLE customers ADD "{name}" TEXT')
    catalog = brand.catalog()
    assert catalog.relations == {}
    if "." not in name:
        assert catalog.customers.attributes.keys() == {"id", "email", "tier"}
    assert "# Not described:\n# - main." in brand.draft()


def test_columns_that_become_the_same_name(brand: Brand) -> None:
    brand.sql('CREATE TABLE customers (id INTEGER, email TEXT, "a b" TEXT, a_b TEXT, "A-B" TEXT, "日" TEXT)')
    attributes = brand.catalog().customers.attributes
    assert {name: each.column_of(name) for name, each in attributes.items()} == {
        "id": "id",
        "email": "email",
        "a_b": "a b",
        "a_b_2": "a_b",
        "a_b_3": "A-B",
        "column_6": "日",
    }


def test_types_that_the_language_does_not_know(brand: Brand) -> None:
    brand.sql(
        "CREATE TYPE mood AS ENUM ('glad', 'sad');"
        "CREATE TABLE customers (id UUID, email TEXT, photo BLOB, span INTERVAL, seen TIMESTAMP, mood mood,"
        " counts MAP(TEXT, INTEGER), lists INTEGER[][], score DOUBLE, huge HUGEINT,"
        ' odd STRUCT("a b" TEXT, ok DATE), deep STRUCT(a STRUCT(b STRUCT(c STRUCT(d STRUCT(e TEXT))))), j JSON)'
    )
    brand.sql("INSERT INTO customers (id, mood) SELECT uuid(), ['glad', 'sad'][1 + i % 2]::mood FROM range(20) t(i)")
    attributes = brand.catalog().customers.attributes
    assert {name: str(each.type) for name, each in attributes.items()} == {
        "id": "text",
        "email": "text",
        "seen": "timestamp",
        "mood": "enum",
        "score": "decimal",
        "huge": "integer",
        "odd": "record",
    }
    text = brand.draft()
    assert "# left out: photo: `BLOB` is nothing that the language knows" in text
    assert "seen:  {type: timestamp}  # the column has no zone: it is read as UTC; always missing" in text
    assert list(attributes["odd"].fields) == ["ok"]


def test_names_in_camel_case(brand: Brand) -> None:
    brand.sql(
        'CREATE TABLE "Users" AS SELECT i AS "userId", \'x\' || i AS "emailAddress", '
        "DATE '1990-01-01' AS \"dateOfBirth\" "
        "FROM range(100) t(i);"
        'CREATE TABLE "LoginEvents" AS SELECT i AS "eventId", i % 9 AS "userId", '
        "TIMESTAMPTZ '2026-06-01 00:00:00+00' AS \"createdAt\" FROM range(100) t(i)"
    )
    catalog = brand.catalog()
    assert catalog.customers.table == "Users"
    assert catalog.customers.birth_date == "date_of_birth"
    assert catalog.customers.attributes["date_of_birth"].column == "dateOfBirth"
    event = catalog.events["login_events"]
    assert (event.id, event.customer, event.occurred_at) == ("eventId", "userId", "createdAt")


def test_a_table_of_another_schema(brand: Brand) -> None:
    brand.sql("CREATE SCHEMA crm; " + PEOPLE.replace("TABLE customers", "TABLE crm.members"))
    assert brand.catalog().customers.table == "crm.members"


def test_empty_tables(brand: Brand) -> None:
    brand.sql(
        "CREATE TABLE customers (id INTEGER, email TEXT); CREATE TABLE events (event_id INTEGER, customer_id INTEGER, "
        "kind TEXT, occurred_at TIMESTAMPTZ)"
    )
    catalog = brand.catalog()
    assert list(catalog.events) == ["events"]
    assert "the table is empty" in brand.draft()


def test_a_key_that_stands_twice_is_said(brand: Brand) -> None:
    brand.sql(PEOPLE + "INSERT INTO customers SELECT * FROM customers WHERE id < 3")
    assert "key: id  # guess: by its name, but of its values 3 stand in several rows" in brand.draft()


def test_a_wide_table(brand: Brand) -> None:
    columns = ", ".join(f"{number} AS n{number}" for number in range(250))
    brand.sql(f"CREATE TABLE customers AS SELECT 1 AS id, 'x' AS email, {columns}")
    assert len(brand.catalog().customers.attributes) == 252


def test_only_some_tables(brand: Brand) -> None:
    brand.sql(PEOPLE + "CREATE TABLE a AS SELECT id AS customer_id FROM customers; CREATE TABLE b AS SELECT * FROM a")
    assert list(brand.catalog().relations) == ["a", "b"]
    assert list(brand.catalog("--table", "b", "--table", "customers").relations) == ["b"]
    assert list(brand.catalog("--table", "a", "--customers", "main.customers").relations) == ["a"]


def test_the_table_of_customers_can_be_named(brand: Brand) -> None:
    brand.sql("CREATE TABLE folk AS SELECT i AS no FROM range(9) t(i)")
    done = brand.pull()
    assert done.code == 3
    assert done.out == ""
    assert "error[DAT040]: no table looks like the customers" in done.err
    assert brand.catalog("--customers", "folk").customers.key == "no"


def test_a_named_table_whose_key_is_called_otherwise(brand: Brand) -> None:
    brand.sql("CREATE TABLE people AS SELECT 'a' || i || '@x.de' AS email, i AS cid, i % 2 AS half FROM range(9) t(i)")
    assert brand.catalog("--customers", "people").customers.key == "cid"
    said = "key: cid  # guess: its 9 values differ, though it is not called like a key"
    assert said in brand.draft("--customers", "people")


def test_a_named_table_without_a_key(brand: Brand) -> None:
    brand.sql("CREATE TABLE people AS SELECT i // 2 AS cid, nullif(i, 3) AS other FROM range(9) t(i)")
    done = brand.pull("--customers", "people")
    assert done.code == 3
    assert "error[DAT040]: table `people` has no column that could be a key" in done.err
    assert "in no row missing and in no two the same" in done.err


def test_a_database_without_tables(brand: Brand) -> None:
    done = brand.pull()
    assert done.code == 3
    assert "error[DAT040]: there are no tables" in done.err


def test_a_database_that_is_not_there(brand: Brand) -> None:
    (brand.root / "shop.duckdb").unlink()
    done = brand.pull("-o", brand.root / "catalog.yaml")
    assert done.code == 3
    assert "error[ENV002]" in done.err
    assert not (brand.root / "catalog.yaml").exists()


def test_wrong_use(brand: Brand) -> None:
    brand.sql(PEOPLE)
    for options in (["--target", "lokal"], ["--table", "custommers"], ["--customers", "x"], ["--tabel", "x"]):
        done = brand.pull(*options)
        assert done.code == 2
        assert done.out == ""
    assert "did you mean `customers`?" in brand.pull("--table", "custommers").err
    assert call("catalog", "--workspace", brand.root).code == 2


def test_a_file_is_not_overwritten(brand: Brand) -> None:
    brand.sql(PEOPLE)
    file = brand.root / "catalog.yaml"
    file.write_text("mine\n", "utf-8")
    done = brand.pull("-o", file)
    assert done.code == 2
    assert "exists" in done.err
    assert file.read_text("utf-8") == "mine\n"
    assert brand.pull("-o", file, "--force").out == f"wrote {file}\n"
    assert file.read_text("utf-8") == brand.draft()
    assert sorted(each.name for each in brand.root.iterdir()) == ["catalog.yaml", "shop.duckdb", "workspace.yaml"]


def test_only_what_is_new(brand: Brand) -> None:
    brand.sql(
        PEOPLE + "CREATE TABLE events AS SELECT i AS event_id, i % 9 AS customer_id, 'visit' AS kind, i AS pages, "
        "TIMESTAMPTZ '2026-06-01 00:00:00+00' AS occurred_at FROM range(100) t(i)"
    )
    brand.catalog()
    assert brand.draft("--new").endswith("comment.\n# Nothing is there to be described.\n")
    brand.sql(
        "ALTER TABLE customers ADD city TEXT; ALTER TABLE events ADD page TEXT; UPDATE events SET page = 'p' || pages;"
        "INSERT INTO events SELECT event_id + 100, customer_id, 'leave', pages, occurred_at, page FROM events;"
        "CREATE TABLE pets AS SELECT id AS pet_no, id AS customer_id FROM customers"
    )
    lines = [line.partition("#")[0].rstrip() for line in brand.draft("--new").splitlines()]
    assert [line for line in lines if line] == [
        "customers:",
        "  attributes:",
        "    city: {type: text}",
        "events:",
        "  leave:",
        "    table: events",
        "    kind: {column: kind, equals: leave}",
        "    properties:",
        "      pages: {type: integer}",
        "      page:  {type: text}",
        "  visit:",
        "    properties:",
        "      page: {type: text}",
        "relations:",
        "  pets:",
        "    table: pets",
        "    id: pet_no",
        "    attributes:",
        "      pet_no: {type: integer}",
    ]


def test_new_columns_of_what_is_described_otherwise_are_listed(brand: Brand) -> None:
    brand.sql(
        PEOPLE
        + "CREATE TABLE tags AS SELECT id AS customer_id, 'x' AS tag, NULL::TIMESTAMPTZ AS expires_at FROM customers"
    )
    brand.catalog()
    text = (brand.root / "catalog.yaml").read_text("utf-8")
    assert "profile:" in text
    (brand.root / "catalog.yaml").write_text(
        text.replace("profile:", "relations:").replace(
            "    table: tags\n", "    table: tags\n    attributes: {tag: {type: text}}\n"
        ),
        "utf-8",
    )
    brand.sql("ALTER TABLE tags ADD colour TEXT; ALTER TABLE tags DROP expires_at")
    assert "colour: {type: text}" in brand.draft("--new")


def test_new_needs_a_catalog(brand: Brand) -> None:
    brand.sql(PEOPLE)
    assert brand.pull("--new").code == 1


def test_read_only(brand: Brand) -> None:
    brand.sql(PEOPLE)
    file = brand.root / "shop.duckdb"
    before = file.read_bytes()
    file.chmod(0o444)
    brand.draft()
    assert file.read_bytes() == before
