"""A whole campaign in plain English, as Markdown that fits into a pull request."""

from __future__ import annotations

from collections.abc import Mapping

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.walking import audiences_named
from campaign_dsl.review.explain import behavior, effects
from campaign_dsl.review.explain.conditions import condition
from campaign_dsl.review.explain.words import day, either, plain, words

_KINDS = {"promotion": "A promotion", "messaging": "A messaging campaign", "subscription": "A subscription campaign"}


def explain(typed: ir.Campaign, node: t.Campaign, audiences: Mapping[str, t.Audience], catalog: Catalog) -> str:
    """The campaign in words.

    Args:
        typed: the campaign as it was checked, with the policies that apply.
        node: the campaign as it was written.
        audiences: the named audiences of the workspace.
    """
    sections = [
        [f"# {plain(typed.title)} (`{typed.name}`)", "", *_about(typed)],
        ["## Who", "", *_who(typed, node, audiences)],
        ["## When", "", *_when(typed, node)],
        ["## What they get", "", *_gets(node, catalog)],
    ]
    if typed.messages:
        sections.append(["## What they are told", "", *_told(typed, node)])
    return "\n".join("\n".join(lines) + "\n" for lines in sections)


def _about(typed: ir.Campaign) -> list[str]:
    owner = f" {plain(typed.owner)} answers for it." if typed.owner else ""
    runs = "It runs"
    runs += f" from {day(typed.runs_from)}" if typed.runs_from else " from the day it is started"
    runs += f" until {day(typed.runs_until)}." if typed.runs_until else " without an end."
    review = f" It is due for a review on {day(typed.review)}." if typed.review else ""
    zone = f"Times of day are those of {typed.zone.default}."
    if typed.zone.attribute is not None:
        zone = f"Times of day are those where the customer is; where that is not known, those of {typed.zone.default}."
    rank = f" When campaigns compete it has the priority {typed.priority}." if typed.priority else ""
    lines = [f"{_KINDS[typed.kind]}.{owner} {runs}{review}{rank}", "", zone]
    if typed.formerly:
        lines += ["", f"It was called {either(f'`{name}`' for name in typed.formerly)} before: who got it then has it."]
    return lines


def _who(typed: ir.Campaign, node: t.Campaign, audiences: Mapping[str, t.Audience]) -> list[str]:
    block = node.audience
    assert block is not None
    lines = _conditions(block)
    lines += [f"- {_excluded(each)}." for each in block.excludes]
    if typed.suppression:
        lists = either((f"“{words(each.name)}”" for each in typed.suppression), "and")
        lines.append(f"- Left out: addresses on the suppression list{'s' * (len(typed.suppression) > 1)} {lists}.")
    if typed.workspace_holdout is not None:
        lines.append(f"- Left out: {typed.workspace_holdout}% at random, whom no campaign of the workspace reaches.")
    if typed.holdout_percent is not None:
        lines.append(
            f"- Left out: {typed.holdout_percent}% at random, always the same ones, so that the effect can be measured."
        )
    for segment in block.segments:
        rest = "everybody else" if segment.where is None else condition(segment.where)
        lines.append(f"- Segment “{words(segment.name.text)}”: {rest}.")
    if typed.arms:
        arms = either((f"{arm.percent}% get variant {arm.name}" for arm in typed.arms), "and")
        lines.append(f"- A test: at random, and always the same, {arms}.")
    named = _named(block, audiences)
    for name in named:
        lines += ["", f"“{words(name)}” are customers for whom this holds:", "", *_conditions(audiences[name])]
        lines += [f"- {_excluded(each)}." for each in audiences[name].excludes]
    return lines


def _conditions(block: t.Audience) -> list[str]:
    if block.everyone or block.where is None:
        return ["- Every customer."]
    items = block.where.items if isinstance(block.where, t.AllOf) else (block.where,)
    return [f"- {_sentence(condition(item))}" for item in items]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _excluded(node: t.Exclude) -> str:
    if node.audience is not None:
        return f"Left out: the audience “{words(node.audience.text)}”"
    assert node.where is not None
    return f"Left out when {condition(node.where)}"


def _named(block: t.Audience, audiences: Mapping[str, t.Audience]) -> list[str]:
    """The named audiences that are spoken of, directly or through others, each once."""
    found: list[str] = []
    waiting: list[t.Audience] = [block]
    while waiting:
        for name in audiences_named(waiting.pop(0)):
            if name.text in audiences and name.text not in found:
                found.append(name.text)
                waiting.append(audiences[name.text])
    return found


def _when(typed: ir.Campaign, node: t.Campaign) -> list[str]:
    block = node.behavior
    assert block is not None
    lines: list[str] = []
    for each in block.triggers:
        first, *rest = behavior.trigger(each, typed)
        lines.append(f"- {first}")
        lines += [f"  {line}" for line in rest]
    if block.progress:
        lines.append("- Each step on the way counts too, not only the last one.")
    lines += [f"- {line}" for line in behavior.limits(typed)]
    return lines


def _gets(node: t.Campaign, catalog: Catalog) -> list[str]:
    lines: list[str] = []
    for each in node.outcomes:
        first, *rest = effects.outcome(each, catalog)
        lines += [f"- {first}", *rest]
    return lines


def _told(typed: ir.Campaign, node: t.Campaign) -> list[str]:
    written = {each.name.text: each for each in node.messages}
    lines: list[str] = []
    if len(typed.languages) > 1:
        lines += [f"In {either(typed.languages, 'and')}; {typed.languages[0]} where hers is none of them.", ""]
    for each in typed.messages:
        first, *rest = effects.message(each, written.get(each.name))
        lines.append(f"- **{words(each.name)}**: {first}")
        lines += [f"  - {line}" for line in rest]
    return lines
