"""The sample world keeps its promises: the edge cases are there, the rest is believable, all of it or nothing."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Attribute, Catalog, FacetEvents, Profile
from campaign_dsl.language.catalog.types import Kind, Type
from campaign_dsl.language.catalog.zones import known_zone
from campaign_dsl.language.source.files import SourceFile, read_source
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.sample import DEFAULT_SEED, DEFAULT_TODAY, SPECIAL, WorldSummary, generate_world
from campaign_dsl.run.sample.names import POOLS, names
from campaign_dsl.run.sample.places import CINEMAS, PLACES, STORES, home_of
from campaign_dsl.run.sample.shoes import products
from campaign_dsl.run.sample.special import (
    HOSTILE_NAMES,
    INVALID_ZONES,
    RESERVED,
    special_members,
    special_suppressions,
    years_before,
)
from campaign_dsl.run.sample.world import ODDITIES, UNKNOWN_CUSTOMER

CUSTOMERS, EVENTS = 3_000, 20_000
TODAY = DEFAULT_TODAY
IN_A_WEEK = TODAY + timedelta(days=7)
TABLES = tuple(field.name for field in fields(WorldSummary))


class World:
    """A generated world, open for reading."""

    def __init__(self, path: Path) -> None:
        self.connection = duckdb.connect(str(path), read_only=True)
        self.connection.execute("SET TimeZone = 'UTC'")

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, list(parameters)).fetchall()

    def one(self, query: str, *parameters: Any) -> Any:
        [(value,)] = self.rows(query, *parameters)
        return value

    def members(self, ids: str | tuple[str, ...]) -> list[dict[str, Any]]:
        """The customers with these ids, in order; each must be there once."""
        wanted = (ids,) if isinstance(ids, str) else ids
        found = self.connection.execute(
            # Instants as text: without another package Python gets no time zones from DuckDB.
            "SELECT * REPLACE (tier_since::TEXT AS tier_since) FROM customers "
            "WHERE customer_id IN (SELECT unnest(?)) ORDER BY customer_id",
            [list(wanted)],
        )
        columns = [column[0] for column in found.description]
        members = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        assert [member["customer_id"] for member in members] == sorted(wanted)
        return members

    def checksums(self) -> dict[str, str]:
        """A digest of each table's rows, in their stored order."""
        result = {}
        for table in TABLES:
            columns = [row[0] for row in self.rows(f"DESCRIBE {table}")]
            row = ", '|', ".join(f"coalesce({column}::TEXT, '-')" for column in columns)
            result[table] = self.one(f"SELECT md5(string_agg(md5(concat({row})), '' ORDER BY rowid)) FROM {table}")
        return result


def generate(path: Path, **settings: Any) -> WorldSummary:
    return generate_world(path, **{"customers": CUSTOMERS, "events": EVENTS, **settings})


def small(path: Path, **settings: Any) -> WorldSummary:
    return generate_world(path, **{"customers": RESERVED, "events": 10, **settings})


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, WorldSummary]:
    path = tmp_path_factory.mktemp("world") / "made" / "for it" / "world.duckdb"
    return path, generate(path)


@pytest.fixture(scope="module")
def world(generated: tuple[Path, WorldSummary]) -> Iterator[World]:
    opened = World(generated[0])
    yield opened
    opened.connection.close()


