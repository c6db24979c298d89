"""Steps of a sequence as a block may have them, which no text of an expression can say; lists that nobody reads."""

from __future__ import annotations

import pytest

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.semantics.expressions import Names, steps
from campaign_dsl.language.semantics.expressions.sequences import MAX_STEPS
from campaign_dsl.language.syntax import tree as t
from expression_trees import SPAN
from wide_catalog import CATALOG, NAMES, refused


def step(event: str = "buy", alias: str | None = None, absent: bool = False, days: int | None = None) -> t.Step:
    within = None if days is None else t.Duration(days, "day", span=SPAN)
    name = None if alias is None else t.Name(alias, span=SPAN)
    return t.Step(t.Name(event, span=SPAN), None, name, absent, within, span=SPAN)


def found(*nodes: t.Step) -> list[str]:
    problems = Problems()
    typed = steps(nodes, NAMES, problems)
    assert (typed is None) == bool(len(problems))
    return [f"{item.code}: {item.message}" for item in problems.sorted()]


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ((step(), step("look", absent=True, days=2)), []),
        ((step(), step("look", days=2), step("open")), []),
        (
            (step(absent=True, days=2), step("look")),
            ["TYP013: a sequence cannot begin with what did not happen"],
        ),
        ((step(), step("look", absent=True)), ["TYP013: this does not say for how long it must not happen"]),
        ((step(days=2), step("look")), ["TYP013: the first step comes after nothing"]),
        ((step(), step("look", days=0)), ["TYP006: this length of time is zero"]),
        ((step(alias="a"), step("look", alias="a")), ["TYP013: two steps are called `a`"]),
        ((step(alias="goal"), step("look")), ["TYP013: `goal` cannot name a step, it means something else already"]),
        ((step(alias="A"), step("look")), ["NAM016: `A` cannot name a step"]),
        ((step("nothing"), step("look")), ["NAM003: unknown event `nothing`"]),
        (tuple(step() for _ in range(MAX_STEPS)), []),
        (
            tuple(step() for _ in range(MAX_STEPS + 1)),
            ["TYP011: this has 11 steps; at most 10 are possible"],
        ),
    ],
)
def test_steps(nodes: tuple[t.Step, ...], said: list[str]) -> None:
    assert found(*nodes) == said


def test_each_step_comes_with_its_rows() -> None:
    problems = Problems()
    typed = steps((step(alias="a"), step("open", alias="b", days=1)), NAMES, problems)
    assert typed is not None
    assert [(each.alias, each.seconds, rows.name) for each, rows in typed] == [
        ("a", None, "buy"),
        ("b", 86_400, "open"),
    ]


def test_a_list_that_nobody_reads() -> None:
    (item,) = refused("in list known", Names(CATALOG, lambda name, problems: None, "UTC"))
    assert (item.code, item.message) == ("NAM019", "the list `known` cannot be read here")
