"""SQL against the interpreter: random typed predicates and values over random worlds, the same for each customer."""

from __future__ import annotations

import os

from drawn import scenes, valued
from hypothesis import HealthCheck, given, note, settings
from wide_world import Scene, answers, computed, disagreements

from campaign_dsl.language.ir import nodes as ir

EXAMPLES = int(os.environ.get("CAMPAIGN_EXAMPLES", "80"))  # each with two or three predicates or values
patient = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@patient
@given(scenes())
def test_predicates(case: tuple[Scene, list[ir.Predicate]]) -> None:
    """And `not` gives the others."""
    scene, predicates = case
    assert disagreements(scene, predicates) == []


@patient
@given(valued())
def test_values(case: tuple[Scene, list[ir.Value]]) -> None:
    scene, values = case
    for each in values:
        note(repr(each))
        assert answers(scene, each) == computed(scene, each)