def age_on(day: date, birth: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


# --------------------------------------------------------------------------------------------------- the contract


def test_the_summary_counts_the_rows(world: World, generated: tuple[Path, WorldSummary]) -> None:
    counts = {table: world.one(f"SELECT count(*) FROM {table}") for table in TABLES}
    assert WorldSummary(**counts) == generated[1]
    assert counts["customers"] == CUSTOMERS
    assert counts["events"] == EVENTS + EVENTS // 200 + ODDITIES
    assert (counts["stores"], counts["products"]) == (46, 210)


def catalog() -> Catalog:
    source = read_source(Path(__file__).parents[3] / "campaigns" / "catalog.yaml")
    assert isinstance(source, SourceFile)
    loaded, _, problems = load_catalog(source)
    assert loaded is not None, problems
    return loaded


EXPECTED = {
    Kind.TEXT: "VARCHAR",
    Kind.ENUM: "VARCHAR",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
    Kind.INTEGER: "INTEGER",
    Kind.DECIMAL: "DECIMAL",
    Kind.TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
    Kind.GEO: "DOUBLE",
}


def column_type(shape: Type) -> str:
    """How DuckDB writes the type, as far as the catalog says it."""
    if shape.kind is Kind.LIST:
        assert shape.element is not None
        return column_type(shape.element) + "[]"
    if shape.kind is Kind.RECORD:
        return "STRUCT(" + ", ".join(f"{name} {column_type(field)}" for name, field in shape.fields) + ")"
    return EXPECTED[shape.kind]


def check_column(world: World, table: str, column: str, shape: Type, where: str = "true") -> None:
    types = {row[0]: row[1] for row in world.rows(f"DESCRIBE {table}")}
    assert types[column].replace('"', "").startswith(column_type(shape)), (table, column)
    assert shape.nullable or world.one(f"SELECT count(*) FROM {table} WHERE {column} IS NULL AND {where}") == 0
    if shape.values:
        values = {row[0] for row in world.rows(f"SELECT DISTINCT {column} FROM {table} WHERE {where}")}
        assert values - {None} == set(shape.values), (table, column)


def check_attributes(world: World, table: str, attributes: dict[str, Attribute], where: str = "true") -> None:
    for name, attribute in attributes.items():
        check_column(world, table, attribute.column_of(name), attribute.value_type, where)
        for other in (attribute.longitude, attribute.changed_at):
            if other is not None:
                kind = Kind.GEO if other == attribute.longitude else Kind.TIMESTAMP
                check_column(world, table, other, Type(kind, nullable=True))


def test_the_tables_are_what_the_catalog_says(world: World) -> None:
    said = catalog()
    check_attributes(world, said.customers.table, said.customers.attributes)
    moment = Type(Kind.TIMESTAMP)
    for event in said.events.values():
        assert event.kind is not None
        check_attributes(world, event.table, event.properties, f"kind = '{event.kind.equals}'")
        check_column(world, event.table, event.occurred_at, moment)
        assert event.received_at is not None
        check_column(world, event.table, event.received_at, moment)
    for table in ("events", "activity"):
        kinds = {event.kind.equals for event in said.events.values() if event.kind and event.table == table}
        assert {row[0] for row in world.rows(f"SELECT DISTINCT kind FROM {table}")} == kinds
        assert {row[0]: row[1] for row in world.rows(f"DESCRIBE {table}")}["event_id"] == "BIGINT"
    for dimension in said.dimensions.values():
        check_attributes(world, dimension.table, dimension.attributes)
        twice = f"SELECT count(*) - count(DISTINCT {dimension.key_column}) FROM {dimension.table}"
        assert world.one(twice) == 0
    for relation in said.relations.values():
        check_attributes(world, relation.table, relation.attributes)
    for suppressions in said.suppression_lists.values():
        check_column(world, suppressions.table, suppressions.address, Type(Kind.TEXT))


@pytest.mark.seed("S3-05")
def test_the_facets_of_profiles_are_what_the_catalog_says(world: World) -> None:
    facets = catalog().profile.facets
    assert set(facets) == set(Profile.model_fields)
    for name, facet in facets.items():
        for key, shape in facet.TYPES.items():
            column, _ = facet.typed(key)
            described = {row[0]: row[1] for row in world.rows(f"DESCRIBE {facet.table}")}
            assert described[column] == ("BIGINT" if shape.kind is Kind.INTEGER else column_type(shape)), (name, key)
        if isinstance(facet, FacetEvents):
            check_column(world, facet.table, facet.occurred_at, Type(Kind.TIMESTAMP))
            assert world.one(f"SELECT count(*) - count(DISTINCT {facet.id}) FROM {facet.table}") == 0
        strangers = f"""SELECT count(*) FROM {facet.table} AS facet
            ANTI JOIN customers ON facet.{facet.customer} = customers.customer_id"""
        assert world.one(strangers) == 0
        assert world.one(f"SELECT count(*) FROM {facet.table}") > 0


@pytest.mark.parametrize(
    ("column", "table", "known"),
    [
        ("tag", "customer_tags", "tags"),
        ("account", "point_balances", "point_accounts"),
        ("offer", "wallet", "offers"),
        ("conversation", "subscriptions", "conversations"),
        ("conversation", "subscription_changes", "conversations"),
        ("channel", "message_events", "channels"),
        ("pool", "code_entries", "code_pools"),
    ],
)
def test_names_in_the_tables_are_in_the_catalog(world: World, column: str, table: str, known: str) -> None:
    names = {row[0] for row in world.rows(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")}
    assert names
    assert names <= set(getattr(catalog(), known))


def test_progress_is_told_in_order(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    small(tmp_path / "w.duckdb", progress=lambda step, done: told.append((step, done)))
    shares = [done for _, done in told]
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert shares == sorted(set(shares))
    assert all(step for step, _ in told)


@pytest.mark.parametrize(
    "wrong",
    [{"customers": 199}, {"customers": 10_000_000}, {"events": -1}, {"today": date(1969, 12, 31)}],
)
def test_numbers_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        small(tmp_path / "w.duckdb", **wrong)
    assert not list(tmp_path.iterdir())


# --------------------------------------------------------------------------------------------------- the same again


def test_same_seed_same_rows_whatever_the_threads(
    tmp_path: Path, world: World, generated: tuple[Path, WorldSummary]
) -> None:
    # Large enough for several row groups, so that two threads do share the work.
    for threads in (1, 2):
        generate(tmp_path / f"{threads}.duckdb", threads=threads, events=300_000)
    one, two = (World(tmp_path / f"{threads}.duckdb").checksums() for threads in (1, 2))
    assert one == two
    again = tmp_path / "again.duckdb"
    assert generate(again) == generated[1]
    assert World(again).checksums() == world.checksums()


def test_another_seed_gives_another_world_with_the_same_special_members(tmp_path: Path, world: World) -> None:
    expected = world.members(tuple(SPECIAL.ids()))
    usual = world.checksums()
    for seed in (0, -1, 7, 2**70):
        path = tmp_path / f"{seed}.duckdb"
        generate(path, seed=seed, events=100)
        other = World(path)
        assert other.members(tuple(SPECIAL.ids())) == expected
        checksums = other.checksums()
        assert checksums["customers"] != usual["customers"]
        assert checksums["suppressions"] != usual["suppressions"]
        assert (checksums["stores"], checksums["products"]) == (usual["stores"], usual["products"])
        check_suppressed(other)


def test_the_content_is_pinned(world: World) -> None:
    # The same on DuckDB 1.5 and 2.0. To change the world on purpose, change these with it: examples in the
    # documentation quote what the world holds.
    assert world.checksums() == {
        "customers": "20a3b0eb972d8d4e91ab3c5e4fb92d00",
        "events": "acbe6542b2378cb32e1ee30532a6b01a",
        "stores": "f70ff300d027b1ef9434c5f080488d77",
        "products": "0b530b7eec40747a1f80d0dc8a41800c",
        "suppressions": "1672542ff8ffe6478aaf05d39e21187e",
        "activity": "2e6b759c21dbcb1492f2944821566336",
        "orders": "6c4ea075f316705c1c060fd9b7cfa4ba",
        "support_cases": "d01a4f66aec9f6c3e4ab166f00ae4a7f",
        "customer_tags": "780659bfcbca8186066b78c5d7efda5b",
        "point_balances": "5337cc3e242b9ae3a27b15d91ad7436e",
        "wallet": "03cdc3a70d479058de780f61439e910a",
        "subscriptions": "b06ff09894c86e3bb20cd9520fe960d5",
        "subscription_changes": "09fb128c93182a38e7a7858543a0ea5b",
        "message_events": "d1fd5e3e156d2974a782280805b89483",
        "campaign_decisions": "4ce6e4ce538055a746d7b83bebdc16e0",
        "code_entries": "804232393fe58942cfc69e5e7cc8c1e3",
    }


# ------------------------------------------------------------------------------------------------ special members


def test_special_members_are_otherwise_unremarkable(world: World) -> None:
    peculiar = {
        "status": {
            *SPECIAL.suspended,
            *SPECIAL.blocked,
            SPECIAL.birthday_in_a_week_suspended,
            SPECIAL.birthday_in_a_week_blocked,
        },
        "email_consent": {
            *SPECIAL.refuses_email,
            *SPECIAL.consent_unknown,
            SPECIAL.birthday_in_a_week_refuses_email,
            SPECIAL.birthday_in_a_week_consent_unknown,
        },
        "is_employee": {*SPECIAL.employee, SPECIAL.birthday_in_a_week_employee},
    }
    assert len(SPECIAL.ids()) == len(set(SPECIAL.ids()))
    for member in world.members(tuple(SPECIAL.ids())):
        for attribute, usual in (("status", "good"), ("email_consent", True), ("is_employee", False)):
            assert (member[attribute] == usual) == (member["customer_id"] not in peculiar[attribute])
        assert member["country"]
        assert member["enrolled_on"] <= TODAY
        births = (SPECIAL.birthday_in_a_week, SPECIAL.leap_day)
        assert member["tier"] == "member" or member["customer_id"] in births[0] + births[1] + (
            SPECIAL.new_years_eve + SPECIAL.new_years_day
        )


def test_births_on_awkward_days(world: World) -> None:
    leap = world.members(SPECIAL.leap_day)
    assert {(m["birth_date"].month, m["birth_date"].day) for m in leap} == {(2, 29)}
    assert len({m["birth_date"].year for m in leap}) == len({m["time_zone"] for m in leap}) == len(leap)
    assert len({m["tier"] for m in leap}) == 4
    eve, new = world.members(SPECIAL.new_years_eve), world.members(SPECIAL.new_years_day)
    assert {(m["birth_date"].month, m["birth_date"].day) for m in eve} == {(12, 31)}
    assert {(m["birth_date"].month, m["birth_date"].day) for m in new} == {(1, 1)}
    assert {m["birth_date"] for m in world.members(SPECIAL.no_birth_date)} == {None}


def test_children(world: World) -> None:
    assert [age_on(TODAY, m["birth_date"]) for m in world.members(SPECIAL.under_13)] == [12, 11, 9, 6]
    today, tomorrow = world.members(SPECIAL.turns_13_today), world.members(SPECIAL.turns_13_tomorrow)
    assert {m["birth_date"] for m in today} == {date(2013, 6, 15)}
    assert {m["birth_date"] for m in tomorrow} == {date(2013, 6, 16)}
    for members in (today, tomorrow):
        assert [m["time_zone"] for m in members] == ["America/New_York", "Pacific/Kiritimati", "Pacific/Honolulu"]


def test_birthdays_in_a_week(world: World) -> None:
    ready = world.members(SPECIAL.birthday_in_a_week)
    assert {(m["birth_date"].month, m["birth_date"].day) for m in ready} == {(6, 22)}
    assert all(age_on(IN_A_WEEK, m["birth_date"]) >= 18 for m in ready)
    assert len({m["time_zone"] for m in ready}) == 12
    assert all(known_zone(m["time_zone"]) for m in ready)
    assert [m["tier"] for m in ready] == [t for t in ("member", "silver", "gold", "platinum") for _ in range(3)]
    assert all(m["email"] and m["first_name"] for m in ready)
    assert not suppressed(world) & set(SPECIAL.birthday_in_a_week)


@pytest.mark.parametrize(
    ("who", "attribute", "value"),
    [
        (SPECIAL.birthday_in_a_week_employee, "is_employee", True),
        (SPECIAL.birthday_in_a_week_suspended, "status", "suspended"),
        (SPECIAL.birthday_in_a_week_blocked, "status", "blocked"),
        (SPECIAL.birthday_in_a_week_suppressed, "status", "good"),
        (SPECIAL.birthday_in_a_week_refuses_email, "email_consent", False),
        (SPECIAL.birthday_in_a_week_consent_unknown, "email_consent", None),
        (SPECIAL.birthday_in_a_week_turns_13, "birth_date", date(2013, 6, 22)),
        (SPECIAL.birthday_in_a_week_no_first_name, "first_name", None),
        (SPECIAL.birthday_in_a_week_no_zone, "time_zone", None),
        (SPECIAL.birthday_in_a_week_invalid_zone, "time_zone", "America/NewYork"),
        (SPECIAL.birthday_in_a_week_no_email, "email", None),
        (SPECIAL.birthday_in_a_week_hostile_name, "first_name", "Robert'); DROP TABLE customers;--"),
    ],
)
def test_birthdays_in_a_week_with_something_in_the_way(world: World, who: str, attribute: str, value: Any) -> None:
    [member] = world.members(who)
    assert (member["birth_date"].month, member["birth_date"].day) == (6, 22)
    assert member[attribute] == value


def suppressed(world: World) -> set[str]:
    """Customers whose address, trimmed and in lower case, is on the suppression list."""
    return {
        row[0]
        for row in world.rows(
            "SELECT customer_id FROM customers SEMI JOIN suppressions "
            "ON lower(trim(email)) = lower(trim(suppressions.address))"
        )
    }


def check_suppressed(world: World) -> None:
    constructed = {
        SPECIAL.birthday_in_a_week_suppressed,
        SPECIAL.suppressed_exactly,
        SPECIAL.suppressed_in_other_case,
        SPECIAL.suppressed_with_spaces,
        SPECIAL.suppressed_in_other_case_with_spaces,
        SPECIAL.suppressed_twice,
        SPECIAL.suppressed_with_capitals_in_profile,
        SPECIAL.suppressed_with_spaces_in_profile,
    }
    assert {who for who in suppressed(world) if who <= f"M{RESERVED:07d}"} == constructed


def test_suppressed_members(world: World) -> None:
    check_suppressed(world)
    listed = [row[0] for row in world.rows("SELECT address FROM suppressions")]

    def address(who: str) -> str:
        return str(world.members(who)[0]["email"])

    assert listed.count(address(SPECIAL.suppressed_exactly)) == 1
    assert listed.count(address(SPECIAL.suppressed_twice)) == 2
    for who, distorted in (
        (SPECIAL.suppressed_in_other_case, str.lower),
        (SPECIAL.suppressed_with_spaces, str.strip),
        (SPECIAL.suppressed_in_other_case_with_spaces, lambda text: text.strip().lower()),
        (SPECIAL.birthday_in_a_week_suppressed, lambda text: text.strip().lower()),
    ):
        assert address(who) not in listed
        assert address(who) in [distorted(text) for text in listed]
    assert address(SPECIAL.suppressed_with_capitals_in_profile).lower() in listed
    assert address(SPECIAL.suppressed_with_capitals_in_profile) not in listed
    assert address(SPECIAL.suppressed_with_spaces_in_profile).strip() in listed
    assert address(SPECIAL.suppressed_with_spaces_in_profile) not in listed


def test_shared_and_missing_addresses(world: World) -> None:
    first, second = world.members(SPECIAL.shared_address)
    assert first["email"] == second["email"] is not None
    first, second = world.members(SPECIAL.shared_address_in_other_case)
    assert first["email"] != second["email"]
    assert first["email"].lower() == second["email"].lower()
    assert {m["email"] for m in world.members(SPECIAL.no_email)} == {None}


def test_names_zones_and_states(world: World) -> None:
    assert {m["first_name"] for m in world.members(SPECIAL.no_first_name)} == {None}
    assert tuple(m["first_name"] for m in world.members(SPECIAL.hostile_name)) == HOSTILE_NAMES
    assert {"Robert'); DROP TABLE customers;--", "<b>Ann</b>", "{{ 7*7 }}"} < set(HOSTILE_NAMES)
    assert any("👟" in name for name in HOSTILE_NAMES)
    assert {m["time_zone"] for m in world.members(SPECIAL.no_zone)} == {None}
    zones = [m["time_zone"] for m in world.members(SPECIAL.invalid_zone)]
    assert sorted(zones) == sorted(2 * INVALID_ZONES)
    assert not any(known_zone(zone) for zone in zones)
    assert {m["is_employee"] for m in world.members(SPECIAL.employee)} == {True}
    assert {m["status"] for m in world.members(SPECIAL.suspended)} == {"suspended"}
    assert {m["status"] for m in world.members(SPECIAL.blocked)} == {"blocked"}
    assert {m["email_consent"] for m in world.members(SPECIAL.refuses_email)} == {False}
    assert {m["email_consent"] for m in world.members(SPECIAL.consent_unknown)} == {None}


@pytest.mark.parametrize(
    "today",
    [date(2028, 2, 22), date(2028, 2, 28), date(2028, 2, 29), date(2027, 2, 22), date(1904, 2, 22), date(2026, 12, 31)],
)
def test_special_members_around_leap_days(today: date) -> None:
    members = {member.customer_id: member for member in special_members(today)}
    assert sorted(members) == list(members) == SPECIAL.ids()
    assert max(members) <= f"M{RESERVED:07d}"
    for days, group in ((0, SPECIAL.turns_13_today), (1, SPECIAL.turns_13_tomorrow)):
        day = today + timedelta(days=days)
        # Nobody turns 13 on a leap day: then the first to be 13 turn so on the day after.
        turns = day if (day.month, day.day) != (2, 29) else day + timedelta(days=1)
        for who in group:
            birth = members[who].birth_date
            assert birth is not None
            assert (age_on(turns - timedelta(days=1), birth), age_on(turns, birth)) == (12, 13)
    day = today + timedelta(days=7)
    for who in SPECIAL.birthday_in_a_week:
        birth = members[who].birth_date
        assert birth is not None
        assert (birth.month, birth.day) == (day.month, day.day)
        assert age_on(day, birth) >= 20
    for who in SPECIAL.under_13:
        birth = members[who].birth_date
        assert birth is not None
        assert age_on(today, birth) < 13
    assert all(suppression.added_on < today for suppression in special_suppressions(today))


def test_years_before() -> None:
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)
    assert years_before(date(2024, 2, 29), 13) == date(2011, 3, 1)
    assert years_before(date(2026, 6, 15), 13) == date(2013, 6, 15)


# -------------------------------------------------------------------------------------------------- all the others


def share(world: World, condition: str, table: str = "customers") -> float:
    return float(world.one(f"SELECT count(*) FILTER (WHERE {condition}) / count(*) FROM {table}"))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("tier = 'member'", 0.70),
        ("tier = 'silver'", 0.20),
        ("tier = 'gold'", 0.08),
        ("tier = 'platinum'", 0.02),
        ("email_consent", 0.80),
        ("NOT email_consent", 0.15),
        ("email_consent IS NULL", 0.05),
        ("status = 'good'", 0.96),
        ("status = 'suspended'", 0.03),
        ("status = 'blocked'", 0.01),
        ("is_employee", 0.005),
        ("birth_date IS NULL", 0.03),
        ("first_name IS NULL", 0.02),
        ("time_zone IS NULL", 0.01),
        ("email IS NULL", 0.01),
        ("country = 'US'", 0.67),
        ("birth_date > '2013-06-15'", 0.013),
    ],
)
def test_shares_are_as_said(world: World, condition: str, expected: float) -> None:
    deviation = (expected * (1 - expected) / CUSTOMERS) ** 0.5
    # Five standard deviations, and the special members on top.
    assert share(world, condition) == pytest.approx(expected, abs=5 * deviation + 0.01)
    assert share(world, f"{condition} AND customer_id > 'M{RESERVED:07d}'") > 0


def test_births_are_plausible(world: World) -> None:
    drawn = f"FROM customers WHERE birth_date IS NOT NULL AND customer_id > 'M{RESERVED:07d}'"
    first, last, leap_days, days = world.rows(
        f"""SELECT min(year(birth_date)), max(year(birth_date)),
        count(*) FILTER (WHERE month(birth_date) = 2 AND day(birth_date) = 29),
        count(DISTINCT dayofyear(birth_date)) {drawn}"""
    )[0]
    assert (first, last) >= (1930, 2000)
    assert last <= 2020
    assert leap_days > 0
    assert days > 350
    assert world.one("SELECT count(*) FROM customers WHERE enrolled_on <= birth_date OR enrolled_on > ?", TODAY) == 0


def test_customers_live_around_the_world(world: World) -> None:
    zones = {row[0] for row in world.rows("SELECT DISTINCT time_zone FROM customers")} - {None}
    assert {zone for zone in zones if not known_zone(zone)} == set(INVALID_ZONES)
    assert len(zones) >= 30 + len(INVALID_ZONES)
    assert zones >= {
        "America/Los_Angeles",
        "America/New_York",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Asia/Kolkata",
        "Asia/Tokyo",
        "Australia/Lord_Howe",
        "Europe/London",
        "Pacific/Auckland",
        "Pacific/Kiritimati",
    }
    assert world.one("SELECT count(DISTINCT country) FROM customers") >= 30
    assert world.one("SELECT count(*) FROM customers WHERE NOT regexp_full_match(first_name, '[ -~]*')") > 100
    assert world.one("SELECT count(*) FROM customers WHERE last_name LIKE '%''%'") > 10


def test_ids_and_addresses(world: World) -> None:
    first, last, distinct = world.rows(
        "SELECT min(customer_id), max(customer_id), count(DISTINCT customer_id) FROM customers"
    )[0]
    assert (first, last, distinct) == ("M0000001", f"M{CUSTOMERS:07d}", CUSTOMERS)
    shared = world.rows(
        "SELECT list(customer_id ORDER BY customer_id) FROM customers WHERE email IS NOT NULL "
        "GROUP BY lower(trim(email)) HAVING count(*) > 1 ORDER BY 1"
    )
    assert [tuple(row[0]) for row in shared] == [SPECIAL.shared_address, SPECIAL.shared_address_in_other_case]
    # Addresses that can belong to nobody: RFC 2606.
    assert (
        share(
            world,
            "email IS NULL OR regexp_matches(trim(lower(email)), '^[a-z]+[.]?[a-z]*[0-9]*@example[.](com|net|org)$')",
        )
        == 1
    )


def test_suppressions_are_about_eight_in_a_thousand(world: World, tmp_path: Path) -> None:
    path = tmp_path / "many.duckdb"
    generate(path, customers=50_000, events=0)
    many = World(path)
    assert len(suppressed(many)) / 50_000 == pytest.approx(0.008, abs=0.002)
    assert share(many, "address <> trim(address)", "suppressions") > 0.05
    assert share(many, "address <> lower(address)", "suppressions") > 0.05
    assert world.one("SELECT count(*) FROM suppressions WHERE added_at > ?::TIMESTAMPTZ", f"{TODAY} 12:00+00") == 0


def test_data_of_places_names_and_shoes_fits_together() -> None:
    stores = {store.store_id for store in STORES}
    assert len(stores) == len(STORES) == 40
    assert any(store.city == "Boston" for store in STORES)
    for place in PLACES:
        assert known_zone(place.time_zone)
        assert place.pool in POOLS
        assert set(place.stores) <= stores
    assert all(known_zone(store.time_zone) for store in STORES)
    assert {place.pool for place in PLACES} == set(POOLS)
    for listings in POOLS.values():
        for listing in listings:
            assert all(name.text and name.handle.isascii() and name.handle.isalpha() for name in names(listing))
    assert len({shoe.sku for shoe in products()}) == len({shoe.name for shoe in products()}) == 210
    assert not stores & {cinema.store_id for cinema in CINEMAS}
    for place in PLACES:
        city, latitude, longitude = home_of(place)
        assert city
        assert -90 < latitude < 90
        assert -180 < longitude < 180


# --------------------------------------------------------------------------------------------------------- events


def test_events_are_ordered_and_within_two_years(world: World) -> None:
    order = world.rows("SELECT kind, occurred_at::TEXT, event_id FROM events ORDER BY rowid")
    assert order == sorted(order)
    beyond = "SELECT count(*) FROM events WHERE {} > TIMESTAMPTZ '2026-06-15 12:00:00+00'"
    assert world.one(beyond.format("received_at")) == 0
    assert world.one("SELECT count(*) FROM events WHERE occurred_at < TIMESTAMPTZ '2024-06-15 00:00:00+00'") == 0
    assert world.one("SELECT max(occurred_at)::DATE FROM events WHERE received_at >= occurred_at") == TODAY


def test_nobody_acts_before_enrolling(world: World) -> None:
    # A day of grace, for enrolled_on is a local day.
    early = (
        "SELECT count(*) FROM events JOIN customers USING (customer_id) WHERE occurred_at < enrolled_on::TIMESTAMPTZ"
    )
    assert world.one(early) == 0


def test_oddities_of_the_feed(world: World) -> None:
    now = "TIMESTAMPTZ '2026-06-15 12:00:00+00'"
    assert world.one(f"SELECT count(*) FROM events WHERE occurred_at > {now}") >= ODDITIES // 3
    early = f"SELECT count(*) FROM events WHERE occurred_at > received_at AND occurred_at <= {now}"
    assert world.one(early) >= ODDITIES // 6
    assert world.one("SELECT count(*) FROM events WHERE occurred_at > received_at") == 2 * ODDITIES // 3
    unknown = world.rows("SELECT customer_id FROM events ANTI JOIN customers USING (customer_id)")
    assert unknown == [(UNKNOWN_CUSTOMER,)] * (ODDITIES // 3)
    # Twice is exactly twice: the same row, not another with the same id.
    twice = "SELECT event_id FROM events GROUP BY event_id HAVING count(*) = 2"
    assert len(world.rows(twice)) == EVENTS // 200
    assert world.one("SELECT count(*) FROM (SELECT DISTINCT * FROM events)") == EVENTS + ODDITIES
    late = share(world, "received_at - occurred_at > INTERVAL 1 DAY", "events")
    assert late == pytest.approx(0.01, abs=0.004)
    assert world.one("SELECT max(date_diff('day', occurred_at, received_at)) FROM events") <= 10


def test_oddities_are_there_even_without_events(tmp_path: Path) -> None:
    assert small(tmp_path / "w.duckdb", events=0).events == ODDITIES


def test_activity_is_uneven(world: World) -> None:
    counts = sorted((row[0] for row in world.rows("SELECT count(*) FROM events GROUP BY customer_id")), reverse=True)
    assert sum(counts[: CUSTOMERS // 10]) > 0.4 * sum(counts)
    assert counts[0] < 100 * sum(counts) / CUSTOMERS
    assert 0.05 * CUSTOMERS < CUSTOMERS - len(counts) < 0.5 * CUSTOMERS


def test_days_and_hours_have_a_pattern(world: World) -> None:
    days = dict(world.rows("SELECT isodow(occurred_at), count(*) FROM events GROUP BY 1"))
    assert max(days, key=lambda day: days[day]) == 6
    # The last event numbers are the oddities, whose hours are odd too.
    local = "SELECT hour(occurred_at AT TIME ZONE time_zone) FROM events JOIN customers USING (customer_id) "
    where = f"WHERE kind = 'check_in' AND time_zone = 'America/Chicago' AND event_id <= {EVENTS}"
    hours = [row[0] for row in world.rows(local + where)]
    assert hours
    assert min(hours) >= 9
    # An hour of summer time, for patterns are in winter time.
    assert max(hours) <= 21


def test_what_each_kind_of_event_tells(world: World) -> None:
    nothing = {"sku": 0, "quantity": 0, "amount": 0, "store_id": 0, "link": 0}
    counted = ", ".join(f"count({column}) / count(*)" for column in nothing)
    told = {
        kind: dict(zip(nothing, shares, strict=True))
        for kind, *shares in world.rows(f"SELECT kind, {counted} FROM events GROUP BY kind")
    }
    assert told["app_open"] == nothing
    assert told["email_click"] == nothing | {"link": 1}
    assert told["check_in"] == nothing | {"store_id": 1}
    online = 1 - told["purchase"]["store_id"]
    assert told["purchase"] == {"sku": 1, "quantity": 1, "amount": 1, "store_id": 1 - online, "link": 0}
    assert 0.2 < online < 0.6
    assert world.one("SELECT count(*) FROM events ANTI JOIN products USING (sku) WHERE sku IS NOT NULL") == 0
    assert world.one("SELECT count(*) FROM events ANTI JOIN stores USING (store_id) WHERE store_id IS NOT NULL") == 0
    paid = "SELECT min(amount / (price * quantity)), max(amount / (price * quantity)), min(quantity), max(quantity) "
    [(least, most, fewest, many)] = world.rows(paid + "FROM events JOIN products USING (sku)")
    assert least == pytest.approx(0.75, abs=0.001)
    assert most == pytest.approx(1.0)
    assert (fewest, many) == (1, 3)


# ------------------------------------------------------------------------------------------- profiles and the rest


@pytest.mark.parametrize(
    ("table", "condition", "expected"),
    [
        ("customers", "phone IS NULL", 0.15),
        ("customers", "sms_consent", 0.35),
        ("customers", "push_consent", 0.55),
        ("customers", "home_latitude IS NULL", 0.12),
        ("customers", "address IS NULL", 0.05),
        ("customers", "interests IS NULL", 0.12),
        ("customers", "children IS NULL", 0.06),
        ("customers", "plan = 'monthly'", 0.10),
        ("customers", "plan = 'yearly'", 0.05),
        ("subscriptions", "subscribed", 0.85),
        ("message_events", "action = 'opened'", 0.25),
        ("wallet", "state = 'redeemed'", 0.38),
    ],
)
def test_shares_of_profiles(world: World, table: str, condition: str, expected: float) -> None:
    assert share(world, condition, table) == pytest.approx(expected, abs=0.04)


def test_what_customers_have_fits_together(world: World) -> None:
    assert world.one("SELECT count(*) FROM customers WHERE (plan = 'none') <> (plan_renews_on IS NULL)") == 0
    assert world.one("SELECT count(*) FROM customers WHERE plan_renews_on <= ?", TODAY) == 0
    early = "SELECT count(*) FROM customers WHERE tier_since < enrolled_on::TIMESTAMPTZ OR tier_since > ?::TIMESTAMPTZ"
    assert world.one(early, f"{TODAY} 12:00+00") == 0
    assert world.one("SELECT count(*) FROM customers WHERE (home_latitude IS NULL) <> (home_longitude IS NULL)") == 0
    far = """SELECT count(*) FROM customers JOIN stores ON store_id = home_store
        WHERE customers.country = 'GB' AND abs(home_latitude - latitude) > 1"""
    assert world.one(far) == 0
    assert {len(row[0]) for row in world.rows("SELECT children FROM customers WHERE children IS NOT NULL")} == {
        *range(4)
    }
    young = "SELECT count(*) FROM customers WHERE len(children) > 0 AND birth_date > ?::DATE - INTERVAL 19 YEAR"
    assert world.one(young, TODAY) == 0
    assert world.one("SELECT count(*) FROM customers WHERE len(interests) = 0") > 0
    assert world.one("SELECT max(len(interests)) FROM customers") > 3


def test_every_home_shop_is_a_shop(world: World) -> None:
    kinds = "SELECT DISTINCT kind FROM customers JOIN stores ON store_id = home_store"
    assert {row[0] for row in world.rows(kinds)} == {"shop", "cafe"}


def test_the_cafe_sells_in_the_morning_and_only_where_it_is(world: World) -> None:
    kinds = (
        "SELECT DISTINCT kind FROM (SELECT store_id FROM events WHERE category = 'cafe') JOIN stores USING (store_id)"
    )
    assert world.rows(kinds) == [("cafe",)]
    assert world.one("SELECT count(*) FROM events WHERE category = 'cafe' AND store_id IS NULL") == 0
    muffins = """SELECT count(*) FROM events JOIN stores USING (store_id) WHERE sku IN ('muffin', 'bagel')
        AND city = 'Boston' AND (occurred_at AT TIME ZONE time_zone)::TIME BETWEEN '06:00' AND '11:00'"""
    assert world.one(muffins) > 0
    wrong = "SELECT count(*) FROM events JOIN products USING (sku) WHERE events.category <> products.category"
    assert world.one(wrong) == 0


def test_check_ins_are_near_their_shop(world: World) -> None:
    distant = """SELECT max(abs(events.latitude - stores.latitude)), max(accuracy_m), min(accuracy_m)
        FROM events JOIN stores USING (store_id) WHERE events.kind = 'check_in'"""
    [(degrees, worst, best)] = world.rows(distant)
    assert 0.001 < degrees < 0.002
    assert worst > 300
    assert best >= 5
    assert world.one("SELECT count(*) FROM events WHERE latitude IS NOT NULL AND kind <> 'check_in'") == 0


def test_activity_goes_with_events(world: World) -> None:
    order = world.rows("SELECT kind, occurred_at::TEXT, event_id FROM activity ORDER BY rowid")
    assert order == sorted(order)
    assert world.one("SELECT count(*) - count(DISTINCT event_id) FROM activity") == 0
    assert world.one("SELECT count(*) FROM activity WHERE received_at < occurred_at") == 0
    assert world.one("SELECT count(*) FROM activity WHERE received_at > ?::TIMESTAMPTZ", f"{TODAY} 12:00+00") == 0
    assert world.one("SELECT count(*) FROM activity ANTI JOIN customers USING (customer_id)") == 0
    # Carts that were bought, and carts that were left.
    bought = """SELECT count(*) FROM activity AS cart SEMI JOIN events ON events.kind = 'purchase'
        AND events.customer_id = cart.customer_id AND events.sku = cart.sku
        AND events.occurred_at BETWEEN cart.occurred_at AND cart.occurred_at + INTERVAL 6 HOUR
        WHERE cart.kind = 'add_to_cart'"""
    carts = world.one("SELECT count(*) FROM activity WHERE kind = 'add_to_cart'")
    assert 0.2 * carts < world.one(bought) < 0.8 * carts
    assert world.one("SELECT count(*) FROM activity WHERE kind = 'ticket_purchase' AND starts_at <= occurred_at") == 0
    cinemas = "SELECT DISTINCT stores.kind FROM activity JOIN stores USING (store_id)"
    assert world.rows(cinemas) == [("cinema",)]
    assert set(catalog().geofences) >= {
        row[0] for row in world.rows("SELECT DISTINCT title FROM activity WHERE kind = 'geofence_crossing'")
    }
    assert set(catalog().rewards) > {
        row[0] for row in world.rows("SELECT DISTINCT title FROM activity WHERE kind = 'reward_purchased'")
    }


def test_wallets_and_subscriptions_are_believable(world: World) -> None:
    assert world.one("SELECT count(*) FROM wallet WHERE (state = 'redeemed') <> (redeemed_at IS NOT NULL)") == 0
    assert world.one("SELECT count(*) FROM wallet WHERE redeemed_at NOT BETWEEN issued_at AND expires_at") == 0
    assert world.one("SELECT count(*) FROM wallet WHERE issued_at > ?::TIMESTAMPTZ", f"{TODAY} 12:00+00") == 0
    # Some still say that they were issued, although they have expired: the feed is late.
    stale = "SELECT count(*) FROM wallet WHERE state = 'issued' AND expires_at <= ?::TIMESTAMPTZ"
    assert world.one(stale, f"{TODAY} 12:00+00") > 0
    last = """SELECT count(*) FROM subscriptions AS s JOIN (
        SELECT customer_id, conversation, max_by(subscribed, occurred_at) AS subscribed
        FROM subscription_changes GROUP BY ALL
        ) AS c USING (customer_id, conversation) WHERE s.subscribed <> c.subscribed"""
    assert world.one(last) <= 5  # who changed her mind within a second
    opened = """SELECT count(*) FROM message_events AS o ANTI JOIN message_events AS s
        ON s.action = 'sent' AND s.event_id = o.event_id // 10 * 10 AND s.occurred_at < o.occurred_at
        WHERE o.action <> 'sent'"""
    assert world.one(opened) == 0


# ------------------------------------------------------------------------------------------------- all or nothing

PREVIOUS_SEED = DEFAULT_SEED + 1


@pytest.fixture
def previous(tmp_path: Path) -> Path:
    """An older world, alone in its folder."""
    path = tmp_path / "world.duckdb"
    small(path, seed=PREVIOUS_SEED)
    return path


def test_an_older_world_is_replaced(previous: Path) -> None:
    before = World(previous)
    old = before.checksums()
    before.connection.close()
    small(previous)
    assert World(previous).checksums() != old
    assert list(previous.parent.iterdir()) == [previous]


def test_a_link_stays_a_link(previous: Path) -> None:
    link = previous.parent / "here" / "link.duckdb"
    link.parent.mkdir()
    link.symlink_to(previous)
    small(link)
    assert link.is_symlink()
    assert World(previous).one("SELECT count(*) FROM customers") == RESERVED
    assert sorted(previous.parent.rglob("*")) == [link.parent, link, previous]


def test_a_failure_of_the_caller_is_not_ours(tmp_path: Path) -> None:
    def hang_up(step: str, done: float) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        small(tmp_path / "world.duckdb", progress=hang_up)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("step", range(6))
@pytest.mark.parametrize("exception", [KeyboardInterrupt, ZeroDivisionError])
@pytest.mark.seed("S0-06")
def test_interrupted_at_any_step_nothing_changes(previous: Path, step: int, exception: type[BaseException]) -> None:
    old = previous.read_bytes()
    steps: list[str] = []

    def interrupt(name: str, done: float) -> None:
        steps.append(name)
        if len(steps) == step + 1:
            raise exception

    with pytest.raises(exception):
        small(previous, progress=interrupt)
    if done_before_the_last_word := step < 5:
        assert previous.read_bytes() == old
    assert done_before_the_last_word == (steps[-1] != "Done")
    assert list(previous.parent.iterdir()) == [previous]


def run(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_control_c_leaves_nothing(tmp_path: Path) -> None:
    process = run(
        """
        import sys
        from pathlib import Path
        from campaign_dsl.run.sample import generate_world
        generate_world(
            Path(sys.argv[1]), customers=200, events=50_000_000, progress=lambda step, _: print(step, flush=True)
        )
        """,
        str(tmp_path / "world.duckdb"),
    )
    with process:
        assert process.stdout is not None
        # In the middle of the longest query.
        while "Recording" not in process.stdout.readline():
            assert process.poll() is None
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert not list(tmp_path.iterdir())


def test_a_database_in_use_is_left_alone(previous: Path) -> None:
    old = previous.read_bytes()
    process = run(
        """
        import sys, duckdb
        connection = duckdb.connect(sys.argv[1], read_only=True)
        print("open", flush=True)
        sys.stdin.readline()
        """,
        str(previous),
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(EnvironmentProblem, match="open in another program") as caught:
            small(previous)
        process.communicate("go\n", timeout=60)
    assert caught.value.help
    assert previous.read_bytes() == old
    assert list(previous.parent.iterdir()) == [previous]


def test_a_database_that_came_into_use_meanwhile_is_left_alone(previous: Path) -> None:
    readers: list[duckdb.DuckDBPyConnection] = []

    def open_it(step: str, done: float) -> None:
        if step == "Saving":
            readers.append(duckdb.connect(str(previous), read_only=True))

    with pytest.raises(EnvironmentProblem, match="open in another program"):
        small(previous, progress=open_it)
    readers[0].close()
    assert list(previous.parent.iterdir()) == [previous]


def test_a_write_ahead_log_left_by_a_crash_does_not_reach_the_new_world(previous: Path) -> None:
    process = run(
        """
        import os, sys, duckdb
        connection = duckdb.connect(sys.argv[1])
        connection.execute("SET checkpoint_threshold = '1TB'")
        connection.execute("DELETE FROM customers")
        os._exit(0)
        """,
        str(previous),
    )
    with process:
        process.communicate(timeout=60)
    log = previous.with_name(previous.name + ".wal")
    assert log.exists()
    summary = small(previous)
    assert not log.exists()
    assert World(previous).one("SELECT count(*) FROM customers") == summary.customers == RESERVED


def test_something_else_under_the_name_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear customer,\n" * 1000)
    with pytest.raises(EnvironmentProblem, match="not a DuckDB database"):
        small(letter)
    assert letter.read_text().startswith("Dear")
    with pytest.raises(EnvironmentProblem, match="not a file"):
        small(tmp_path)
    with pytest.raises(EnvironmentProblem, match="cannot write"):
        small(letter / "world.duckdb")
    assert list(tmp_path.iterdir()) == [letter]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "no permission"),
        (errno.EROFS, "no permission"),
        (errno.EIO, "cannot write"),
    ],
)
def test_the_system_refuses(previous: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str) -> None:
    old = previous.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(EnvironmentProblem, match=said):
        small(previous)
    assert previous.read_bytes() == old
    assert list(previous.parent.iterdir()) == [previous]


def test_a_folder_without_permission(tmp_path: Path) -> None:
    """Root may write anywhere, so as root this is done as nobody, whom pytest's own folders keep out as well."""
    tmp_path.chmod(0o500)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(EnvironmentProblem, match="no permission"):
            small(tmp_path / "world.duckdb")
    finally:
        os.seteuid(before)
        tmp_path.chmod(0o700)
