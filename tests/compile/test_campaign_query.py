"""The one query of a campaign: who is counted, who is due, what stops them, and what is kept for their message."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from shop import CUSTOMER, SAMPLE, Row, Shop, campaign_text

from campaign_dsl.compile.sql.campaign import holdout_salt

HOSTILE = [
    "O'Neil",
    '"quoted"',
    "back\\slash",
    '{"json": [1, null]}',
    "'; DROP TABLE customers; --",
    "/* comment */ -- $as_of ?",
    "Zoë 😀 名前",
    "tab\tand\nline",
    "%_",
    " ",
    "",
    "null",
    "\u202eevil",
]


def test_nobody_at_all(shop: Shop) -> None:
    shop.write(campaign_text())
    assert shop.ask() == ({"customers": 0, "readable": 0, "audience": 0}, [])


def test_totals_are_right_when_nobody_is_due(shop: Shop) -> None:
    shop.write(campaign_text())
    shop.customers(one={"birth_date": date(1990, 1, 1)}, two={"status": "blocked"}, three={"birth_date": None})
    shop.customers(lost={"time_zone": "Mars/Base"}, empty={"time_zone": ""}, icu={"time_zone": "BST"})
    shop.customers({"customer_id": None})
    totals, rows = shop.ask(days=[date(2026, 7, 1)])
    assert (totals, rows) == ({"customers": 7, "readable": 3, "audience": 2}, [])


def test_without_a_day_nobody_is_due(shop: Shop) -> None:
    shop.write(campaign_text())
    shop.customers(one={})
    assert shop.ask(days=[]) == ({"customers": 1, "readable": 1, "audience": 1}, [])


def test_rows_without_a_key_or_a_known_zone_are_set_aside(shop: Shop) -> None:
    shop.write(campaign_text("everyone"))
    shop.customers({"customer_id": None}, good={}, missing={"time_zone": None}, bad={"time_zone": "Nowhere"})
    totals, rows = shop.ask()
    assert totals == {"customers": 4, "readable": 2, "audience": 2}
    assert [(row.customer_id, row.zone) for row in rows] == [
        ("good", "America/New_York"),
        ("missing", "America/New_York"),
    ]


def test_one_zone_for_everybody(shop: Shop) -> None:
    shop.write(campaign_text("everyone").replace('customer else "America/New_York"', '"Asia/Tokyo"'))
    shop.customers(one={"time_zone": "Nowhere"}, two={"time_zone": "Europe/Berlin"})
    totals, rows = shop.ask()
    assert totals["readable"] == 2
    assert {row.zone for row in rows} == {"Asia/Tokyo"}


def test_the_row_of_a_candidate(shop: Shop) -> None:
    shop.write(campaign_text(shift="7 days before"))
    shop.customers(ada={"birth_date": date(1990, 6, 22), "time_zone": "Europe/Berlin", "email": "  Ada@Example.COM "})
    _, rows = shop.ask()
    assert rows == [
        Row(
            customer_id="ada",
            occurrence="2026",
            occurrence_day="2026-06-15",
            occurrence_time="09:00",
            occurred_at=None,
            zone="Europe/Berlin",
            segment=None,
            arm=None,
            language=None,
            lost=None,
            steps=3,
            address="ada@example.com",
            context={"email": "  Ada@Example.COM ", "first_name": "Ada"},
            computed={},
        )
    ]


def test_days_that_are_made_up_for(shop: Shop) -> None:
    shop.write(campaign_text())
    shop.customers(one={"birth_date": date(1990, 6, 14)}, two={"birth_date": date(1990, 6, 15)})
    _, rows = shop.ask(days=[date(2026, 6, 13), date(2026, 6, 14), date(2026, 6, 15)])
    assert [(row.customer_id, row.occurrence_day) for row in rows] == [("one", "2026-06-14"), ("two", "2026-06-15")]


def test_a_hundred_days_at_once(shop: Shop) -> None:
    shop.write(campaign_text())
    shop.customers(one={})
    days = [date.fromordinal(date(2026, 6, 15).toordinal() - back) for back in range(99, -1, -1)]
    assert len(shop.ask(days=days)[1]) == 1


# ------------------------------------------------------------------------------------------------------------ lost

STOPPED = """\
where status = good
    exclude audience employees
    exclude where country = "XX"
    exclude where did purchase in last 30 days
    suppress global_suppression
    holdout 100.00%"""


@pytest.fixture
def stages(shop: Shop) -> Shop:
    """A shop with a campaign that knows every stage; `holdout` is as good as everybody."""
    shop.write(campaign_text(STOPPED.replace("100.00%", "99.999%")))
    shop.add("suppressions", [{"address": " Listed@Example.com"}, {"address": None}, {"address": "other@example.com"}])
    return shop


def test_each_customer_is_lost_at_the_first_stage(stages: Shop) -> None:
    listed = {"email": "LISTED@example.com "}
    refused = {"email_consent": False}
    stages.customers(
        employee={"is_employee": True, "country": "XX", **listed, **refused},
        country={"country": "XX", **listed, **refused},
        buyer={**listed, **refused},
        listed={**listed, **refused},
        refused=refused,
        unasked={"email_consent": None},
        homeless={"email": None},
        held={},
    )
    bought = datetime(2026, 6, 1, tzinfo=UTC)
    stages.add(
        "events",
        [{"event_id": 1, "customer_id": "buyer", "kind": "purchase", "occurred_at": bought, "received_at": bought}],
    )
    assert stages.lost() == {
        "employee": "not_excluded",
        "country": "not_excluded",
        "buyer": "not_excluded",
        "listed": "not_suppressed",
        "refused": "consented",
        "unasked": "consented",
        "homeless": "not_held_out",
        "held": "not_held_out",
    }


def test_every_customer_is_one_row(stages: Shop) -> None:
    """However often a list, an event or a purchase has them."""
    stages.customers(a={}, b={"email": "listed@example.com"})
    stages.add("suppressions", [{"address": "listed@example.com"}] * 3)
    day = datetime(2026, 6, 1, tzinfo=UTC)
    event = {"customer_id": "a", "kind": "purchase", "occurred_at": day, "received_at": day}
    stages.add("events", [{"event_id": number % 2, **event} for number in range(5)])
    assert stages.lost() == {"a": "not_excluded", "b": "not_suppressed"}


def test_a_customer_twice_in_the_table_is_two_rows_for_the_ledger_to_see(shop: Shop) -> None:
    shop.write(campaign_text())
    shop.customers({"customer_id": "a"}, {"customer_id": "a", "first_name": "Eve"})
    totals, rows = shop.ask()
    assert totals == {"customers": 2, "readable": 2, "audience": 2}
    assert [(row.customer_id, row.occurrence) for row in rows] == [("a", "2026")] * 2


def test_an_address_is_asked_for_where_customers_are_known_by_it(shop: Shop) -> None:
    catalog = shop.root / "catalog.yaml"
    catalog.write_text(catalog.read_text("utf-8").replace("external_user_id", "email"), "utf-8")
    shop.write(campaign_text())
    shop.customers(a={"email": None}, b={})
    assert shop.lost() == {"a": "consented", "b": None}


def test_suppression_looks_at_the_addresses_of_all_messages(shop: Shop) -> None:
    catalog = shop.root / "catalog.yaml"
    notice = "  middleware_notice:\n    provider: middleware\n    channel: "
    catalog.write_text(catalog.read_text("utf-8").replace(f"{notice}email", f"{notice}sms"), "utf-8")
    more = "message text external {\n via middleware variant middleware_notice\n }\n}"
    whole = campaign_text(
        "everyone\n suppress global_suppression", outcomes="tag birthday_gift\n send note\n send text"
    )
    shop.write(whole.rstrip().removesuffix("}") + more)
    shop.add("suppressions", [{"address": "+49123"}, {"address": "listed@example.com"}])
    shop.customers(
        a={"phone": "+49123", "sms_consent": True},
        b={"email": "listed@example.com", "sms_consent": True},
        c={"phone": "+49124", "sms_consent": True},
        d={"phone": None, "sms_consent": True},
    )
    assert shop.lost() == {"a": "not_suppressed", "b": "not_suppressed", "c": None, "d": None}


# --------------------------------------------------------------------------------------------------------- holdout


@pytest.mark.parametrize("percent", ["5", "0.001", "12.345", "50", "99.999"])
def test_the_holdout_is_the_documented_hash(shop: Shop, percent: str) -> None:
    shop.write(campaign_text(f"everyone\n    holdout {percent}%"))
    shop.customers({"customer_id": "ü"}, {"customer_id": "'"}, {"customer_id": ""}, {"customer_id": "customer 0"})
    names = ", ".join(CUSTOMER)
    shop.connection.execute(
        f"INSERT INTO customers (customer_id, {names}) "
        f"SELECT 'customer ' || i, {names} FROM customers, range(1, 3_000) AS r(i) WHERE customer_id = 'customer 0'"
    )
    ids = ["ü", "'", "", *(f"customer {number}" for number in range(3_000))]
    lost = shop.lost()
    for each in ids:
        digest = hashlib.md5(f"holdout/gift:{each}".encode()).hexdigest()
        held = int(digest[:7], 16) < Decimal(percent) / 100 * 2**28
        assert lost[each] == ("not_held_out" if held else None), each
    share = sum(each == "not_held_out" for each in lost.values()) / len(ids) * 100
    assert abs(share - float(percent)) < 3
    assert shop.lost() == lost


def test_renaming_moves_nobody_between_the_groups(shop: Shop) -> None:
    shop.customers(**{f"c{number}": {} for number in range(60)})
    shop.write(campaign_text("everyone\n    holdout 50%"))
    before = shop.lost()
    for name, former in (("second", "gift"), ("third", "gift, second")):
        text = campaign_text("everyone\n    holdout 50%").replace(
            "campaign gift {", f"campaign {name} {{\n  formerly {former}"
        )
        shop.write(text)
        assert {row.customer_id: row.lost for row in shop.ask(name=name)[1]} == before
        assert holdout_salt(shop.compiled(name)[0]) == "holdout/gift"


# ---------------------------------------------------------------------------------------------- segments and steps

SEGMENTED = """\
everyone
    segments {
      vip     where tier = platinum and age >= 30
      gold    where tier >= gold
      buyers  where did purchase at least 2 times ever
      others  otherwise
    }"""
OUTCOMES = """\
award 1 points to rewards source birthday as a when segment vip
    award 2 points to rewards source birthday as b when segment gold
    award 3 points to rewards source birthday as c when segment others
    tag birthday_gift for 1 day when country = "US" and age >= 18
    issue offer birthday_half_price
    send note when segment vip"""


def test_segments_and_the_outcomes_that_apply(shop: Shop) -> None:
    shop.write(campaign_text(SEGMENTED, outcomes=OUTCOMES))
    young = {"birth_date": date(2010, 6, 15)}
    shop.customers(
        vip={"tier": "platinum", "country": "US"},
        young={"tier": "platinum", "country": "US", **young},
        gold={"tier": "gold"},
        buyer={"country": "US"},
        other={"country": None},
    )
    day = datetime(2026, 6, 1, tzinfo=UTC)
    event = {"customer_id": "buyer", "kind": "purchase", "occurred_at": day, "received_at": day}
    shop.add("events", [{"event_id": number, **event} for number in (1, 2)])
    _, rows = shop.ask()
    assert {row.customer_id: (row.segment, f"{row.steps:06b}"[::-1]) for row in rows} == {
        "vip": ("vip", "100111"),
        "young": ("gold", "010010"),
        "gold": ("gold", "010010"),
        "buyer": ("buyers", "000110"),
        "other": ("others", "001010"),
    }


def test_a_single_segment(shop: Shop) -> None:
    shop.write(
        campaign_text(
            "everyone\n segments {\n all otherwise\n }", outcomes="tag birthday_gift\n send note when segment all"
        )
    )
    shop.customers(a={})
    assert [(row.segment, row.steps) for row in shop.ask()[1]] == [("all", 3)]


def test_sixty_two_outcomes(shop: Shop) -> None:
    outcomes = "\n".join(f"tag birthday_gift for 1 day as t{number} when tier = gold" for number in range(61))
    shop.write(campaign_text(outcomes=f"send note\n{outcomes}"))
    shop.customers(a={"tier": "gold"}, b={})
    assert [row.steps for row in shop.ask()[1]] == [2**62 - 1, 1]


# --------------------------------------------------------------------------------------------------------- context


def test_context_leaves_missing_values_out(shop: Shop) -> None:
    properties = """size customer.shoe_size else 9.5
      born customer.birth_date else "soon"
      vip customer.is_employee
      country customer.country else "US\""""
    shop.write(campaign_text("everyone", properties=properties))
    shop.customers(a={"shoe_size": Decimal("10.5")}, b={"first_name": None, "email": None, "country": None})
    _, (a, b) = shop.ask()
    whole = {"birth_date": "1990-06-15", "is_employee": False}
    assert a.context == {**whole, "email": "ada@example.com", "first_name": "Ada", "shoe_size": 10.5}
    assert b.context == whole
    assert b.address is None


