"""Which outcomes one customer cannot both get."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity


def exclusive(one: ir.Outcome, other: ir.Outcome) -> bool:
    """Whether no customer can get both: for different segments, in different arms, or lines of one `first of`."""
    if one.tail.choice is not None and one.tail.choice == other.tail.choice:
        return True
    mine, theirs = one.tail.condition, other.tail.condition
    if mine is None or theirs is None:
        return False
    return _differ(mine.segment, theirs.segment) or _differ(mine.arm, theirs.arm)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def check_identities(outcomes: tuple[ir.Outcome, ...], problems: Problems) -> None:
    """Two outcomes that share an identity would give only one of them, unless no customer can get both."""
    seen: dict[str, list[ir.Outcome]] = {}
    for each in outcomes:
        identity = outcome_identity(each)
        earlier = next((other for other in seen.get(identity, ()) if not exclusive(each, other)), None)
        if earlier is not None:
            problems.add(
                "OUT004",
                f"a customer could get `{identity}` twice",
                each.tail.span,
                why="both share one idempotency key, so only the first would be given",
                help="make them exclusive with `when segment` or `first of`; or name this one with `as`, when both are"
                " really meant",
                see_also=(Label(earlier.tail.span, "the other one"),),
            )
        seen.setdefault(identity, []).append(each)
