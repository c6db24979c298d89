"""What one dispatch did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(kw_only=True)
class DispatchReport:
    """Counts are messages, but for ``packages``.

    Attributes:
        accepted: the provider took them.
        refused: the provider will not take them; they are not tried again.
        requeued: refused for now, each time it happened; they stay queued with a time for the next attempt.
        unknown: nobody can say whether the provider took them; held, never sent again blindly.
        dead: given up after the provider's maximum of attempts.
        cancelled: suppressed since they were queued.
        expired: their time had passed.
        packages: requests begun.
        queued: messages still waiting when the dispatch ended, whatever they wait for.
        next_at: when the first of them may be tried, or None.
        down: providers that could not be reached, or failed again and again. Nothing was lost: their messages stay
            queued. The command exits with 3.
        stopped: providers that would refuse everything (a wrong key, say), and why. Their messages stay queued. The
            command exits with 3.
        unconfigured: providers that queued messages name and nobody gave. Their messages stay queued.
        reasons: by reason, how many messages were refused, requeued, unknown or dead for it.
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

    def because(self, reason: str, messages: int) -> None:
        """Count ``messages`` under ``reason``."""
        if messages:
            self.reasons[reason] = self.reasons.get(reason, 0) + messages
