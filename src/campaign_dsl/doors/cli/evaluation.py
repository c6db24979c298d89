"""What `plan` and `run` share: one campaign, one target, one instant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from campaign_dsl.doors.cli.common import chosen_target, find_root, load, parse_as_of, sound_campaign
from campaign_dsl.doors.cli.progress import progress

if TYPE_CHECKING:
    from campaign_dsl.compile.plan.model import Plan
    from campaign_dsl.run.ledger.result import RunResult


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A finished plan or run, and what it was about."""

    result: RunResult
    plan: Plan
    target: str
    root: Path


def evaluate(
    campaign: str, as_of: str | None, workspace: Path | None, target: str | None, *, write: bool
) -> Evaluation:
    """Evaluate a campaign, and with ``write`` do what it says."""
    from campaign_dsl.run.ledger import MAX_ITEMS, Ledger, execute_run, preview_run
    from campaign_dsl.run.ledger.history import last_run_day, refuse_other_occasions, refuse_unsaid_rename
    from campaign_dsl.run.readiness import refuse_what_cannot_be_given
    from campaign_dsl.run.targets import (
        ask,
        ledger_path,
        occurrences,
        open_engine,
        provider_kinds,
        run_days,
        since,
        suppressions,
    )

    loaded = load(find_root(None, workspace))
    name = sound_campaign(loaded, campaign)
    settings, catalog, typed, plan = loaded.settings, loaded.catalog, loaded.typed(name), loaded.plan(name)
    assert settings is not None
    assert catalog is not None
    assert typed is not None
    assert plan is not None
    moment, day = parse_as_of(as_of, settings.timezone)
    chosen, where = chosen_target(loaded, target)
    path = ledger_path(where, loaded.root)
    kinds = provider_kinds(settings)

    items = {provider: MAX_ITEMS.get(kind, 1) for provider, kind in kinds.items()}
    if write:
        refuse_what_cannot_be_given(plan)
    refuse_unsaid_rename(path, plan, loaded.claimed_names())
    refuse_other_occasions(path, plan)
    with progress() as report, open_engine(where, loaded.root) as engine:
        days = run_days(plan, day, last_run_day(path, plan))
        answer = ask(engine, typed, catalog, moment, occurrences(typed, days), since(plan, moment))
        if write:
            with Ledger.open(path) as ledger:
                result = execute_run(
                    ledger,
                    plan,
                    as_of=moment,
                    run_day=day,
                    totals=answer.totals,
                    candidates=answer.candidates,
                    suppressed=suppressions(engine, catalog, [each.name for each in typed.suppression]),
                    max_items=items,
                    progress=report,
                )
        else:
            result = preview_run(
                path,
                plan,
                as_of=moment,
                run_day=day,
                totals=answer.totals,
                candidates=answer.candidates,
                max_items=items,
                progress=report,
            )
    return Evaluation(result, plan, chosen, loaded.root)
