"""A small shop as a workspace of text files, random campaigns for it, and its tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

SETTINGS = """\
name: shop
timezone: America/New_York
policies: {leap_day: feb_28, misfire: skip, consent: required, quiet: none}
gates: {offers: 1_000_000}
default_target: local
targets:
  local:
    engine: {kind: duckdb, database: shop.duckdb}
    ledger: {kind: sqlite, path: ledger.sqlite}
    delivery: sandbox
providers:
  office:
    kind: webhook
    endpoint: https://office.shop.example/messages
    secret: {env: OFFICE_SECRET}
"""
CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  attributes:
    id:      {type: text, nullable: false}
    zone:    {type: text}
    born:    {type: date}
    tier:    {type: enum, values: [member, gold], ordered: true, writable: true}
    visits:  {type: integer}
    mail:    {type: text}
    phone:   {type: text}
    consent: {type: boolean}
    note:    {type: text, writable: true}
events:
  purchase:
    table: purchases
    received_at: received_at
    properties:
      sku:    {type: text}
      amount: {type: decimal}
  visit:
    table: visits
    properties:
      sku:    {type: text}
point_accounts:
  rewards: {title: Points, sources: [shop, birthday]}
offers:
  half: {title: Half, form: percentage_off_item, percent: 50}
rewards:
  mug: {title: Mug, cost: 100, account: rewards}
tags: {gift: {}, vip: {}}
channels:
  mail: {type: email, address: mail, consent: consent}
  text: {type: sms, address: phone, consent: consent}
variants:
  plain:  {provider: office, channel: mail}
  mailed: {provider: office, channel: mail, identifier: email}
  texted: {provider: office, channel: text}
suppression_lists:
  never: {table: suppressions}
"""
TEXT, INSTANT = pa.string(), pa.timestamp("us", tz="UTC")
TABLES: dict[str, dict[str, pa.DataType]] = {
    "customers": {"id": TEXT, "zone": TEXT, "born": pa.date32(), "tier": TEXT, "visits": pa.int64(), "mail": TEXT,
                  "phone": TEXT, "consent": pa.bool_(), "note": TEXT},
    "purchases": {"event_id": TEXT, "customer_id": TEXT, "occurred_at": INSTANT, "received_at": INSTANT, "sku": TEXT,
                  "amount": pa.decimal128(12, 2)},
    "visits": {"event_id": TEXT, "customer_id": TEXT, "occurred_at": INSTANT, "sku": TEXT},
    "suppressions": {"address": TEXT},
}  # fmt: skip
STARTS = [
    datetime(2026, 3, 7, 11, tzinfo=UTC),  # the night on which clocks go forward in New York
    datetime(2026, 10, 31, 11, tzinfo=UTC),  # and the one on which they go back
    datetime(2026, 3, 28, 20, tzinfo=UTC),  # forward in Berlin
    datetime(2026, 2, 27, 14, tzinfo=UTC),  # the end of February in a common year
    datetime(2026, 12, 30, 5, 30, tzinfo=UTC),  # the year's end
]
Tables = dict[str, list[dict[str, Any]]]