def test_instants_in_the_context_are_rfc_3339(shop: Shop) -> None:
    catalog = shop.root / "catalog.yaml"
    catalog.write_text(
        catalog.read_text("utf-8").replace(
            "    country:  ", "    seen:              {type: timestamp}\n    country:  ", 1
        ),
        "utf-8",
    )
    shop.connection.execute("ALTER TABLE customers ADD COLUMN seen TIMESTAMPTZ")
    shop.write(campaign_text("everyone", properties='seen customer.seen else "never"'))
    shop.customers(a={"seen": datetime(2026, 1, 1, 23, 5, tzinfo=UTC)}, b={})
    _, (a, b) = shop.ask()
    assert a.context["seen"] == "2026-01-01T23:05:00Z"
    assert "seen" not in b.context


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_what_they_are(shop: Shop, name: str) -> None:
    shop.write(campaign_text())
    shop.customers({"customer_id": f"id {name}", "first_name": name, "email": f"{name}@x"})
    (row,) = shop.ask()[1]
    assert row.customer_id == f"id {name}"
    assert row.context == {"first_name": name, "email": f"{name}@x"}
    assert row.lost is None


# ----------------------------------------------------------------------------------------------- names of the catalog


def test_attributes_may_be_called_like_anything_in_the_query(shop: Shop) -> None:
    names = [
        "zone",
        "today_key",
        "segment",
        "occurrence",
        "occurrence_day",
        "month_day",
        "name",
        "lost",
        "steps",
    ]
    names += ["customer", "audience", "due", "value", "computed", "context", "readable", "select", "order"]
    catalog = shop.root / "catalog.yaml"
    entries = "".join(f"    {name}: {{type: text}}\n" for name in names)
    catalog.write_text(catalog.read_text("utf-8").replace("  attributes:\n", f"  attributes:\n{entries}", 1), "utf-8")
    for name in names:
        shop.connection.execute(f'ALTER TABLE customers ADD COLUMN "{name}" TEXT')
    tests = " and ".join(f'{name} != "x"' for name in names)
    quoted = "\n".join(f'p_{name} customer.{name} else "-"' for name in names)
    excluded = tests.replace("!=", "=")
    segments = f"segments {{\n a where {tests}\n b otherwise\n}}"
    audience = f"where age >= 18 and {tests}\n exclude where {excluded}\n {segments}"
    shop.write(campaign_text(audience, properties=quoted))
    shop.customers(a={name: f"my {name}" for name in names})
    (row,) = shop.ask()[1]
    assert (row.zone, row.segment, row.occurrence, row.lost) == ("America/New_York", "a", "2026", None)
    assert {key: value for key, value in row.context.items() if key in names} == {name: f"my {name}" for name in names}


