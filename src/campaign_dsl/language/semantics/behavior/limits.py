"""How often one customer can get a campaign, and how much it may give in all."""

from __future__ import annotations

from campaign_dsl.language.catalog import model
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.syntax import tree as t

GIVERS: dict[str, type | tuple[type, ...]] = {
    "points": ir.Award,
    "offers": ir.Issue,
    "codes": ir.IssueCode,
    "messages": ir.Send,
}
"""Which outcomes draw on a budget."""


def limits(block: t.Behavior | None, problems: Problems) -> tuple[ir.Limit, ...]:
    """How often one customer can get it, in calendar units."""
    found = []
    for each in block.limits if block else ():
        if each.unit in ("second", "minute", "hour") or not 0 < each.count <= 1000 or not 0 < each.every <= 3660:
            problems.add(
                "BEH003",
                "limits count 1 to 1000 times per calendar day, week, month or year",
                each.span,
                help="write `once per year` or `3 per 30 days`",
            )
            continue
        found.append(ir.Limit(each.count, each.every, each.unit))
    return tuple(found)


def budgets(
    block: t.Behavior | None,
    outcomes: tuple[ir.Outcome, ...],
    complete: bool,
    settings: model.WorkspaceSettings,
    problems: Problems,
) -> tuple[ir.Budget, ...]:
    """What the campaign may give in all.

    Args:
        complete: whether ``outcomes`` are all there are; some may have errors of their own.
    """
    found: dict[str, ir.Budget] = {}
    spans: dict[str, t.BudgetItem] = {}
    for item in block.budget if block else ():
        if item.unit in spans:
            problems.add(
                "BEH004",
                f"the budget of {item.unit} is given twice",
                item.span,
                help="keep one of them",
                see_also=(Label(spans[item.unit].span, "first given here"),),
            )
        spans.setdefault(item.unit, item)
        if item.amount == 0:
            problems.add(
                "BEH004", f"a budget of no {item.unit} gives nothing to anybody", item.span, help="write how many"
            )
            continue
        gives = any(isinstance(each, GIVERS[item.unit]) for each in outcomes)
        if not gives and outcomes and complete:
            problems.add("BEH005", f"this campaign gives no {item.unit}", item.span, help="leave this budget out")
        found[item.unit] = ir.Budget(item.unit, item.amount, _approver(item, settings, problems))
    return tuple(found.values())


def _approver(item: t.BudgetItem, settings: model.WorkspaceSettings, problems: Problems) -> str | None:
    approved = item.approved_by.text.strip() if item.approved_by else None
    if item.approved_by is not None and not approved:
        problems.add("BEH006", "the approver has no name", item.approved_by.span, help='write `approved by "jane@..."`')
    if item.unit == "offers" and item.amount > settings.gates.offers and not approved:
        problems.add(
            "BEH006",
            f"a budget above {settings.gates.offers:,} offers needs a named approver",
            item.span,
            why="the platform asks to be consulted before that many offers are issued",
            help=f'write `{item.amount:_} offers approved by "name@company"`, or at most {settings.gates.offers:_}',
        )
    return approved
