"""The ledger's side of dispatch: settle what ended, claim what is due, both in one short transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from campaign_dsl.outcomes.message import QuietHours
from campaign_dsl.run.dispatch.retry import Attempt, Policy, Verdict, judge
from campaign_dsl.run.dispatch.summary import DispatchReport
from campaign_dsl.run.ledger.instants import awake_at, instant, micros
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers.protocol import Item, ItemsRejected, Package, Provider, Request, Unknown

_LATE = "the sender was gone before an answer came"


class _CannotAskError(Exception):
    """A provider cannot make any request, because its key is missing, say."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A package that is marked as being sent, and the request that sends it."""

    attempt: Attempt
    request: Request


@dataclass(slots=True)
class Claims:
    """Settles and claims on one ledger, and counts what happens in ``report``."""

    ledger: Ledger
    providers: Mapping[str, Provider]
    policies: Mapping[str, Policy]
    wall: Callable[[], datetime]
    report: DispatchReport

    def policy(self, provider: str) -> Policy:
        return self.policies.get(provider) or Policy()

    def settle(self, ended: Iterable[tuple[Attempt, Verdict]]) -> None:
        """Record how attempts ended, in a transaction of its own.

        Raises:
            EnvironmentProblem: see `Ledger.writing`.
        """
        with self.ledger.writing(beside_others=True):
            self._settle(ended)

    def exchange(
        self, ended: Iterable[tuple[Attempt, Verdict]], room: Mapping[str, int], left: int | None, now: datetime
    ) -> list[Claim]:
        """Record how attempts ended, and claim what is due, in one transaction.

        What it claims is marked as *sending* when this returns, before a byte of it leaves. From then on, if nobody
        says how it ended, it may have been sent.

        Consent is judged when the run decides, not again here: the ledger has no copy of it.

        Args:
            room: how many packages may be claimed for each provider.
            left: how many may be claimed altogether; None for no limit.

        Raises:
            EnvironmentProblem: see `Ledger.writing`.
        """
        claims: list[Claim] = []
        with self.ledger.writing(beside_others=True):
            self.ledger.do("keep_suppressed")
            self._settle(ended)
            self._expire(now)
            self._recover(now)
            for provider, most in room.items():
                claims += self._claim(provider, most if left is None else min(most, left - len(claims)), now)
        self.report.packages += len(claims)
        return claims

    def close(self) -> None:
        """Note what is left in the outbox."""
        queued, next_at = self.ledger.row("still_queued")
        self.report.queued = queued
        self.report.next_at = None if next_at is None else instant(next_at)
        waiting = {provider for (provider,) in self.ledger.rows("waiting_providers")}
        self.report.unconfigured = tuple(sorted(waiting - set(self.providers)))

    # ------------------------------------------------------------------------------------------------- settling

    def _settle(self, ended: Iterable[tuple[Attempt, Verdict]]) -> None:
        for attempt, verdict in ended:
            changed = self.ledger.do(
                "settle_package",
                package=attempt.package,
                fence=attempt.fence,
                state=verdict.state,
                next_at=None if verdict.next_at is None else micros(verdict.next_at),
                refund=int(verdict.refund),
                ambiguous=int(verdict.ambiguous),
                reference=verdict.reference,
                result=verdict.result,
            )
            if not changed:
                continue  # our lease had ended, and somebody else has settled it
            name = "requeued" if verdict.state == "queued" else verdict.state
            setattr(self.report, name, getattr(self.report, name) + attempt.messages)
            if verdict.state != "accepted" and verdict.result:
                self.report.because(verdict.result, attempt.messages)

    def _expire(self, now: datetime) -> None:
        for state, messages in self.ledger.rows("expire_packages", now=micros(now)):
            setattr(self.report, state, getattr(self.report, state) + messages)

    def _recover(self, now: datetime) -> None:
        """What became of packages whose sender died is not known."""
        for package, name, number, first_at, ambiguous, fence, messages in self.ledger.rows(
            "lost_leases", now=micros(now)
        ):
            provider = self.providers.get(name)
            if provider is None:
                continue  # nobody here can say whether it may be tried again
            attempt = Attempt(package, name, number, instant(first_at), bool(ambiguous), fence, messages)
            verdict = judge(attempt, Unknown(_LATE), provider.capability, self.policy(name), now)
            if verdict.next_at is not None:
                verdict = replace(verdict, next_at=now)  # the lease was wait enough
            self._settle([(attempt, verdict)])

    # ------------------------------------------------------------------------------------------------- claiming

    def _claim(self, provider: str, most: int, now: datetime) -> list[Claim]:
        claims: list[Claim] = []
        while len(claims) < most:
            rows = self.ledger.rows("due_packages", provider=provider, now=micros(now), most=most - len(claims))
            if not rows:
                break
            for row in rows:
                # Every row leaves the list of what is due, whatever happens to it; or its provider is stopped.
                if self._put_to_sleep(provider, row, now):
                    break  # others of these rows may have moved with it
                try:
                    claim = self._begin(provider, row, now)
                except _CannotAskError as problem:
                    self.report.stopped[provider] = str(problem)
                    return claims
                if claim is not None:
                    claims.append(claim)
        return claims

    def _put_to_sleep(self, provider: str, row: Any, now: datetime) -> bool:
        _, step, zone, _, _, _, quiet_start, quiet_end, _ = row
        if quiet_start is None:
            return False
        awake = awake_at(micros(now), zone, QuietHours(start=quiet_start, end=quiet_end))
        if awake == micros(now):
            return False
        self.ledger.do("sleep_packages", provider=provider, now=micros(now), step=step, zone=zone, awake=awake)
        return True

    def _begin(self, provider: str, row: Any, now: datetime) -> Claim | None:
        """Mark a package as being sent; None when nothing of it is left, or it cannot be sent."""
        package, step, _, attempts, first_at, ambiguous, _, _, body = row
        self.report.cancelled += self.ledger.do("drop_suppressed", package=package, step=step, now=micros(now))
        settings: dict[str, str] = json.loads(body)["settings"]
        request: Request | None = None
        broken: ValueError | None = None
        while True:
            items = tuple(
                Item(message, _outgoing(document))
                for message, document in self.ledger.rows("live_messages", package=package)
            )
            if not items:
                self.ledger.do("cancel_package", package=package)
                return None
            try:
                request = self.providers[provider].request(
                    Package(str(package), settings, items), attempted_at=self.wall()
                )
            except ItemsRejected as rejected:
                if not self._reject(package, rejected, now):
                    raise ValueError("a provider rejected messages that were not in the package") from rejected
                continue
            except EnvironmentProblem as problem:
                raise _CannotAskError(problem.message) from problem
            except ValueError as error:
                broken = error
            break
        lease = self.policy(provider).timeout_seconds + self.ledger.busy_timeout + 60
        fence = self.ledger.value(
            "claim_package", package=package, now=micros(now), lease_until=micros(now + timedelta(seconds=lease))
        )
        first = now if first_at is None else instant(first_at)
        attempt = Attempt(package, provider, attempts + 1, first, bool(ambiguous), fence, len(items))
        if request is None:
            # It never leaves, and must not stop the others.
            self._settle([(attempt, Verdict("refused", f"cannot be sent: {broken}"))])
            return None
        return Claim(attempt, request)

    def _reject(self, package: int, rejected: ItemsRejected, now: datetime) -> int:
        dropped = 0
        for item in rejected.items:
            done = self.ledger.do(
                "drop_rejected", package=package, message=item.message_id, why=item.reason, now=micros(now)
            )
            dropped += done
            self.report.because(item.reason, done)
        self.report.refused += dropped
        return dropped


def _outgoing(document: str) -> dict[str, Any]:
    """What leaves the house of a document in the outbox."""
    whole: dict[str, Any] = json.loads(document)
    whole.pop("selection", None)
    return whole
