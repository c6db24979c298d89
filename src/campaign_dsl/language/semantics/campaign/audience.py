"""Who a campaign is for: the audience block, and audiences with a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import Predicate
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.checks import check_name, is_percent
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a campaign is for; ``predicate`` None when that could not be read."""

    predicate: Predicate | None = None
    excludes: tuple[ir.Exclusion, ...] = ()
    suppression: tuple[ir.SuppressionList, ...] = ()
    segments: tuple[ir.Segment, ...] = ()
    holdout: Decimal | None = None

    @property
    def segment_names(self) -> tuple[str, ...]:
        return tuple(segment.name for segment in self.segments)

    @property
    def predicates(self) -> tuple[Predicate, ...]:
        """Everything that is asked of customers here."""
        asked = [self.predicate, *(each.predicate for each in self.excludes)]
        asked += [each.predicate for each in self.segments]
        return tuple(each for each in asked if each is not None)


def audience(node: t.Campaign, names: Names, problems: Problems) -> Audience:
    """The audience of a campaign."""
    block = node.audience
    if block is None or (block.where is None and not block.everyone and not len(problems)):
        problems.add(
            "AUD001",
            f"`{node.name.text}` does not say who it is for",
            block.span if block else node.name.span,
            why="an empty audience never means everyone",
            help="add `where ...`; or `everyone`, when every customer is really meant",
        )
    if block is None:
        return Audience()
    predicate = audience_predicate(block, names, problems)
    excludes = tuple(each for part in block.excludes if (each := exclusion(part, names, problems)) is not None)
    lists = (suppression_list(name, names.catalog, problems) for name in block.suppress)
    return Audience(
        predicate,
        excludes,
        tuple(each for each in lists if each is not None),
        _segments(block, names, problems),
        _holdout(block, problems),
    )


def audience_predicate(node: t.Audience, names: Names, problems: Problems) -> Predicate | None:
    """Who an audience block means, before exclusions. An empty block never means everyone."""
    if node.where is not None and node.everyone:
        problems.add("AUD002", "`where` and `everyone` contradict each other", node.where.span, help="keep one of them")
        return None
    if node.everyone:
        return expressions.predicate(t.Everyone(span=node.span), names, problems)
    if node.where is None:
        return None
    return expressions.predicate(node.where, names, problems)


def exclusion(node: t.Exclude, names: Names, problems: Problems) -> ir.Exclusion | None:
    """Who an `exclude` clause means, or None after having reported what is wrong."""
    if node.audience is not None:
        predicate = names.audience(node.audience, problems)
        says = f"audience {node.audience.text}"
    else:
        assert node.where is not None
        predicate = expressions.predicate(node.where, names, problems)
        says = f"where {written(node.where)}"
    return None if predicate is None else ir.Exclusion(says, predicate, node.span)


def suppression_list(name: t.Name, catalog: model.Catalog, problems: Problems) -> ir.SuppressionList | None:
    """The list called ``name``, or None after having reported that there is none."""
    entry = catalog.suppression_lists.get(name.text)
    if entry is None:
        problems.add(
            "NAM004",
            f"unknown suppression list `{name.text}`",
            name.span,
            help=did_you_mean(name.text, catalog.suppression_lists, "known lists") or "declare it in catalog.yaml",
        )
        return None
    where = (entry.where.column, entry.where.equals) if entry.where else None
    return ir.SuppressionList(name.text, entry.table, entry.address, where, name.span)


def _segments(block: t.Audience, names: Names, problems: Problems) -> tuple[ir.Segment, ...]:
    found: list[ir.Segment] = []
    seen: dict[str, t.Name] = {}
    for index, segment in enumerate(block.segments):
        name = segment.name
        check_name(name, "a segment", problems)
        if name.text in seen:
            problems.add(
                "AUD003",
                f"segment `{name.text}` is defined twice",
                name.span,
                see_also=(Label(seen[name.text].span, "first defined here"),),
                help="join the two predicates with `or`",
            )
        seen.setdefault(name.text, name)
        last = index == len(block.segments) - 1
        if segment.where is None and not last:
            problems.add("AUD004", "`otherwise` must come last", segment.span, help="nothing after it could ever hold")
        if segment.where is not None and last and all(each.where is not None for each in block.segments):
            problems.add(
                "AUD005",
                "the last segment must be `otherwise`",
                segment.span,
                why="customers in no segment would get neither content nor outcome, silently",
                help="add a line like `others  otherwise`",
            )
        predicate = expressions.predicate(segment.where, names, problems) if segment.where else None
        found.append(ir.Segment(name.text, predicate, segment.span))
    return tuple(found)


def _holdout(block: t.Audience, problems: Problems) -> Decimal | None:
    if block.holdout is None:
        return None
    percent = Decimal(block.holdout.text)
    if not is_percent(percent):
        problems.add(
            "AUD006",
            "a holdout lies between 0% and 100%, with at most three decimals",
            block.holdout.span,
            help="write `holdout 5%`",
        )
        return None
    return percent
