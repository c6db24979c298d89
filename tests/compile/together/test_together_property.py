"""An audience found among others has the members that its own SQL gives, in whichever way atoms are found."""

from __future__ import annotations

import os
from datetime import datetime

import pytest
from asking import WAYS, found
from drawn import scenes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_world import CATALOG as SMALL
from small_world import NOWS, Database, predicates, seeds, typed, world_of
from warehouse import gap
from wide_world import CATALOG, Scene, asked

from campaign_dsl.compile.together.atoms import Asked, Clock
from campaign_dsl.compile.together.planner import Forced
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.semantics.expressions import attribute
from differential import compared

EXAMPLES = int(os.environ.get("CAMPAIGN_EXAMPLES", "25"))
patient = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("way", WAYS)
@patient
@given(now=st.sampled_from(NOWS), data=st.data())
def test_sayable_audiences(way: Forced, now: datetime, data: st.DataObject) -> None:
    """Several clocks at once, and room for the sets of two atoms."""
    texts = data.draw(st.lists(predicates(now), min_size=2, max_size=5), "predicates")
    compared(agree_about_texts, way, now, texts, data.draw(seeds, "world"))


def agree_about_texts(way: Forced, now: datetime, texts: list[str], seed: int) -> None:
    world = world_of(now, seed)
    database = Database.of(world)
    wanted = {}
    audiences = []
    for number, text in enumerate(texts):
        predicate, _ = typed(text)
        if predicate is None or gap(predicate) is not None:
            continue
        world.zone_attribute = ["zone", None][number % 2]
        own = attribute(SMALL, world.zone_attribute) if world.zone_attribute else None
        wanted[f"a{number}"] = database.matching(predicate)
        audiences.append(Asked(f"a{number}", predicate, Clock(ZoneRule(own, world.default_zone), world.leap_day)))
    assert found(SMALL, now, audiences, way) == wanted
    assert found(SMALL, now, audiences, way, memory=2) == wanted


@pytest.mark.parametrize("way", WAYS)
@patient
@given(scenes())
def test_all_nodes(way: Forced, case: tuple[Scene, list[ir.Predicate]]) -> None:
    scene, chosen = case
    compared(agree, way, scene, [each for each in chosen if gap(each) is None])


def agree(way: Forced, scene: Scene, chosen: list[ir.Predicate]) -> None:
    scene.load()
    clock = Clock(scene.clock.zone, scene.clock.leap_day)
    audiences = [Asked(f"a{number}", each, clock) for number, each in enumerate([*chosen, *map(ir.Negate, chosen)])]
    wanted = {each.name: asked(each.predicate, scene.clock) for each in audiences}
    assert found(CATALOG, scene.clock.as_of, audiences, way) == wanted
