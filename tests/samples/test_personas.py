"""What the sample campaigns decide for their personas, as the persona files say: by the interpreter, by DuckDB, and
with the ledger behind it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pytest
from persona_world import Personas, complete, persona_files, personas, workspace

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Constant
from campaign_dsl.review.reference.evaluate import Evaluated, Settings, evaluate
from campaign_dsl.review.reference.judge import Judge
from campaign_dsl.review.reference.outcomes import Effect
from campaign_dsl.review.reference.rendering import Renderer
from campaign_dsl.review.reference.tables import world_of
from campaign_dsl.review.reference.world import Clock, World, id_of, readable
from campaign_dsl.run.candidates import Answer
from campaign_dsl.run.ledger import preview_run
from campaign_dsl.run.targets import ask, occurrences

LATE = ("within_limits", "within_caps", "within_budget", "decided")
"""Stages that the ledger settles, after the engine has answered."""
Occasion = tuple[str, str]
"""A customer, and the key of the occurrence."""


@dataclass(frozen=True)
class InMemory:
    """The personas' database as an engine."""

    database: duckdb.DuckDBPyConnection
    name: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"

    def read(self, query: str) -> pa.RecordBatchReader:
        return self.database.sql(query).to_arrow_table().to_reader()

    def close(self) -> None:
        self.database.close()


@dataclass(frozen=True)
class Stage:
    """One campaign, its personas, and what the interpreter says of them."""

    campaign: ir.Campaign
    catalog: Catalog
    people: Personas
    day: date
    world: World
    engine: InMemory
    found: Evaluated

    @classmethod
    def of(cls, name: str) -> Stage:
        loaded = workspace()
        campaign, catalog, settings = loaded.typed(name), loaded.catalog, loaded.settings
        assert campaign is not None, loaded.problems.sorted()
        assert catalog is not None
        assert settings is not None
        people = personas(name, catalog)
        day = people.as_of.astimezone(ZoneInfo(settings.timezone)).date()
        database, tables = complete(people.tables)
        rows = world_of(catalog, tables)
        world = World(rows.key, rows.customers, rows.rows, people.before)
        chosen = Settings(dict(settings.caps), Renderer())
        result = evaluate([campaign], catalog, world, people.as_of, people.since, chosen, [day])
        return cls(campaign, catalog, people, day, world, InMemory(database), result[name])

    def answer(self) -> Answer:
        """What the engine says."""
        days = occurrences(self.campaign, [self.day])
        return ask(self.engine, self.campaign, self.catalog, self.people.as_of, days, self.people.since, self.before)

    @property
    def before(self) -> dict[str, frozenset[str]]:
        return dict(self.people.before)

    def effects(self, occasion: Occasion) -> list[Effect]:
        return [each for each in self.found.effects if (each.customer, each.occurrence) == occasion]

    def members(self) -> set[str]:
        """Who is in the audience, says the engine."""
        zone, leap_day = self.campaign.zone, self.campaign.leap_day
        query = audience_query(self.campaign.audience, zone, leap_day, self.catalog, DIALECTS["duckdb"])
        rows = self.engine.read(render(bind(query, self.people.as_of), "duckdb")).read_all().to_pylist()
        return {row["customer_id"] for row in rows}


@pytest.mark.parametrize("name", persona_files())
def test_personas(name: str, tmp_path: Path) -> None:
    stage = Stage.of(name)

    decides_what_is_expected(stage)
    says_what_is_expected(stage)
    the_engine_agrees(stage)
    the_ledger_agrees(stage, tmp_path)
    nobody_gets_it_again(stage)


def decides_what_is_expected(stage: Stage) -> None:
    expected: dict[Occasion, Any] = {
        occasion: each.lost or dict(each.outcomes) for occasion, each in stage.people.decisions.items()
    }
    decided: dict[Occasion, Any] = {}
    for each in stage.found.candidates:
        occasion = each.id, each.occurrence.key
        decided[occasion] = each.lost or {one.outcome: as_said(one) for one in stage.effects(occasion)}
    assert decided == expected
    assert nothing_happens(stage) == dict(stage.people.nothing)
    for each in stage.found.decisions:
        wanted = stage.people.decisions[each.id, each.occurrence.key]
        groups = {"segment": each.segment, "variant": each.arm, "language": each.language}
        assert {axis: groups[axis] for axis in wanted.groups} == dict(wanted.groups), each.id


def as_said(effect: Effect) -> str | None:
    """An amount, a value or the properties of an event, as persona files say it."""
    if effect.properties:
        return " ".join(f"{name}={value}" for name, value in effect.properties.items())
    value = effect.amount if effect.amount is not None else effect.value
    return None if value is None else str(value)


