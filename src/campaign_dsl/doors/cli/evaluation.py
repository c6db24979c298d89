"""What `plan` and `run` share: campaigns of one workspace, one target, one instant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from campaign_dsl.doors.cli.common import (
    UsageProblem,
    chosen_target,
    find_root,
    load,
    parse_as_of,
    sound_campaign,
    sound_campaigns,
    stop,
)
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.progress import Report, progress

if TYPE_CHECKING:
    from campaign_dsl.compile.plan.model import Plan
    from campaign_dsl.compile.together.planner import Together
    from campaign_dsl.language.ir.campaign import Campaign
    from campaign_dsl.run.engines.protocol import Engine
    from campaign_dsl.run.ledger.result import RunResult
    from campaign_dsl.run.problems import EnvironmentProblem, GateProblem
    from campaign_dsl.run.together.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished plan or run, and what it was about."""

    result: RunResult
    plan: Plan
    target: str
    root: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """A campaign of several that could not be evaluated."""

    campaign: str
    problem: GateProblem | EnvironmentProblem


class Evaluations:
    """Campaigns at one instant. Several of them have their audiences found together.

    Args:
        campaigns: their names or files; none: all of the workspace. One alone has to be sound, or the command ends;
            of several those that are not are shown, and left out.
    """

    def __init__(self, campaigns: Sequence[str], as_of: str | None, workspace: Path | None, target: str | None) -> None:
        self._loaded = load(find_root(None, workspace))
        self.unsound = False
        if len(campaigns) == 1:
            names = [sound_campaign(self._loaded, campaigns[0])]
        else:
            names, self.unsound = sound_campaigns(self._loaded, campaigns)
        self.several = len(campaigns) != 1
        if self._loaded.settings is None or self._loaded.catalog is None:
            stop(Exit.FINDINGS)
        self._settings, self._catalog = self._loaded.settings, self._loaded.catalog
        self._moment, self._day = parse_as_of(as_of, self._settings.timezone)
        self._target, self._where = chosen_target(self._loaded, target)
        self._chosen = [self._compiled(name) for name in names]
        # Campaigns that run together come by priority, the higher first, then by name.
        self._chosen.sort(key=lambda pair: (-pair[0].priority, pair[0].name))
        if self.several and not self._chosen and not self.unsound:
            raise UsageProblem("this workspace has no campaign", "write one into a file `NAME.campaign`")

    def _compiled(self, name: str) -> tuple[Campaign, Plan]:
        typed, plan = self._loaded.typed(name), self._loaded.plan(name)
        assert typed is not None
        assert plan is not None
        return typed, plan

    def each(self, *, write: bool) -> Iterator[Evaluation | Failed]:
        """Evaluate the campaigns in turn, and with ``write`` do what they say."""
        from campaign_dsl.run.problems import EnvironmentProblem, GateProblem
        from campaign_dsl.run.targets import open_engine

        refused = {typed.name: found for typed, plan in self._chosen if (found := self._refusal(plan, write))}
        if refused and not self.several:
            raise next(iter(refused.values()))
        asked = [typed for typed, _ in self._chosen if typed.name not in refused]
        if not asked:
            yield from (Failed(name, problem) for name, problem in refused.items())
            return
        with open_engine(self._where, self._loaded.root) as engine:
            sharing = self._sharing(engine, asked) if len(asked) > 1 else None
            for typed, plan in self._chosen:
                if typed.name in refused:
                    yield Failed(typed.name, refused[typed.name])
                    continue
                try:
                    with progress() as report:
                        result = self._result(engine, typed, plan, sharing, write, report)
                except (GateProblem, EnvironmentProblem) as problem:
                    if not self.several:
                        raise
                    yield Failed(typed.name, problem)
                else:
                    yield Evaluation(result, plan, self._target, self._loaded.root)

    def together(self) -> Together:
        """How their audiences are found."""
        from campaign_dsl.run.targets import open_engine

        with open_engine(self._where, self._loaded.root) as engine:
            return self._sharing(engine, [typed for typed, _ in self._chosen]).plan

    def _sharing(self, engine: Engine, campaigns: Sequence[Campaign]) -> Sharing:
        from campaign_dsl.run.together.sharing import Sharing

        return Sharing(engine, self._catalog, self._moment, campaigns)

    def _refusal(self, plan: Plan, write: bool) -> GateProblem | EnvironmentProblem | None:
        """Why a campaign cannot be evaluated, as far as that is known before the engine is asked."""
        from campaign_dsl.run.ledger.history import refuse_other_occasions, refuse_unsaid_rename
        from campaign_dsl.run.problems import EnvironmentProblem, GateProblem
        from campaign_dsl.run.readiness import refuse_what_cannot_be_given
        from campaign_dsl.run.targets import ledger_place

        try:
            if write:
                refuse_what_cannot_be_given(plan)
            place = ledger_place(self._where, self._loaded.root)
            refuse_unsaid_rename(place, plan, self._loaded.claimed_names())
            refuse_other_occasions(place, plan)
        except (GateProblem, EnvironmentProblem) as problem:
            return problem
        return None

    def _result(
        self, engine: Engine, typed: Campaign, plan: Plan, sharing: Sharing | None, write: bool, report: Report
    ) -> RunResult:
        from campaign_dsl.run.ledger import MAX_ITEMS, Ledger, execute_run, preview_run
        from campaign_dsl.run.ledger.history import last_run_day
        from campaign_dsl.run.targets import (
            ask,
            ledger_place,
            occurrences,
            provider_kinds,
            run_days,
            since,
            suppressions,
        )

        place = ledger_place(self._where, self._loaded.root)
        items = {name: MAX_ITEMS.get(kind, 1) for name, kind in provider_kinds(self._settings).items()}
        rows = occurrences(typed, run_days(plan, self._day, last_run_day(place, plan)))
        members = None if sharing is None else lambda: sharing.of(typed)
        answer = ask(engine, typed, self._catalog, self._moment, rows, since(plan, self._moment), members=members)
        if not write:
            return preview_run(
                place,
                plan,
                as_of=self._moment,
                run_day=self._day,
                totals=answer.totals,
                candidates=answer.candidates,
                max_items=items,
                progress=report,
            )
        with Ledger.open(place) as ledger:
            return execute_run(
                ledger,
                plan,
                as_of=self._moment,
                run_day=self._day,
                totals=answer.totals,
                candidates=answer.candidates,
                suppressed=suppressions(engine, self._catalog, [each.name for each in typed.suppression]),
                max_items=items,
                progress=report,
            )
