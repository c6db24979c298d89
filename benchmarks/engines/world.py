"""A world of any size, the same for the same size: customers, two years of their events, and a catalog of both.

Made by DuckDB alone, set by set: hashes of row numbers instead of a random generator, so that the content depends on
neither threads nor versions of Python. Few customers have many of the events, as in life: of ten events a customer on
average the median has six, one in ten thousand more than a thousand, and the most active one more than twenty thousand.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
"""T of all questions. No event is later."""
KINDS = ("page_view", "app_open", "email_open", "add_to_cart", "purchase", "support_ticket")
"""Kinds of events, the commonest first: almost half of all are page views, one in seventeen is a purchase."""

CATALOG = """\
customers:
  table: customers
  key: customer_id
  time_zone: time_zone
  birth_date: birth_date
  attributes:
    customer_id: {type: integer, nullable: false}
    time_zone:   {type: text}
    birth_date:  {type: date}
    country:     {type: text}
    tier:        {type: enum, values: [member, silver, gold, platinum], ordered: true, nullable: false}
    email_ok:    {type: boolean, nullable: false}
    visits:      {type: integer}
    spent:       {type: decimal}
    signed_up:   {type: timestamp, nullable: false}
events:
""" + "".join(
    f"""\
  {kind}:
    table: events
    kind: {{column: kind, equals: {kind}}}
    properties:
      amount: {{type: decimal}}
      sku:    {{type: text}}
      units:  {{type: integer}}
"""
    for kind in KINDS
)

_CUSTOMERS = """
CREATE TABLE customers AS
WITH numbered AS MATERIALIZED (SELECT i, (hash(i) >> 2)::BIGINT AS h, (hash(i + 1_000_000_007) >> 2)::BIGINT AS g
    FROM range(1, $customers + 1) t(i))
SELECT
    i::BIGINT AS customer_id,
    ['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo', NULL][1 + h % 6]
        AS time_zone,
    CASE WHEN g % 20 > 0 THEN DATE '1940-01-01' + (h // 7 % 25_000)::INTEGER END AS birth_date,
    ['US', 'US', 'US', 'DE', 'JP', 'GB', 'BR', NULL][1 + h // 11 % 8] AS country,
    ['member', 'member', 'member', 'silver', 'silver', 'gold', 'platinum'][1 + h // 13 % 7] AS tier,
    g % 10 < 7 AS email_ok,
    CASE WHEN g % 9 > 0 THEN (g // 9 % 300)::INTEGER END AS visits,
    CASE WHEN g % 11 > 0 THEN (g // 11 % 500_000 / 100)::DECIMAL(12, 2) END AS spent,
    TIMESTAMPTZ '2026-06-15 12:00:00+00' - to_seconds((h // 17 % 94_608_000)::BIGINT) AS signed_up
FROM numbered
"""
_EVENTS = """
CREATE TABLE events AS
WITH numbered AS MATERIALIZED (
    SELECT i, (hash(i + 3_000_000_019) >> 2)::BIGINT AS h, (hash(i + 5_000_000_029) >> 2)::BIGINT AS g
    FROM range(1, $events + 1) t(i)
)
SELECT
    i::BIGINT AS event_id,
    -- A few customers are far ahead; a multiplication modulo a prime scatters them over the whole table.
    (1 + (floor($customers * pow((h % 1_000_003) / 1_000_003, 3))::BIGINT * 7_919 + h % 3) % $customers)::BIGINT
        AS customer_id,
    ['page_view', 'page_view', 'page_view', 'page_view', 'page_view', 'page_view', 'page_view', 'page_view',
     'app_open', 'app_open', 'app_open', 'app_open', 'email_open', 'email_open', 'add_to_cart', 'purchase',
     'support_ticket'][1 + (g % 17)::INTEGER] AS kind,
    TIMESTAMPTZ '2026-06-15 12:00:00+00' - to_microseconds((g // 17 % 63_072_000_000_000)::BIGINT) AS occurred_at,
    ((1 + g // 19 % 20_000) / 100)::DECIMAL(10, 2) AS amount,
    'sku-' || (h // 23 % 400) AS sku,
    (1 + h // 29 % 5)::INTEGER AS units
FROM numbered
"""


def made(path: Path, customers: int, events: int) -> Path:
    """A DuckDB file with so many customers and events; one that is there already is taken as it is."""
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with duckdb.connect(str(part)) as database:
            database.execute("SET TimeZone = 'UTC'")
            for statement, values in (
                (_CUSTOMERS, {"customers": customers}),
                (_EVENTS, {"customers": customers, "events": events}),
            ):
                database.execute(statement, values)
        part.rename(path)
    return path
