"""SQL against the interpreter: random typed predicates and values over random worlds, the same for each customer."""

from __future__ import annotations

import os

from drawn import scenes, side_by_side, valued
from hypothesis import HealthCheck, given, settings
from warehouse import gap
from wide_world import Scene, answers, computed, disagreements

from campaign_dsl.language.ir import nodes as ir
from differential import compared

EXAMPLES = int(os.environ.get("CAMPAIGN_EXAMPLES", "80"))  # each with two or three predicates or values
patient = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@patient
@given(scenes())
def test_predicates(case: tuple[Scene, list[ir.Predicate]]) -> None:
    """And `not` gives the others."""
    scene, predicates = case
    compared(agree, scene, [each for each in predicates if gap(each) is None])


@patient
@given(side_by_side())
def test_windows_side_by_side(case: tuple[Scene, ir.AllOf]) -> None:
    scene, whole = case
    if gap(whole) is None:
        compared(agree, scene, [whole])


def agree(scene: Scene, predicates: list[ir.Predicate]) -> None:
    assert disagreements(scene, predicates) == []


@patient
@given(valued())
def test_values(case: tuple[Scene, list[ir.Value]]) -> None:
    scene, values = case
    for each in values:
        if gap(each) is None:
            compared(agree_about, scene, each)


def agree_about(scene: Scene, value: ir.Value) -> None:
    assert answers(scene, value) == computed(scene, value), value