def nothing_happens(stage: Stage) -> dict[str, str]:
    """Everybody for whom nothing happened, with the stage they did not reach."""
    clock = Clock(stage.people.as_of, stage.campaign.zone, stage.campaign.leap_day)
    judges = {id_of(each, stage.world): Judge(stage.world, clock, each) for each in readable(stage.world, clock)}
    happened = {each.id for each in stage.found.candidates}
    stages = {}
    for name in (id_of(each, stage.world) for each in stage.world.customers):
        if name not in happened:
            meant = name in judges and judges[name].holds(stage.campaign.audience)
            stages[name] = "behavior" if meant else "audience" if name in judges else "readable"
    return stages


def says_what_is_expected(stage: Stage) -> None:
    """Lines of messages, and when things come."""
    for occasion, wanted in stage.people.decisions.items():
        sent = [each for each in stage.found.messages if (each.effect.customer, each.effect.occurrence) == occasion]
        lines = [text for each in sent for text in each.parts.values()]
        lines += [f"{name}: {value}" for each in sent for name, value in each.properties.items()]
        for line in wanted.says:
            assert any(line in each for each in lines), f"{occasion}: {line!r} is in none of {lines}"
        due = {each.outcome: each.at.astimezone(UTC) for each in stage.effects(occasion)}
        assert {outcome: due[outcome] for outcome in wanted.at} == dict(wanted.at), occasion


def the_engine_agrees(stage: Stage) -> None:
    answer = stage.answer()
    rows = {(row["customer_id"], row["occurrence"]): row for row in answer.candidates().read_all().to_pylist()}

    assert dict(answer.totals()) == {each: stage.found.funnel[each] for each in ("customers", "readable", "audience")}
    outside = {name for name, lost in stage.people.nothing.items() if lost != "behavior"}
    assert stage.members() == {id_of(each, stage.world) for each in stage.world.customers} - outside
    assert rows.keys() == {(each.id, each.occurrence.key) for each in stage.found.candidates}
    for each in stage.found.candidates:
        occasion = each.id, each.occurrence.key
        row = rows[occasion]
        early = None if each.lost in LATE else each.lost
        assert (row["lost"], row["segment"], row["arm"]) == (early, each.segment, each.arm), occasion
        assert (row["language"], row["zone"], row["address"]) == (each.language, each.zone, each.address), occasion
        assert (row["occurrence_day"], row["occurrence_time"]) == (
            each.occurrence.day.isoformat(),
            each.occurrence.time,
        )
        assert row["occurred_at"] == each.occurrence.at, occasion
        if each.lost is None:
            given = {one.outcome: computed(stage.campaign, one) for one in stage.effects(occasion)}
            assert by_engine(stage.campaign, row) == given, occasion


def by_engine(campaign: ir.Campaign, row: dict[str, Any]) -> dict[str, Any]:
    """By identity what the engine gives, with what it computed for it."""
    values = json.loads(row["computed"] or "{}")
    given: dict[str, Any] = {}
    for number, outcome in enumerate(campaign.outcomes):
        if row["steps"] >> number & 1:
            recorded = {key.partition(".")[2]: each for key, each in values.items() if key.startswith(f"{number}.")}
            given[outcome_identity(outcome)] = values.get(str(number), recorded or None)
    return given


def computed(campaign: ir.Campaign, effect: Effect) -> Any:
    """What the engine has to compute for an effect: nothing where the campaign states it."""
    match campaign.outcomes[effect.number]:
        case ir.Award(amount) if not isinstance(amount, Constant):
            return effect.amount
        case ir.SetAttribute(value=value) if not isinstance(value, Constant):
            return effect.value
        case ir.RecordEvent(properties=properties):
            asked = [name for name, value in properties if not isinstance(value, Constant)]
            return {name: effect.properties[name] for name in asked} or None
    return None


def the_ledger_agrees(stage: Stage, folder: Path) -> None:
    """The funnel to its end, and how much of each outcome there is."""
    plan = workspace().plan(stage.campaign.name)
    assert plan is not None
    answer = stage.answer()
    result = preview_run(
        folder / "ledger.sqlite",
        plan,
        as_of=stage.people.as_of,
        run_day=stage.day,
        totals=answer.totals,
        candidates=answer.candidates,
    )

    assert result.funnel == dict(stage.found.funnel)
    amounts: dict[str, list[int]] = {}
    for each in stage.found.effects:
        amounts.setdefault(each.kind, []).append(1 if each.amount is None else each.amount)
    assert {kind: (each.count, each.sum) for kind, each in result.outcomes.items() if each.count} == {
        kind: (len(each), sum(each)) for kind, each in amounts.items()
    }


def nobody_gets_it_again(stage: Stage) -> None:
    """Run again at the same instant, everybody has it already."""
    before = [*stage.world.decided, *stage.found.decided]
    world = replace(stage.world, decided=before, spent={stage.campaign.name: stage.found.spent}, memory={})
    people = stage.people
    (again,) = evaluate([stage.campaign], stage.catalog, world, people.as_of, people.since, days=[stage.day]).campaigns

    assert again.decisions == ()
    had = {(each.id, each.occurrence.key) for each in stage.found.decisions}
    assert {(each.id, each.occurrence.key) for each in again.candidates if each.lost == "decided"} == had
