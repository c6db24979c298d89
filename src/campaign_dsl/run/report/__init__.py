"""Reports: what campaigns gave, from the ledger alone."""

from campaign_dsl.run.report.summary import report

__all__ = ["report"]
