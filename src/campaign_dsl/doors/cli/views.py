"""What people and programs see of a plan or a run."""

from __future__ import annotations

import json as to_json
from typing import Any

from campaign_dsl.doors.cli.common import complain, print_json
from campaign_dsl.doors.cli.evaluation import Evaluation, Evaluations, Failed
from campaign_dsl.doors.cli.exits import Exit
from campaign_dsl.doors.cli.together_view import show_together, together_json
from campaign_dsl.doors.cli.words import counted
from campaign_dsl.run.problems import GateProblem
from campaign_dsl.run.readiness import not_given

STAGES = {
    "customers": "customers",
    "readable": "can be read",
    "audience": "match the audience",
    "behavior": "have their occasion",
    "not_excluded": "not excluded",
    "not_suppressed": "not suppressed",
    "consented": "gave consent",
    "not_held_out": "not held out",
    "within_limits": "within limits",
    "within_caps": "within frequency caps",
    "within_budget": "within budget",
    "decided": "decided",
}


GIVEN = {
    "untag": "removed tag",
    "attribute": "new attribute value",
    "subscription": "subscription change",
    "event": "recorded event",
}
"""What one effect of a kind is called, where that is not the word for the kind."""


def show_each(evaluations: Evaluations, *, write: bool, explain: bool, json: bool) -> Exit:
    """Every campaign as soon as it is evaluated, as JSON all at the end; and the worst of their exit codes."""
    plan = evaluations.together() if explain else None
    worst = Exit.FINDINGS if evaluations.unsound else Exit.SOUND
    if plan is not None and not json:
        show_together(plan)
    found: list[dict[str, Any]] = []
    for number, each in enumerate(evaluations.each(write=write)):
        if isinstance(each, Failed):
            worst = max(worst, Exit.FINDINGS if isinstance(each.problem, GateProblem) else Exit.ENVIRONMENT)
        if json:
            found.append(_failed_json(each) if isinstance(each, Failed) else result_json(each))
            continue
        if number:
            print()
        if isinstance(each, Failed):
            complain(f"error[{each.problem.code}] {each.campaign}", each.problem.message, each.problem.help)
        else:
            show_result(each, planned=not write)
    if json:
        whole: Any = found if evaluations.several else found[0]
        print_json(whole if plan is None else {"together": together_json(plan), "plans": found})
    return worst


def _failed_json(failed: Failed) -> dict[str, Any]:
    problem = failed.problem
    return {
        "campaign": failed.campaign,
        "error": {"code": problem.code, "message": problem.message, "help": problem.help},
    }


def result_json(done: Evaluation) -> dict[str, Any]:
    """The object of `--json`."""
    result = done.result
    kinds = dict.fromkeys(step.kind for step in done.plan.steps)
    names = dict.fromkeys(step.message for step in done.plan.steps if step.kind == "message")
    nothing = {"count": 0, "sum": 0}
    given = {kind: {"count": each.count, "sum": each.sum} for kind, each in result.outcomes.items()}
    return {
        "campaign": result.campaign,
        "as_of": result.as_of.isoformat(),
        "run_day": result.run_day.isoformat(),
        "target": done.target,
        "digest": result.digest,
        "triggers": [{"kind": each.kind, "says": each.says, "where": each.where} for each in done.plan.triggers],
        "funnel": result.funnel,
        "outcomes": {kind: given.get(kind, nothing) for kind in kinds},
        "messages": {name: result.messages.get(name, 0) for name in names},
        "set_aside": result.set_aside,
        "already_done": result.already_done,
        "resumed": result.resumed,
        "cannot_run": [f"{what} ({where})" for where, what, _ in not_given(done.plan)],
        "samples": list(result.samples),
    }


def show_result(done: Evaluation, *, planned: bool) -> None:
    """The funnel, what is given, and one message."""
    result, plan = done.result, done.plan
    word = "plan" if planned else "run"
    print(f"{word} of {result.campaign} ({plan.title}) for {result.run_day}, as of {result.as_of.isoformat()}")
    print(f"target {done.target}, plan {result.digest[:19]}")
    if result.resumed:
        print("an interrupted run was finished from its frozen decisions")
    for earlier in result.finished_first:
        made = counted(earlier.funnel["decided"], "decision")
        print(f"finished first: the interrupted run for {earlier.run_day}, {made}")
    for each in plan.triggers:
        print(f"happens: {each.says}")
    print()
    print(funnel_text(result.funnel))
    for reason, number in result.set_aside.items():
        print(f"  set aside: {number:,} {reason.replace('_', ' ')}")
    print()
    new = result.funnel["decided"]
    if result.already_done:
        print("this run was completed before; nothing was changed")
    print(counted(new, "new decision") + (" would be made" if planned else ""))
    verb = "would give" if planned else "gave"
    for kind, given in result.outcomes.items():
        if given.count:
            print(f"  {verb} {given_text(kind, given.count, given.sum)}")
    for name, number in result.messages.items():
        if number:
            print(f"  message {name}: {number:,}")
    if planned:
        for where, what, _ in not_given(plan):
            print(f"\ncannot run: {what} ({where})")
    if planned and result.samples:
        from campaign_dsl.doors.cli.masking import masked

        print("\none of the messages, personal data masked:")
        print(to_json.dumps(masked(result.samples[0]), indent=2, ensure_ascii=False))
    elif not planned and any(result.messages.values()):
        print("\nnext: campaign dispatch")


def given_text(kind: str, count: int, total: int) -> str:
    """What one kind of outcome amounts to."""
    if kind == "points":
        return f"{counted(total, 'point')} in {counted(count, 'award')}"
    return counted(count, GIVEN.get(kind, kind))


def funnel_text(funnel: dict[str, int]) -> str:
    """One line a stage: how many remain, and how many were lost there."""
    width = max(len(f"{number:,}") for number in funnel.values())
    lines, before = [], None
    for stage, number in funnel.items():
        # A customer can have several occasions, so there can be more of these than of those.
        lost = "" if before is None or before <= number else f"   -{before - number:,}"
        lines.append(f"  {number:>{width},}  {STAGES.get(stage, stage)}{lost}")
        before = number
    return "\n".join(lines)
