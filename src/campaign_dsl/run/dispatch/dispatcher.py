"""Drain the outbox: many requests under way, one short transaction for whatever ended and whatever begins."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from campaign_dsl.run.dispatch.claims import Claim, Claims
from campaign_dsl.run.dispatch.retry import Attempt, Policy, Verdict, judge, never_sent
from campaign_dsl.run.dispatch.summary import DispatchReport
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.ledger.result import Progress, Suppressions, silent
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.ledger.suppression import sync_suppressed
from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers.protocol import Failure, Provider, Refused, RefusedRetryable, Response, Result, Unknown

if TYPE_CHECKING:
    import aiohttp

__all__ = ["DispatchReport", "Policy", "dispatch"]

IN_FLIGHT = 16
"""Requests under way at most to a provider that knows a message again: an interrupted one is simply repeated."""

IN_DOUBT = 1
"""The same for a provider that does not: what is under way when the process dies is *unknown*, and held for a person.
`in_flight` in workspace.yaml raises it, for more speed and more doubt."""

GRACE_SECONDS = 5.0
"""After a signal, how long requests under way may take to end. What has not ended then is unknown."""

_UNREACHED_IN_A_ROW = 3
_FAILED_IN_A_ROW = 20


def dispatch(
    ledger: Ledger,
    providers: Mapping[str, Provider],
    *,
    now: datetime,
    suppressed: Suppressions | None = None,
    limit: int | None = None,
    policies: Mapping[str, Policy] | None = None,
    patience_seconds: float = 60.0,
    progress: Progress = silent,
) -> DispatchReport:
    """Send what is due at ``now``, and what becomes due while sending.

    A package is marked as *sending*, and that is committed, before its first byte leaves. Right before, in the same
    transaction, suppressed messages are dropped, and packages whose time has passed, or where it is night now, are
    held back. Several dispatchers may work on one ledger.

    SIGINT and SIGTERM end it: nothing more begins, and requests under way have five seconds to end.

    Args:
        providers: by name, as plans name them.
        now: the instant that decides what is due; it goes on with the clock of this process.
        suppressed: present content of suppression lists, to bring the ledger up to date with first.
        limit: the most requests to begin.
        policies: timeout, attempts and network of each provider, by name; default: `Policy()`.
        patience_seconds: packages refused for now are waited for and tried again if that is within so many seconds
            from ``now``; later ones are left to another dispatch.
        progress: called with ("send", messages settled, messages due at the start).

    Raises:
        EnvironmentProblem: the ledger is locked, full or damaged. What was under way is recorded if it can be, else
            it counts as unknown.
        ValueError: ``now`` has no zone.
    """
    due = ledger.value("count_due", now=micros(now))
    if suppressed is not None:
        sync_suppressed(ledger, suppressed, progress)
    report = DispatchReport()
    claims = Claims(ledger, providers, policies or {}, lambda: datetime.now(UTC), report)
    drain = _Drain(claims, now.astimezone(UTC), limit, timedelta(seconds=patience_seconds), progress, due)
    asyncio.run(drain.run())
    claims.close()
    return report


@dataclass(slots=True)
class _Lane:
    """One provider during one dispatch."""

    name: str
    provider: Provider
    policy: Policy
    session: aiohttp.ClientSession
    under_way: int = 0
    answered: bool = False
    unreached: int = 0
    failed: int = 0
    paused_until: datetime | None = None
    down: bool = False

    def room(self, now: datetime) -> int:
        """How many requests may begin now. The first goes alone: it finds out about a wrong key or a dead host."""
        if self.down or (self.paused_until is not None and now < self.paused_until):
            return 0
        most = self.policy.in_flight or (IN_FLIGHT if self.provider.capability.deduplicates else IN_DOUBT)
        return (most if self.answered else 1) - self.under_way

    def heard(self, answer: Response | Failure, result: Result, now: datetime) -> None:
        """Learn about the provider from an answer."""
        unreached = never_sent(answer)
        self.unreached = self.unreached + 1 if unreached else 0
        self.failed = self.failed + 1 if isinstance(result, RefusedRetryable) else 0
        self.answered = self.answered or not (unreached or (isinstance(result, Refused) and result.stop_provider))
        self.down = self.down or self.unreached >= _UNREACHED_IN_A_ROW or self.failed >= _FAILED_IN_A_ROW
        if isinstance(result, RefusedRetryable) and result.retry_after_seconds:
            # Its limits count for the account, not for one package.
            until = now + timedelta(seconds=result.retry_after_seconds)
            self.paused_until = max(until, self.paused_until or until)


@dataclass(slots=True)
class _Drain:
    claims: Claims
    started: datetime
    limit: int | None
    patience: timedelta
    progress: Progress
    due: int
    began: float = field(default_factory=time.monotonic)
    lanes: dict[str, _Lane] = field(default_factory=dict)
    under_way: set[asyncio.Task[tuple[Attempt, Verdict]]] = field(default_factory=set)
    again: list[tuple[str, datetime]] = field(default_factory=list)
    """Packages refused for now in this dispatch: their provider, and when they may be tried again."""
    unrecorded: list[tuple[Attempt, Verdict]] = field(default_factory=list)
    """What has ended and is not known to be in the ledger."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    settled: int = 0

    def now(self) -> datetime:
        return self.started + timedelta(seconds=time.monotonic() - self.began)

    async def run(self) -> None:
        # SQLite may have to wait for another writer; answers must be read meanwhile, so it waits in a thread.
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger") as thread:
            async with AsyncExitStack() as stack, _signals(self.stop.set):
                await self._open_lanes(stack)
                try:
                    await self._loop(thread)
                except Exception:
                    await self._rescue(thread)
                    raise
        report = self.claims.report
        report.interrupted = self.stop.is_set()
        report.down = tuple(sorted(lane.name for lane in self.lanes.values() if lane.down or lane.unreached))

    async def _open_lanes(self, stack: AsyncExitStack) -> None:
        from campaign_dsl.run.providers.transport import open_session

        for name, provider in self.claims.providers.items():
            policy = self.claims.policy(name)
            session = await stack.enter_async_context(open_session(policy.allow_private))
            self.lanes[name] = _Lane(name, provider, policy, session)

    async def _loop(self, thread: ThreadPoolExecutor) -> None:
        ended: list[tuple[Attempt, Verdict]] = []
        while True:
            begun = await self._exchange(thread, ended)
            ended = []
            for claim in begun:
                self.under_way.add(asyncio.create_task(self._send(claim)))
            if not self.under_way and not begun and not await self._wait_for_retry():
                return
            if self.under_way:
                ended = await self._some_end()

    async def _exchange(self, thread: ThreadPoolExecutor, ended: list[tuple[Attempt, Verdict]]) -> list[Claim]:
        now = self.now()
        self.again += [(attempt.provider, verdict.next_at) for attempt, verdict in ended if verdict.next_at is not None]
        self.again = [(name, at) for name, at in self.again if at > now]
        report = self.claims.report
        room = {name: lane.room(now) for name, lane in self.lanes.items() if name not in report.stopped}
        left = None if self.limit is None else self.limit - report.packages
        loop = asyncio.get_running_loop()
        self.unrecorded = ended
        claims = await loop.run_in_executor(
            thread, self.claims.exchange, ended, {} if self.stop.is_set() else room, left, now
        )
        self.unrecorded = []
        self.settled += sum(attempt.messages for attempt, _ in ended)
        if ended:
            self.progress("send", self.settled, max(self.due, self.settled))
        for claim in claims:
            self.lanes[claim.attempt.provider].under_way += 1
        return claims

    async def _some_end(self) -> list[tuple[Attempt, Verdict]]:
        stopping = asyncio.create_task(self.stop.wait())
        if self.stop.is_set():
            _, late = await asyncio.wait(self.under_way, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.wait(self.under_way)
        else:
            await asyncio.wait({*self.under_way, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        done = {task for task in self.under_way if task.done()}
        self.under_way -= done
        return [task.result() for task in done]

    async def _wait_for_retry(self) -> bool:
        """Wait for the next package that was refused for now; False when there is none worth waiting for."""
        now = self.now()
        report = self.claims.report
        waits = [
            max(at, self.lanes[name].paused_until or at)
            for name, at in self.again
            if not self.lanes[name].down and name not in report.stopped
        ]
        next_at = min(waits, default=None)
        limited = self.limit is not None and report.packages >= self.limit
        if next_at is None or limited or self.stop.is_set() or next_at > self.started + self.patience:
            return False
        try:
            await asyncio.wait_for(self.stop.wait(), (next_at - now).total_seconds() + 0.001)
        except TimeoutError:
            return True
        return False

    async def _send(self, claim: Claim) -> tuple[Attempt, Verdict]:
        from campaign_dsl.run.providers.transport import send

        attempt = claim.attempt
        lane = self.lanes[attempt.provider]
        answer: Response | Failure
        result: Result
        try:
            answer = await send(lane.session, claim.request, lane.policy.timeout_seconds)
            result = lane.provider.classify(answer)
        except asyncio.CancelledError:
            answer = Failure("ambiguous", "the dispatch was stopped before an answer came")
            result = Unknown(answer.reason)
        lane.under_way -= 1
        now = self.now()
        lane.heard(answer, result, now)
        if isinstance(result, Refused) and result.stop_provider:
            self.claims.report.stopped.setdefault(lane.name, result.reason)
        unreached = never_sent(answer)
        return attempt, judge(attempt, result, lane.provider.capability, lane.policy, now, unreached=unreached)

    async def _rescue(self, thread: ThreadPoolExecutor) -> None:
        """The ledger failed us; what has ended and what is under way may still be recorded: a server can be back."""
        self.stop.set()
        ended = [*self.unrecorded, *(await self._some_end() if self.under_way else [])]
        try:
            await asyncio.get_running_loop().run_in_executor(thread, self.claims.settle, ended)
        except EnvironmentProblem:
            return  # their leases end, and then they count as unknown


@asynccontextmanager
async def _signals(handle: Callable[[], None]) -> AsyncIterator[None]:
    loop = asyncio.get_running_loop()
    caught = []
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, handle)
            caught.append(number)
        except (NotImplementedError, RuntimeError, ValueError):
            break  # not the main thread, or a system without them: the caller's own handling stays
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