@pytest.mark.parametrize("table", ["customer", "zone", "Audience", "due", "totals", "eligibility", "occurrence"])
def test_tables_may_be_called_like_anything_in_the_query(shop: Shop, table: str) -> None:
    catalog = shop.root / "catalog.yaml"
    text = catalog.read_text("utf-8")
    for old in ("table: customers", "table: suppressions", "table: events"):
        shop.connection.execute(f'ALTER TABLE {old.split()[1]} RENAME TO "{table}_{old.split()[1]}"')
        text = text.replace(old, f"{old.replace(': ', f': {table}_')}")
    shop.connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM "{table}_events"')
    catalog.write_text(text.replace(f"table: {table}_events", f"table: {table}"), "utf-8")
    shop.write(campaign_text("where did not purchase ever\n suppress global_suppression"))
    day = datetime(2026, 6, 1, tzinfo=UTC)
    event = {"event_id": 1, "kind": "purchase", "occurred_at": day, "received_at": day}
    rows = [{**CUSTOMER, "customer_id": name} for name in ("a", "b")]
    shop.add(f'"{table}_customers"', rows)
    shop.add(f'"{table}_events"', [{**event, "customer_id": "b"}])
    assert shop.lost() == {"a": None}


def test_columns_and_tables_with_quotes_and_schemas(shop: Shop) -> None:
    catalog = shop.root / "catalog.yaml"
    text = catalog.read_text("utf-8").replace("table: customers", "table: 'crm.the \"customers\"'")
    text = text.replace(
        "birth_date:        {type: date, pii: true}", "birth_date: {type: date, column: 'born; \"on\" --'}"
    )
    catalog.write_text(text, "utf-8")
    shop.connection.execute("CREATE SCHEMA crm")
    shop.connection.execute('ALTER TABLE customers RENAME birth_date TO "born; ""on"" --"')
    shop.connection.execute('CREATE TABLE crm."the ""customers""" AS SELECT * FROM customers')
    row = {key: value for key, value in CUSTOMER.items() if key != "birth_date"}
    row |= {"customer_id": "a", 'born; ""on"" --': CUSTOMER["birth_date"]}
    shop.add('crm."the ""customers"""', [row])
    shop.write(campaign_text())
    assert shop.lost() == {"a": None}


