"""A slice of a ledger in PostgreSQL: read over the wire, part by part, into the copy."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from campaign_dsl.run.ledger.stores.postgres import PostgresLedger
from campaign_dsl.run.ledger.stores.sqlite import SQLiteLedger

_AT_ONCE = 10_000
_ABOUT_CAMPAIGN = ("plan", "outcome", "step", "step_list", "run", "budget")


class PostgresSource:
    """See `preview.Source`. The columns of both stores are the same, in the same order."""

    def __init__(self, original: PostgresLedger) -> None:
        self._original = original

    def names(self, copy: SQLiteLedger) -> None:
        with self._original.reading(), copy.writing():
            self._copied(copy, "campaign", "kept_campaign", {})
            self._copied(copy, "campaign_name", "kept_campaign_name", {})

    def campaign(self, copy: SQLiteLedger, campaign: int | None) -> None:
        with self._original.reading(), copy.writing():
            for table in _ABOUT_CAMPAIGN:
                self._copied(copy, table, f"kept_{table}", {"campaign": campaign})
            self._copied(copy, "decision", "kept_unfinished", {"campaign": campaign})

    def decisions(self, copy: SQLiteLedger, campaign: int) -> None:
        """Asked for by the keys of the candidates, so that it depends on them, not on how long the campaign has run."""
        copy.connection.execute("CREATE TEMP TABLE asked AS SELECT DISTINCT customer_id FROM candidates")
        asked = copy.connection.execute("SELECT customer_id FROM asked WHERE customer_id IS NOT NULL")
        with self._original.reading(), copy.writing():
            runs = {run for (run,) in copy.connection.execute("SELECT run_id FROM run")}
            while some := [customer for (customer,) in asked.fetchmany(_AT_ONCE)]:
                self._copied(copy, "decision", "kept_decision", {"campaign": campaign, "customers": some}, runs)

    def _copied(
        self, copy: SQLiteLedger, table: str, query: str, values: dict[str, Any], runs: set[int] | None = None
    ) -> None:
        """Copy the rows of a query.

        Args:
            runs: decisions of other runs are left out; one that began after the copy did is not to count by half.
        """
        with self._original.streamed(query, values, _AT_ONCE) as cursor:
            while rows := cursor.fetchmany(_AT_ONCE):
                kept = rows if runs is None else [row for row in rows if row[1] in runs]
                copy.connection.executemany(_insert(table, len(rows[0])), kept)


def _insert(table: str, columns: int) -> str:
    """A decision can come twice, as an unfinished run's and as a candidate's."""
    row = exp.Tuple(expressions=[exp.Placeholder()] * columns)
    values = exp.Values(expressions=[row])
    return exp.Insert(this=exp.to_table(table), expression=values, alternative="IGNORE").sql("sqlite")
