"""SQL against the interpreter: random typed predicates over random worlds give the same customers, `not` the others."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from wide_world import Scene, disagreements, scenes

from campaign_dsl.language.ir import nodes as ir


@settings(
    max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "120")),  # with two or three predicates each
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scenes())
def test_sql_agrees_with_the_interpreter(case: tuple[Scene, list[ir.Predicate]]) -> None:
    scene, predicates = case
    assert disagreements(scene, predicates) == []
