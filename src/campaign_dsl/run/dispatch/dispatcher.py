"""Drain the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from campaign_dsl.run.ledger.result import Progress, Suppressions, silent
from campaign_dsl.run.ledger.store import Ledger


@dataclass(kw_only=True)
class DispatchReport:
    """What one dispatch did. Counts are messages unless they say packages.

    Attributes:
        accepted: the provider took them.
        refused: the provider will not take them; they are not tried again.
        requeued: refused for now; they stay queued with a time for the next attempt.
        unknown: nobody can say whether the provider took them; held, never sent again blindly.
        dead: given up after the provider's maximum of attempts.
        cancelled: suppressed since they were queued.
        expired: their time had passed.
        packages: requests begun.
        queued: messages still waiting when the dispatch ended, whatever they wait for.
        next_at: when the first of them is due, or None.
        down: providers that could not be reached at all. Nothing was lost; the command exits with 3.
        stopped: providers that refused everything (a wrong key, say), and why. Their rest stays queued.
        unconfigured: providers that queued messages name and nobody gave.
        reasons: by reason text, how many messages were refused, requeued, unknown or dead for it.
        interrupted: a signal ended the dispatch early.
    """

    accepted: int = 0
    refused: int = 0
    requeued: int = 0
    unknown: int = 0
    dead: int = 0
    cancelled: int = 0
    expired: int = 0
    packages: int = 0
    queued: int = 0
    next_at: datetime | None = None
    down: tuple[str, ...] = ()
    stopped: dict[str, str] = field(default_factory=dict)
    unconfigured: tuple[str, ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    interrupted: bool = False


def dispatch(
    ledger: Ledger,
    providers: Mapping[str, Any],
    *,
    now: datetime,
    suppressed: Suppressions | None = None,
    limit: int | None = None,
    progress: Progress = silent,
) -> DispatchReport:
    """Send what is due at ``now``; ``limit`` is the most requests to begin."""
    raise NotImplementedError
