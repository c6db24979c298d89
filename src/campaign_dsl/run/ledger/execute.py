"""Run a plan: evaluate, freeze, give; or say what would happen, with the same statements."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.run.engines.protocol import TOTAL_COLUMNS
from campaign_dsl.run.ledger.decide import Request, decide
from campaign_dsl.run.ledger.give import finish, set_aside
from campaign_dsl.run.ledger.instants import micros
from campaign_dsl.run.ledger.place import Place
from campaign_dsl.run.ledger.preview import Slice
from campaign_dsl.run.ledger.register import known_campaign
from campaign_dsl.run.ledger.result import MAX_ITEMS, Candidates, Progress, RunResult, Suppressions, Totals, silent
from campaign_dsl.run.ledger.staging import CANDIDATES
from campaign_dsl.run.ledger.store import Ledger
from campaign_dsl.run.ledger.suppression import sync_suppressed
from campaign_dsl.run.ledger.unfinished import Unfinished
from campaign_dsl.run.problems import DataProblem, DoubledProblem
from campaign_dsl.run.readiness import refuse_what_cannot_be_given


def execute_run(
    ledger: Ledger,
    plan: Plan,
    *,
    as_of: datetime,
    run_day: date,
    totals: Totals,
    candidates: Candidates,
    suppressed: Suppressions | None = None,
    max_items: Mapping[str, int] = MAX_ITEMS,
    samples: int = 3,
    actor: str | None = None,
    clock: Callable[[], datetime] | None = None,
    progress: Progress = silent,
) -> RunResult:
    """Run ``plan`` once for the instant ``as_of``; call it again after any interruption.

    A run goes from *open* to *decided* in one transaction, which freezes every candidate, and to *done* in another,
    which writes everything the decisions give. Killed in between, it is finished from its frozen decisions by the
    next run of the campaign, whatever that run's instant or plan. The audience is asked only when nothing is frozen.

    Args:
        as_of: the instant everything is evaluated at; points, offers and tags live from it on.
        run_day: the calendar day of ``as_of`` in the campaign's zone.
        totals: the totals row; when it is a function, it is called after the candidates were read.
        candidates: runs the audience query; called only when this run evaluates.
        suppressed: present content of suppression lists, to bring the ledger up to date with.
        max_items: messages per request, by the name of the provider as the plan's steps have it; others get 1.
        samples: how many message documents the result shows.
        actor: who runs this, for the record; default: the operating system's user.
        clock: tells when runs begin and end, for the record only; default: the wall clock.

    Raises:
        DataProblem: a candidate lacks a value or appears twice. Nothing was written.
        GateProblem: more offers than anyone approved, or something that cannot be given. Nothing was written.
        EnvironmentProblem: the ledger is locked, full or damaged; run it again when that is mended.
        ValueError: ``as_of`` has no zone.
    """
    refuse_what_cannot_be_given(plan)
    wall = clock or _wall_clock
    ledger.remove_stale()
    if suppressed is not None:
        sync_suppressed(ledger, suppressed, progress)
    work = _Work(ledger, max_items, samples, wall, progress)
    return work.run(Request(plan, as_of, run_day, actor or _user(), wall()), totals, candidates)


def preview_run(
    place: Place,
    plan: Plan,
    *,
    as_of: datetime,
    run_day: date,
    totals: Totals,
    candidates: Candidates,
    max_items: Mapping[str, int] = MAX_ITEMS,
    samples: int = 3,
    progress: Progress = silent,
) -> RunResult:
    """What `execute_run` would do to the ledger at ``place``, which need not exist and is not written.

    The same statements run on a throw-away ledger that holds what this campaign's next run depends on: its budgets,
    an unfinished run, and earlier decisions about these candidates. The real ledger is only read, so nobody waits.

    Raises:
        DataProblem, GateProblem, EnvironmentProblem, ValueError: as `execute_run` would.
    """
    with TemporaryDirectory(prefix="campaign-preview-") as folder, Slice.of(place, Path(folder)) as copy:
        copy.take_campaign(plan)
        work = _Work(copy.ledger, max_items, samples, _wall_clock, progress, copy.take_decisions)
        return work.run(Request(plan, as_of, run_day, "preview", _wall_clock()), totals, candidates)


@dataclass(frozen=True, slots=True)
class _Work:
    ledger: Ledger
    max_items: Mapping[str, int]
    samples: int
    clock: Callable[[], datetime]
    progress: Progress
    arrived: Callable[[], None] = lambda: None
    """Called when the candidates are in staging, before they are decided."""

    def run(self, request: Request, totals: Totals, candidates: Candidates) -> RunResult:
        finished: list[RunResult] = []
        result = self._settled(request, finished)
        if result is None:
            ledger = self.ledger
            with ledger.staged("candidates", CANDIDATES, candidates, self.progress):
                counted = _checked(totals() if callable(totals) else totals)
                self.arrived()
                self.progress("decide", 0, None)
                # Another process can freeze a run of this campaign while our audience is being found.
                while not self._decided(request, counted):
                    self._finish_unfinished(request, finished)
            result = self._settled(request, finished)
            assert result is not None, "a frozen run is gone"
            if not result.already_done:
                result = replace(result, resumed=False)
        return replace(result, finished_first=tuple(finished))

    def _decided(self, request: Request, counted: dict[str, int]) -> bool:
        """Freeze the candidates; customers with two rows are set aside first, when there are any."""
        try:
            return decide(self.ledger, request, counted)
        except DoubledProblem:
            dropped = self.ledger.do("drop_doubled")
            left = {name: counted[name] - (0 if name == "customers" else dropped) for name in TOTAL_COLUMNS}
            return decide(self.ledger, request, _checked({**counted, **left, "duplicate_key": dropped}))

    def _settled(self, request: Request, finished: list[RunResult]) -> RunResult | None:
        """The result, if nothing has to be evaluated for it: the run is done, or frozen and finished here and now."""
        ours = self._finish_unfinished(request, finished)
        return ours or self._done(request)

    def _finish_unfinished(self, request: Request, finished: list[RunResult]) -> RunResult | None:
        """Finish what was interrupted: ours is returned, another run of the campaign is added to ``finished``."""
        campaign = known_campaign(self.ledger, request.plan)
        todo = None if campaign is None else Unfinished.find(self.ledger, campaign)
        if todo is None:
            return None
        result = finish(self.ledger, todo, self.max_items, self.samples, self.clock(), self.progress)
        if result is None:
            return None
        result = replace(result, resumed=True)
        if (todo.as_of, todo.digest) == (request.as_of, request.plan.digest):
            return result
        finished.append(result)
        return None

    def _done(self, request: Request) -> RunResult | None:
        campaign = known_campaign(self.ledger, request.plan)
        digest = request.plan.digest
        found = campaign and self.ledger.row("find_run", campaign=campaign, as_of=micros(request.as_of), digest=digest)
        if not found:
            return None
        _, _, funnel, totals = found
        return RunResult(
            campaign=request.plan.campaign,
            as_of=request.as_of.astimezone(UTC),
            run_day=request.run_day,
            digest=digest,
            funnel=json.loads(funnel) | {"decided": 0},
            set_aside=set_aside(json.loads(totals)),
            already_done=True,
        )


def _checked(totals: Mapping[str, int]) -> dict[str, int]:
    counts = [totals.get(name, -1) for name in TOTAL_COLUMNS]
    if counts != sorted(counts, reverse=True) or min(*counts, *totals.values()) < 0:
        raise DataProblem(f"the engine's totals contradict each other: {dict(totals)}", code="DAT013")
    return {name: int(n) for name, n in totals.items()}


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no name behind the user id, as in some containers
        return "unknown"