def test_a_key_that_is_a_number_and_has_another_name(shop: Shop) -> None:
    catalog = shop.root / "catalog.yaml"
    text = catalog.read_text("utf-8").replace("key: customer_id", "key: number")
    text = text.replace("    customer_id:       {type: text", "    number: {type: integer, column: customer_id")
    for path in re.findall(r"\bfile: (\S+\.(?:csv|txt))", text):
        (shop.root / path).write_text("7\n", "utf-8")  # a list of customers holds keys
    catalog.write_text(text, "utf-8")
    shop.connection.execute("ALTER TABLE customers ALTER customer_id TYPE BIGINT")
    shop.connection.execute("ALTER TABLE events ALTER customer_id TYPE BIGINT")
    shop.write(campaign_text("where did not check_in ever and count of purchase ever = 0 and number > 5\n holdout 1%"))
    shop.customers({"customer_id": 7}, {"customer_id": 3})
    assert [row.customer_id for row in shop.ask()[1]] == ["7"]


# ------------------------------------------------------------------------------------------------------- the sample


def test_the_sample_campaign(shop: Shop) -> None:
    shop.write((SAMPLE / "birthday_gift.campaign").read_text("utf-8"), "birthday_gift.campaign")
    shop.customers(
        **{
            f"c{number}": {"birth_date": date(1990, 6, 22), "tier": ["member", "gold"][number % 2]}
            for number in range(40)
        }
    )
    shop.customers(leap={"birth_date": date(2008, 2, 29)})
    totals, rows = shop.ask(name="birthday_gift")
    assert totals == {"customers": 41, "readable": 41, "audience": 41}
    assert len(rows) == 40
    assert {(row.segment, row.steps) for row in rows} == {("gold", 29), ("others", 30)}
    days = {row.occurrence_day for row in shop.ask(name="birthday_gift", days=[date(2027, 2, 21)])[1]}
    assert days == {"2027-02-21"}
