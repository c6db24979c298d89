"""What the checks let through never fails on its types, and means the same in SQL and to the interpreter."""

from __future__ import annotations

import os
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from warehouse import ask, dialect, gap, left_out_if_lacking, load
from wide_rows import NOW, rows, tables, world

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.ir.walk import walk
from campaign_dsl.language.semantics.expressions import attribute, predicate
from campaign_dsl.language.syntax.writing import written
from campaign_dsl.review.reference.judge import members
from campaign_dsl.review.reference.world import Clock, World
from differential import compared
from sensible_trees import KINDS, Rolled, conditions, of_kind
from wide_catalog import CATALOG, NAMES, sound

ZONE = ZoneRule(attribute(CATALOG, "zone"), "America/New_York")
CLOCK = Clock(NOW, ZONE, "feb_28")
SEEDS = range(4)
EXAMPLES = int(os.environ.get("CAMPAIGN_EXAMPLES", "120"))


@cache
def at(seed: int) -> tuple[dict[str, list[dict[str, Any]]], World]:
    """One world: its rows, and what the interpreter knows."""
    data = rows(seed)
    return data, world(data)


def by_sql(found: ir.Predicate, seed: int) -> list[str]:
    load(tables(), at(seed)[0])
    query = bind(audience_query(found, ZONE, "feb_28", CATALOG, dialect()), NOW, [])
    return [row["customer_id"] for row in ask(render(query, dialect().name))]


@pytest.mark.parametrize("kind", KINDS)
@settings(suppress_health_check=list(HealthCheck), max_examples=EXAMPLES // len(KINDS))
@given(data=st.data(), seed=st.sampled_from(SEEDS))
def test_what_is_let_through_means_the_same_everywhere(kind: str, data: st.DataObject, seed: int) -> None:
    node, problems = data.draw(conditions(kind=kind)), Problems()
    found = predicate(node, NAMES, problems)
    if found is None:  # what can be seen to hold for nobody, such as a division by zero
        assert {item.code for item in problems.sorted()} == {"TYP006"}, (written(node), problems.sorted())
        reject()
    assert found is not None
    if gap(found) is not None:
        reject()
    compared(agree, seed, found)


def agree(seed: int, found: ir.Predicate) -> None:
    assert by_sql(found, seed) == members(found, at(seed)[1], CLOCK), found


def test_every_node_is_reached() -> None:
    """A generator that forgets a kind of node would leave it untested, and nobody would see."""
    reached: set[str] = set()
    for seed in range(150):
        for kind in KINDS:
            found = predicate(of_kind(kind, Rolled(seed)), NAMES, Problems())
            reached.update(type(each).__name__ for each in walk(found))
    kinds = {*get_args(ir.Predicate), *get_args(ir.Value), *get_args(ir.Window)}
    assert {kind.__name__ for kind in kinds} - reached == set()


@pytest.mark.parametrize(
    "text",
    [
        "points in rewards = 0",
        "points in rewards + whole > 5",
        "tier_multiplier = 1.5",
        "money * tier_multiplier round half up to 0 >= 3",
        "has tag vip and not has offer half",
        "interests does not contain note",
    ],
)
def test_what_is_chosen_by_a_condition(text: str) -> None:
    found = sound(text)
    left_out_if_lacking(found)
    sizes = set()
    for seed in SEEDS:
        data = at(seed)[1]
        mine = members(found, data, CLOCK)
        assert by_sql(found, seed) == mine
        sizes.add(0 < len(mine) < len(data.customers))
    assert True in sizes
