"""What other systems have to carry out, read from the ledger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from campaign_dsl.run.ledger.instants import instant, rfc3339
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.report.summary import named

_PAGE = 5_000


def requested_changes(ledger: Ledger, campaign: str | None = None, after: int = 0) -> Iterator[dict[str, Any]]:
    """The requested changes with a ``number`` above ``after``, in the order in which they were written.

    Each has ``id``, the same for ever, by which it is applied once; ``at``, before which it is not to be applied, and
    which may lie ahead; and what it is: ``kind``, ``name``, ``value``.

    Args:
        campaign: a name it has or had; None for all campaigns.

    Raises:
        EnvironmentProblem: no such campaign has run, or the ledger cannot be read.
    """
    chosen = None if campaign is None else named(ledger, campaign)[0]
    while page := ledger.rows("requested_changes", campaign=chosen, after=after, most=_PAGE):
        for number, id, name, outcome, customer, occurrence, kind, what, value, at, expires_at in page:
            yield {
                "number": number,
                "id": id,
                "campaign": name,
                "outcome": outcome,
                "customer_id": customer,
                "occurrence": occurrence,
                "kind": kind,
                "name": what,
                "value": json.loads(value),
                "at": rfc3339(instant(at)),
                "expires_at": None if expires_at is None else rfc3339(instant(expires_at)),
            }
        after = page[-1][0]
