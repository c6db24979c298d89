"""Keep the ledger's copy of suppression lists equal to the lists."""

from __future__ import annotations

from campaign_dsl.run.ledger.result import Progress, Suppressions
from campaign_dsl.run.ledger.staging import LISTED
from campaign_dsl.run.ledger.store import Ledger


def sync_suppressed(ledger: Ledger, suppressed: Suppressions, progress: Progress) -> None:
    """Replace what the ledger knows of the named lists, in one transaction.

    Raises:
        DataProblem, EnvironmentProblem: see `Ledger.staged` and `Ledger.writing`.
    """
    with (
        ledger.staged("listed", LISTED, suppressed.read, progress, index=("address", "list")),
        ledger.writing(beside_others=True),
    ):
        ledger.do("hold_suppressed")
        for each in suppressed.lists:
            ledger.do("drop_gone", list=each)
            ledger.do("add_suppressed", list=each)
