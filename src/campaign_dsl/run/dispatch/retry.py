"""What becomes of a package after an attempt: a pure decision, so that every case can be read and tested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal

from campaign_dsl.language.catalog.model import ProviderSettings
from campaign_dsl.run.providers.protocol import (
    Accepted,
    Capability,
    Failure,
    Refused,
    RefusedRetryable,
    Response,
    Result,
    Unknown,
)

LONGEST_WAIT = 3600.0
"""Seconds between two attempts, at most."""

_FACTOR = 4
_SAFETY = 0.9
"""Of the time a provider remembers our ids, the part that is used: its clock is not ours."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a provider is dealt with.

    Attributes:
        timeout_seconds: for one request, from the first byte to the last of the answer.
        max_attempts: after so many, a package is given up.
        allow_private: whether the endpoint may be on a private network, as the sandbox is.
        in_flight: requests under way at once; None leaves it to whether the provider knows a message again.
        first_wait_seconds: between the first and the second attempt; each further wait is four times as long, up to
            an hour.
    """

    timeout_seconds: float = 30.0
    max_attempts: int = 8
    allow_private: bool = False
    first_wait_seconds: float = 5.0
    in_flight: int | None = None

    @classmethod
    def of(cls, settings: ProviderSettings, *, sandboxed: bool = False) -> Policy:
        """The policy of a provider in workspace.yaml; the sandbox is on this machine, which is private."""
        private = sandboxed or settings.allow_private_addresses
        return cls(float(settings.timeout_seconds), settings.max_attempts, private, in_flight=settings.in_flight)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to send one package.

    Attributes:
        number: which attempt it is, from 1; those that never left this machine do not count.
        first_at: the instant of the first one.
        ambiguous: whether an earlier one may have been accepted.
    """

    package: int
    provider: str
    number: int
    first_at: datetime
    ambiguous: bool
    fence: int
    messages: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The new state of the package, and what goes with it.

    Attributes:
        refund: the attempt does not count: it did not reach the provider, or says nothing about the package.
    """

    state: Literal["accepted", "refused", "queued", "dead", "unknown"]
    result: str | None
    reference: str | None = None
    next_at: datetime | None = None
    ambiguous: bool = False
    refund: bool = False


def never_sent(answer: Response | Failure | None) -> bool:
    """Whether not one byte reached the provider."""
    return isinstance(answer, Failure) and answer.kind == "not_sent"


def judge(
    attempt: Attempt,
    result: Result,
    capability: Capability,
    policy: Policy,
    now: datetime,
    *,
    unreached: bool = False,
) -> Verdict:
    """What follows from ``result``.

    A package with an ambiguous attempt behind it never ends as refused or dead: it may have been accepted then.

    Args:
        unreached: the request never left this machine.
    """
    match result:
        case Accepted(reference, notes):
            return Verdict("accepted", "; ".join(notes) or None, reference)
        case Refused(reason, stop_provider=True):
            # The key or the address is wrong, not the package: it waits for someone to mend that.
            return Verdict("queued", reason, next_at=now, refund=True)
        case Refused(reason):
            return Verdict("unknown" if attempt.ambiguous else "refused", reason)
        case RefusedRetryable(reason, retry_after) if unreached or attempt.number < policy.max_attempts:
            wait = max(retry_after or 0.0, wait_seconds(attempt, policy))
            return Verdict("queued", reason, next_at=now + timedelta(seconds=min(wait, LONGEST_WAIT)), refund=unreached)
        case RefusedRetryable(reason):
            return Verdict("unknown" if attempt.ambiguous else "dead", reason)
        case Unknown(reason):
            next_at = now + timedelta(seconds=wait_seconds(attempt, policy))
            if attempt.number < policy.max_attempts and _remembers(capability, attempt, next_at):
                return Verdict("queued", reason, next_at=next_at, ambiguous=True)
            return Verdict("unknown", reason, ambiguous=True)


def wait_seconds(attempt: Attempt, policy: Policy) -> float:
    """Seconds to wait after ``attempt``: exponential, and spread by up to a fifth so that packages do not come back
    all at once. The spread is a hash, not a die, so that a run can be repeated exactly."""
    spread = blake2b(f"{attempt.package}/{attempt.number}".encode(), digest_size=2).digest()
    share = int.from_bytes(spread, "big") / 65_536
    wait: float = policy.first_wait_seconds * _FACTOR ** min(attempt.number - 1, 16)
    return min(wait, LONGEST_WAIT) * (1 + share / 5)


def _remembers(capability: Capability, attempt: Attempt, at: datetime) -> bool:
    if not capability.deduplicates:
        return False
    if capability.key_ttl_seconds is None:
        return True
    return at < attempt.first_at + timedelta(seconds=capability.key_ttl_seconds * _SAFETY)
