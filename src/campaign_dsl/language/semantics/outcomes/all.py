"""All outcomes of a campaign, and choices between them."""

from __future__ import annotations

from dataclasses import dataclass

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.semantics.outcomes.exclusive import check_identities
from campaign_dsl.language.semantics.outcomes.single import outcome
from campaign_dsl.language.semantics.outcomes.tails import Surroundings, is_otherwise
from campaign_dsl.language.syntax import tree as t

MAX_OUTCOMES = 62
"""Which outcomes apply to a customer travels as the bits of one integer."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a campaign gives.

    Attributes:
        nodes: the outcomes as they are written, those of choices included.
        complete: whether ``outcomes`` are all of them; some may have errors of their own.
    """

    outcomes: tuple[ir.Outcome, ...]
    nodes: tuple[t.Outcome, ...]

    @property
    def complete(self) -> bool:
        return len(self.outcomes) == len(self.nodes)


def given(node: t.Campaign, around: Surroundings, problems: Problems) -> Given:
    """What a campaign gives; what is wrong with it is reported."""
    lines = _lines(node.outcomes, problems)
    if not lines:
        problems.add(
            "CMP004",
            f"`{node.name.text}` has no outcome",
            node.name.span,
            help="add `outcomes { ... }` with an award, an offer, a tag or a message",
        )
    if len(lines) > MAX_OUTCOMES:
        problems.add(
            "OUT005",
            f"`{node.name.text}` has {len(lines)} outcomes; at most {MAX_OUTCOMES} are possible",
            lines[MAX_OUTCOMES][0].span,
            help="split the campaign",
        )
    typed = tuple(outcome(each, choice, around, problems) for each, choice in lines)
    outcomes = tuple(each for each in typed if each is not None)
    check_identities(outcomes, problems)
    return Given(outcomes, tuple(each for each, _ in lines))


def _lines(nodes: tuple[t.Outcome | t.FirstOf, ...], problems: Problems) -> list[tuple[t.Outcome, int | None]]:
    """Each outcome, with the number of the choice it is a line of."""
    found: list[tuple[t.Outcome, int | None]] = []
    choices = 0
    for each in nodes:
        if isinstance(each, t.FirstOf):
            _check_choice(each, problems)
            found += [(line, choices) for line in each.lines]
            choices += 1
        else:
            found.append((each, None))
    return found


def _check_choice(node: t.FirstOf, problems: Problems) -> None:
    """The first line whose condition holds is given: so each needs one, and one must always hold."""
    if len(node.lines) < 2:
        problems.add(
            "OUT007",
            "`first of` chooses between two outcomes or more",
            node.span,
            help="add another one, or take this one out of `first of`",
        )
        return
    for line in node.lines[:-1]:
        condition = line.tail.condition
        if condition is None or is_otherwise(condition):
            problems.add(
                "OUT007",
                "no line after this one is ever given" if condition else "this line does not say when it is given",
                condition.span if condition else line.span,
                why="of `first of` the first line whose condition holds is given",
                help="add `when ...` to it, or put it last",
            )
    last = node.lines[-1]
    if not is_otherwise(last.tail.condition):
        problems.add(
            "OUT007",
            "the last line of `first of` must end in `otherwise`",
            last.tail.condition.span if last.tail.condition else last.span,
            why="customers for whom no condition holds would get nothing, silently",
            help="write `otherwise` behind it, or add a last line with it",
        )
