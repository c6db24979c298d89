"""How audiences are found together, for people and for programs."""

from __future__ import annotations

from typing import Any

from campaign_dsl.compile.together.costs import cost
from campaign_dsl.compile.together.formula import Nobody
from campaign_dsl.compile.together.planner import Together, wholes
from campaign_dsl.compile.together.words import said
from campaign_dsl.doors.cli.words import counted


def together_json(plan: Together) -> dict[str, Any]:
    """The object `together` of `--json`."""
    return {
        "together": plan.together,
        "why": _why(plan),
        "expected_seconds": round(plan.cost, 3),
        "expected_seconds_alone": round(plan.cost_alone, 3),
        "rows": dict(plan.sizes.rows),
        "rounds": len(plan.rounds) if plan.together else 0,
        "atoms": [
            {"says": said(atom), "way": plan.way(number).name.lower(), "campaigns": list(plan.normal.users[number])}
            for number, atom in enumerate(plan.normal.atoms)
        ],
        "walks": [
            {
                "event": each.says,
                "atoms": list(each.atoms),
                "expected_seconds": round(cost(each.work) / 1e9, 3),
                "expected_seconds_by_query": round(cost(each.work_by_query) / 1e9, 3),
            }
            for each in plan.all_walks
        ],
        "nobody": _nobody(plan),
    }


def show_together(plan: Together) -> None:
    """Each condition with who asks it, and how it is found."""
    users = plan.normal.users
    shared = sum(len(each) > 1 for each in users)
    print(f"{counted(len(wholes(plan.normal)), 'audience')}, {counted(len(users), 'condition')}, {shared} shared")
    print(_why(plan))
    for number, atom in sorted(enumerate(plan.normal.atoms), key=lambda pair: (-len(users[pair[0]]), pair[0])):
        how = f"{plan.way(number)}; " if plan.together else ""
        print(f"  {said(atom)}\n      {how}{', '.join(users[number])}")
    for each in plan.all_walks if plan.together else ():
        print(
            f"one walk over {each.says}: {counted(len(each.atoms), 'condition')}, expected "
            f"{cost(each.work) / 1e9:.2f} s; by queries {cost(each.work_by_query) / 1e9:.2f} s"
        )
    for name in _nobody(plan):
        print(f"nobody is in the audience of {name}: it contradicts itself")
    print()


def _why(plan: Together) -> str:
    costs = f"expected {plan.cost:.2f} s together, {plan.cost_alone:.2f} s one by one"
    if plan.together:
        return f"found together: {costs}"
    return f"each asked alone: {costs}" if len(wholes(plan.normal)) > 1 else "asked alone: there is one audience"


def _nobody(plan: Together) -> list[str]:
    return [each.name for each in plan.normal.audiences if isinstance(each.formula, Nobody) and not each.within]