def tables_of(seed: int, start: datetime, days: int) -> Tables:
    """Six people and what they do from a day before the first run on; much of it late, twice or at one instant."""
    random = Random(seed)
    one = random.choice
    zones = ["America/New_York", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Pacific/Apia", None, "Mars/Base"]
    births = [date(2000, 2, 29), date(2000, 2, 28), date(2001, 3, 1), date(1990, 12, 31), date(1990, 1, 1), None]
    births += [date(1999, (start + timedelta(n)).month, (start + timedelta(n)).day) for n in range(days + 1)] * 2
    people = [
        {"id": f"c{n}", "zone": one(zones), "born": one(births), "tier": one(["member", "gold", None, "lead"]),
         "visits": one([None, 0, 1, 3]), "mail": one([f"c{n}@x", f" C{n}@X ", "none", None]),
         "consent": one([True, True, True, True, False, None]), "note": one(["x", None]),
         "phone": one([f"+155{n}", "+1555", None])}
        for n in range(6)
    ]  # fmt: skip
    owners = ["c0", "c0", "c1", "c1", "c2", "c3", "c4", "c5", "nobody", None]

    def moment() -> datetime:
        at = start + timedelta(hours=random.randrange(-30, 24 * days))
        return at + one([timedelta(0), timedelta(0), timedelta(minutes=29), timedelta(microseconds=1)])

    purchases = []
    amounts = [None, *map(Decimal, ("0.50", "4.00", "9.50", "-2.00"))]
    for number in range(random.randrange(4, 24)):
        at = moment()
        arrived = one([at, at, None, at + timedelta(hours=3), at + timedelta(days=2)])
        row = {"event_id": f"p{number}", "customer_id": one(owners), "occurred_at": at, "received_at": arrived,
               "sku": one(["a", "b", None]), "amount": one(amounts)}  # fmt: skip
        purchases += [row, dict(row)] if random.random() < 0.1 else [row]
    visits = [
        {"event_id": f"v{n}", "customer_id": one(owners), "occurred_at": moment(), "sku": one(["a", "b"])}
        for n in range(random.randrange(12))
    ]
    listed = [{"address": one(["c1@x", "C2@X", "+1555", None])} for _ in range(random.randrange(2))]
    return {"customers": people, "purchases": purchases, "visits": visits, "suppressions": listed}


def database_of(tables: Tables) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect(config={"threads": 1})
    made.execute("SET TimeZone = 'UTC'")
    for table, columns in TABLES.items():
        arrays = [pa.array([row[name] for row in tables[table]], kind) for name, kind in columns.items()]
        made.register("rows", pa.table(arrays, names=list(columns)))
        made.execute(f"CREATE TABLE {table} AS SELECT * FROM rows")
    return made


def written(folder: Path, campaigns: dict[str, str]) -> None:
    """Put the workspace into a folder."""
    (folder / "workspace.yaml").write_text(SETTINGS)
    (folder / "catalog.yaml").write_text(CATALOG)
    for name, text in campaigns.items():
        (folder / f"{name}.campaign").write_text(text)


# ------------------------------------------------------------------------------------------------- random campaigns

OF_PURCHASES = [
    ["on purchase"],
    ["on purchase where amount >= 4"],
    ["on purchase where not (sku = \"a\")"],
    ["every 2nd purchase", "progress each step"],
    ["every 3rd purchase"],
    ["on purchase at least 2 times within 2 days"],
    ["all of within 3 days {\n purchase where sku = \"a\"\n purchase where amount < 5\n }"],
]  # fmt: skip
OF_ANYTHING = [
    ["on anniversary of born, at 09:00"],
    ["on anniversary of born, 1 days before, at 02:30"],
    ["on anniversary of born, 1 days after, at 23:45"],
    ["every day at 02:30"],
    ["every 2 days at 01:30 from 2026-01-01"],
    ["every monday at 10:00", "on visit"],
    ["every month on day 31 at 08:00", "on purchase where sku = \"b\""],
    ["once at 2026-03-08 02:30"],
    ["all of {\n visit\n purchase\n }", "on visit where sku = \"a\""],
    ["any of within 1 days {\n visit\n purchase at least 2 times\n }"],
    ["sequence within 2 days {\n visit as look\n then purchase where sku = look.sku\n }"],
    ["sequence {\n visit as look\n then no purchase where sku = look.sku for 6 hours\n }"],
]  # fmt: skip
LIMITS = ["limit once per day", "limit once per year", "limit 2 per week", "limit 2 per 2 days", "limit once per month",
          "limit 2 per customer", "limit once per 2 days", "limit 3 per 3 weeks", "limit once ever"]  # fmt: skip
BUDGETS = {
    "budget 30 points": ("award",),
    "budget 2 offers": ("issue offer",),
    "budget 3 messages": ("send",),
    "budget 1_000 points, 4 offers": ("award", "issue offer"),
}
"""With the words of the outcomes they are about."""
OUTCOMES = [
    "award 10 points to rewards source shop, expires after 30 days",
    "award visits * 3 points to rewards source birthday, after 2 hours",
    "issue offer half, expires after 14 days",
    "issue offer half, after 36 hours as later",
    "issue reward mug",
    "tag gift for 2 days",
    "tag vip, after 1 days",
    "untag vip as gone",
    "set tier to gold",
    "set note to lower of mail",
    "record visit with sku = note",
]
BY_AMOUNT = [
    "award event.amount * 2 round half up to 0 points to rewards source shop as worth",
    "award event.amount / 3 round up to 0 points to rewards source shop, at most 2 as third",
    "record visit with sku = event.sku as again",
]
CONDITIONS = ["", "", "", " when tier = gold", " when not (tier = gold)", " when visits >= 1"]
QUIET = ["quiet none", "quiet from 21:00 to 08:00", "quiet from 22:00 to 02:30", "quiet from 01:00 to 01:30",
         "quiet from 00:30 to 03:15", "quiet from 12:00 to 14:00"]  # fmt: skip


@st.composite
def campaigns(draw: st.DrawFn, name: str = "made") -> str:
    """A campaign file that the checks let through."""
    pick = lambda options: draw(st.sampled_from(options))  # noqa: E731
    by_purchase = draw(st.booleans())
    behavior = [*pick(OF_PURCHASES if by_purchase else OF_ANYTHING)]
    behavior += draw(st.lists(st.sampled_from(LIMITS), max_size=2, unique=True))
    outcomes = draw(st.lists(st.sampled_from(OUTCOMES + BY_AMOUNT * by_purchase), min_size=1, max_size=4, unique=True))
    if outcomes == ["untag vip as gone"]:
        outcomes.append("issue reward mug")  # a promotion has to give something
    lines = [each + pick(CONDITIONS) for each in outcomes]
    sends = draw(st.booleans())
    segments, arms = draw(st.booleans()), draw(st.booleans())
    if segments:
        lines += ["award 7 points to rewards source shop as seven when segment high"]
    if arms:
        lines += ["tag gift as armed when variant b"]
    if draw(st.booleans()):
        lines += ["first of {\n award 3 points to rewards source birthday as three when visits >= 3\n"
                  " issue offer half as one when tier = gold\n tag gift as none otherwise\n }"]  # fmt: skip
    texts = sends and draw(st.booleans())
    if texts:
        lines += ["send short" + pick(["", ", after 1 hours"])]
    if sends:
        lines += ["send note" + pick(["", ", after 5 hours", " when visits >= 1"])]
    given = "\n".join(lines)
    fitting = [each for each, words in BUDGETS.items() if all(word in given for word in words)]
    behavior += draw(st.lists(st.sampled_from(fitting), max_size=1)) if fitting else []
    head = [f"campaign {name} {{", 'title "Made"', "kind promotion", pick(["", "priority 3"])]
    head += [pick(["", "", "runs from 2026-03-08", "runs until 2026-03-09", "runs from 2026-02-28 until 2026-11-01"])]
    head += [pick(['timezone customer else "America/New_York"', 'timezone "Europe/Berlin"'])]
    head += [pick(["", "", "misfire catch up at most 2 days", "leap_day mar_1"])]
    audience = [pick(["everyone", "everyone", "where tier = gold or visits is known", "where not (tier = gold)"])]
    audience += [pick(["", "", 'exclude where note = "x"', "exclude where did visit in last 1 days"])]
    audience += [pick(["", "suppress never"]) if sends else "", pick(["", "", "holdout 30%"])]
    audience += ["segments {\n high where tier >= gold\n rest otherwise\n }"] if segments else []
    body = [*head, "audience {", *audience, "}"]
    body += ["variants {\n a 40%\n b 60%\n }"] if arms else []
    body += ["behavior {", *behavior, "}", "outcomes {", *lines, "}"]
    if texts:
        body += ["message short external {", "via office variant texted", pick(QUIET), "}"]
    if sends:
        body += ["message note external {", f"via office variant {pick(['plain', 'mailed'])}", pick(QUIET)]
        body += [pick(["", "expires after 6 hours", "expires after 3 days"]), "}"]
    return "\n".join(each for each in [*body, "}"] if each) + "\n"
