"""Keep the ledger's copy of suppression lists equal to the lists."""

from __future__ import annotations

import json

from campaign_dsl.run.ledger.result import Progress, Suppressions
from campaign_dsl.run.ledger.staging import SUPPRESSED, staged
from campaign_dsl.run.ledger.store import Ledger, explained


def sync_suppressed(ledger: Ledger, suppressed: Suppressions, progress: Progress) -> None:
    """Replace what the ledger knows of the named lists, in one transaction.

    Raises:
        DataProblem, EnvironmentProblem: see `staged` and `Ledger.writing`.
    """
    lists = json.dumps(suppressed.lists)
    with staged(ledger, "suppressed", SUPPRESSED, suppressed.read, progress):
        with explained(ledger.path):
            ledger.do("index_staged_suppressed")
        with ledger.writing():
            ledger.do("drop_gone", lists=lists)
            ledger.do("add_suppressed", lists=lists)
