"""Five kinds of audiences: as a marketer says them, and as an expert writes them by hand for DuckDB."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of audience.

    Attributes:
        says: the predicate of the language.
        expert: a query that gives the same ids, written by hand for speed, the forms that were measured to be best.
        scan: a query that only reads the columns that cannot be left out.
    """

    name: str
    says: str
    expert: str
    scan: str


_T = "TIMESTAMPTZ '2026-06-15 12:00:00+00'"
_PLACED = "coalesce({}time_zone, 'America/New_York') IN (SELECT name FROM pg_timezone_names())"
"""Customers whose zone nobody knows are in no audience."""


def _ago(days: int) -> str:
    return f"{_T} - INTERVAL {days * 24} HOUR"


KINDS = (
    Kind(
        "attributes",
        'country in ["US", "DE"] and tier >= gold and email_ok and visits between 10 and 200 and spent >= 100',
        f"""
        SELECT customer_id FROM customers
        WHERE country IN ('US', 'DE') AND tier IN ('gold', 'platinum') AND email_ok
          AND visits BETWEEN 10 AND 200 AND spent >= 100
          AND {_PLACED.format("")}
        """,
        "SELECT count(country), count(tier), count(email_ok), count(visits), count(spent) FROM customers",
    ),
    Kind(
        "RFM, 3 windows",
        "did purchase in last 30 days and did purchase at least 3 times in last 180 days"
        " and sum of purchase.amount in last 365 days >= 400",
        f"""
        WITH once AS (
            SELECT customer_id, event_id, max(occurred_at) AS last, min(amount) AS amount FROM events
            WHERE kind = 'purchase' AND occurred_at > {_ago(365)} AND occurred_at <= {_T}
              AND customer_id IN (
                SELECT customer_id FROM events
                WHERE kind = 'purchase' AND occurred_at > {_ago(30)} AND occurred_at <= {_T})
            GROUP BY customer_id, event_id)
        SELECT customer_id FROM once
        WHERE customer_id IN (SELECT customer_id FROM customers WHERE {_PLACED.format("")})
        GROUP BY customer_id
        HAVING count(CASE WHEN last > {_ago(180)} THEN 1 END) >= 3 AND sum(amount) >= 400
        """,
        f"""
        SELECT count(customer_id), count(amount) FROM events
        WHERE kind = 'purchase' AND occurred_at > {_ago(365)}
        """,
    ),
    Kind(
        "A, then B",
        "did (support_ticket then purchase within 7 days) in last 60 days",
        f"""
        SELECT DISTINCT a.customer_id FROM events AS a
        WHERE a.customer_id IN (SELECT customer_id FROM customers WHERE {_PLACED.format("")})
          AND a.kind = 'support_ticket' AND a.occurred_at > {_ago(60)} AND a.occurred_at <= {_T}
          AND EXISTS (
            SELECT 1 FROM events AS b
            WHERE b.customer_id = a.customer_id AND b.kind = 'purchase'
              AND b.occurred_at > a.occurred_at AND b.occurred_at <= a.occurred_at + INTERVAL 168 HOUR
              AND b.occurred_at <= {_T})
        """,
        f"""
        SELECT count(customer_id) FROM events
        WHERE kind IN ('support_ticket', 'purchase') AND occurred_at > {_ago(60)}
        """,
    ),
    Kind(
        "not performed",
        "email_ok and did not app_open in last 90 days",
        f"""
        SELECT c.customer_id FROM customers AS c
        ANTI JOIN (
            SELECT customer_id FROM events
            WHERE kind = 'app_open' AND occurred_at > {_ago(90)} AND occurred_at <= {_T}) AS e
          ON e.customer_id = c.customer_id
        WHERE c.email_ok AND {_PLACED.format("c.")}
        """,
        f"""
        SELECT count(customer_id) FROM events WHERE kind = 'app_open' AND occurred_at > {_ago(90)}
        """,
    ),
    Kind(
        "birthday in 7 days",
        "anniversary of birth_date in next 7 calendar days",
        f"""
        WITH days AS (
            SELECT zone, month(today + n::INTEGER) * 100 + day(today + n::INTEGER) AS month_day
            FROM (
                SELECT name AS zone, CAST({_T} AT TIME ZONE name AS DATE) AS today
                FROM pg_timezone_names()
                WHERE name IN (SELECT coalesce(time_zone, 'America/New_York') FROM customers)),
            range(7) AS t(n))
        SELECT customer_id FROM customers
        JOIN days ON zone = coalesce(time_zone, 'America/New_York')
          AND month_day = month(birth_date) * 100 + day(birth_date)
        """,
        "SELECT count(birth_date) FROM customers",
    ),
)
