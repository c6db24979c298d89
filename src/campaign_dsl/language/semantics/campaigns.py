"""From the syntax tree of a campaign to the typed campaign: names found, types known, policies settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from campaign_dsl.language.catalog import model
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.catalog.zones import known_zone, zone_names
from campaign_dsl.language.diagnostics.model import Label, Problems
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.identity import outcome_identity
from campaign_dsl.language.ir.nodes import Predicate
from campaign_dsl.language.semantics import expressions
from campaign_dsl.language.semantics.checks import MAX_NAME, check_name, check_size
from campaign_dsl.language.semantics.expressions import Names
from campaign_dsl.language.semantics.messages import Given, context_attributes, message
from campaign_dsl.language.semantics.outcomes import exclusive, outcome
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written

__all__ = ["World", "audience_predicate", "campaign", "exclusion", "outcome_identity"]

KINDS = ("promotion", "messaging", "subscription")
LEAP_DAYS = ("feb_28", "mar_1")
MAX_OUTCOMES = 62
"""Which outcomes apply to a customer travels as the bits of one integer."""


@dataclass(frozen=True, slots=True)
class World:
    """What a campaign is checked against."""

    catalog: model.Catalog
    settings: model.WorkspaceSettings
    audience: Callable[[t.Name, Problems], Predicate | None]

    def names(self, default_zone: str) -> Names:
        return Names(self.catalog, self.audience, default_zone)


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


def campaign(node: t.Campaign, world: World, problems: Problems) -> ir.Campaign | None:
    """The typed campaign, or None after having reported every reason why there is none."""
    before = len(problems)
    catalog, settings = world.catalog, world.settings
    name = node.name.text
    if not model.is_name(name) or len(name) > MAX_NAME:
        problems.add(
            "CMP002",
            f"`{name[:80]}` cannot name a campaign",
            node.name.span,
            help=f"use at most {MAX_NAME} lower case letters, digits and `_`",
        )
    zone = _zone(node, world, problems)
    names = world.names(zone.default if zone else settings.timezone)
    behavior = _behavior(node, catalog, problems)
    audience, exclusions, lists, segments, holdout = _audience(node, names, catalog, problems)
    segment_names = tuple(segment.name for segment in segments)
    outcomes = tuple(
        typed
        for each in node.outcomes
        if not isinstance(each, t.FirstOf) and (typed := outcome(each, segment_names, names, problems)) is not None
    )
    if not node.outcomes:
        problems.add(
            "CMP004",
            f"`{name}` has no outcome",
            node.name.span,
            help="add `outcomes { ... }` with an award, an offer, a tag or a message",
        )
    if len(node.outcomes) > MAX_OUTCOMES:
        problems.add(
            "OUT005",
            f"`{name}` has {len(node.outcomes)} outcomes; at most {MAX_OUTCOMES} are possible",
            node.outcomes[MAX_OUTCOMES].span,
            help="split the campaign",
        )
    _same_outcome_twice(outcomes, problems)
    given = Given(outcomes, segment_names, complete=len(outcomes) == len(node.outcomes))
    messages = _messages(node, given, world, problems)
    if lists and len(messages) == len(node.messages) and not any(each.address for each in messages):
        problems.add(
            "AUD009",
            "nothing here can be matched with a suppression list",
            node.audience.suppress[0].span if node.audience else node.name.span,
            why="lists hold addresses, and no message of this campaign goes to a channel with an `address`",
            help="give the channel an `address` in catalog.yaml, or leave `suppress` out",
        )
    limits, budgets = _limits(node, given, settings, problems)
    leap_day = _word(node.leap_day, LEAP_DAYS, "leap day policy", settings.policies.leap_day, problems)
    kind = _word(node.kind, KINDS, "kind of campaign", "", problems)
    if node.kind is None:
        problems.add(
            "CMP003",
            f"`{name}` does not say what kind it is",
            node.name.span,
            help="add `kind promotion`, `kind messaging` or `kind subscription`",
        )
    runs = node.runs
    if runs and runs.first and runs.last and runs.first > runs.last:
        problems.add("CMP005", "this campaign ends before it begins", runs.span, help="swap the two days")
    for old in node.formerly:
        if old.text == name:
            problems.add(
                "CMP006", f"`{name}` is its own former name", old.span, help="name the campaign's earlier name here"
            )
    priority = int(node.priority.text) if node.priority else 0
    if priority > 1000:
        span = node.priority.span if node.priority else None
        problems.add("CMP007", "a priority goes from 0 to 1000", span, help="write `1000` or less")
    if len(problems) > before or zone is None or behavior is None or audience is None or node.audience is None:
        return None
    predicates = [audience, *(each.predicate for each in exclusions)]
    predicates += [each.predicate for each in segments if each.predicate]
    predicates += [
        each.tail.condition.predicate for each in outcomes if each.tail.condition and each.tail.condition.predicate
    ]
    if not check_size(predicates, node.audience.span, problems):
        return None
    return ir.Campaign(
        name=name,
        formerly=tuple(old.text for old in node.formerly),
        title=node.title.text if node.title else name,
        kind=kind,
        owner=node.owner.text if node.owner else None,
        priority=priority,
        runs_from=runs.first if runs else None,
        runs_until=runs.last if runs else None,
        review=None,
        zone=zone,
        leap_day=leap_day,
        catch_up_days=node.misfire.catch_up_days if node.misfire else _catch_up(settings.policies.misfire),
        audience=audience,
        audience_span=node.audience.where.span if node.audience.where else node.audience.span,
        excludes=exclusions,
        suppression=lists,
        segments=segments,
        arms=(),
        languages=(),
        language=None,
        holdout_percent=holdout,
        triggers=(behavior,),
        limits=limits,
        budgets=budgets,
        outcomes=outcomes,
        messages=messages,
        data=(),
        context=context_attributes(messages, catalog),
        event_context=(),
        span=node.name.span,
    )


def _catch_up(policy: str) -> int:
    return 0 if policy == "skip" else int(policy.split()[4])


def _word(word: t.Name | None, allowed: tuple[str, ...], what: str, default: str, problems: Problems) -> str:
    if word is None:
        return default
    if word.text not in allowed:
        problems.add(
            "CMP001", f"`{word.text}` is not a {what}", word.span, help=did_you_mean(word.text, allowed, "choices")
        )
    return word.text


def _zone(node: t.Campaign, world: World, problems: Problems) -> ir.ZoneRule | None:
    catalog = world.catalog
    if node.timezone is None:
        problems.add(
            "CMP008",
            f"`{node.name.text}` does not say whose clock it means",
            node.name.span,
            why="09:00 in New York is midnight in Sydney",
            help=f'add `timezone customer else "{world.settings.timezone}"` or `timezone "{world.settings.timezone}"`',
        )
        return None
    zone = node.timezone.zone
    if not known_zone(zone.text):
        problems.add(
            "CMP009",
            f"`{zone.text}` is not a zone of the tz database",
            zone.span,
            help=did_you_mean(zone.text, zone_names()) or "zones look like `America/New_York`",
        )
        return None
    if not node.timezone.customer:
        return ir.ZoneRule(None, zone.text)
    if catalog.customers.time_zone is None:
        problems.add(
            "CMP010",
            "the catalog does not say where the customer's zone is",
            node.timezone.span,
            help="set `customers: time_zone:` in catalog.yaml, or name one zone here",
        )
        return None
    return ir.ZoneRule(expressions.attribute(catalog, catalog.customers.time_zone), zone.text)


def _audience(
    node: t.Campaign, names: Names, catalog: model.Catalog, problems: Problems
) -> tuple[
    Predicate | None,
    tuple[ir.Exclusion, ...],
    tuple[ir.SuppressionList, ...],
    tuple[ir.Segment, ...],
    Decimal | None,
]:
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
        return None, (), (), (), None
    predicate = audience_predicate(block, names, problems)
    exclusions = []
    for each in block.excludes:
        typed = exclusion(each, names, problems)
        if typed is not None:
            exclusions.append(typed)
    lists = tuple(found for name in block.suppress if (found := _list(name, catalog, problems)) is not None)
    return predicate, tuple(exclusions), lists, _segments(block, names, problems), _holdout(block, problems)


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


def _list(name: t.Name, catalog: model.Catalog, problems: Problems) -> ir.SuppressionList | None:
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
    return ir.SuppressionList(name.text, entry.table, entry.address, where)


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
        found.append(ir.Segment(name.text, predicate))
    return tuple(found)


def _holdout(block: t.Audience, problems: Problems) -> Decimal | None:
    if block.holdout is None:
        return None
    percent = Decimal(block.holdout.text)
    if not 0 < percent < 100 or percent != percent.quantize(Decimal("0.001")):
        problems.add(
            "AUD006",
            "a holdout lies between 0% and 100%, with at most three decimals",
            block.holdout.span,
            help="write `holdout 5%`",
        )
        return None
    return percent


def _behavior(node: t.Campaign, catalog: model.Catalog, problems: Problems) -> ir.Anniversary | None:
    triggers = [each for each in node.behavior.triggers if isinstance(each, t.OnAnniversary)] if node.behavior else []
    on = triggers[0] if triggers else None
    if on is None:
        if node.behavior is None or not len(problems):
            problems.add(
                "BEH001",
                f"`{node.name.text}` does not say what makes it happen",
                node.behavior.span if node.behavior else node.name.span,
                help="add `behavior { on anniversary of birth_date, at 09:00 }`",
            )
        return None
    found = expressions.attribute(catalog, on.attribute.text)
    if found is None:
        problems.add(
            "NAM001",
            f"unknown customer attribute `{on.attribute.text}`",
            on.attribute.span,
            help=did_you_mean(on.attribute.text, catalog.customers.attributes, "known attributes"),
        )
        return None
    if found.type.kind is not Kind.DATE:
        problems.add(
            "TYP003",
            f"an anniversary needs a date, `{found.name}` is {found.type}",
            on.attribute.span,
            help=did_you_mean(
                found.name,
                [name for name, entry in catalog.customers.attributes.items() if entry.type is Kind.DATE],
                "date attributes",
            ),
        )
        return None
    days = 0
    if on.shift is not None:
        if on.shift.unit not in ("day", "week") or on.shift.count * (7 if on.shift.unit == "week" else 1) > 180:
            problems.add(
                "BEH002",
                "an anniversary is shifted by at most 180 days, counted in days or weeks",
                on.shift.span,
                help="write `7 days before`",
            )
            return None
        days = on.shift.count * (7 if on.shift.unit == "week" else 1) * (1 if on.before else -1)
    return ir.Anniversary(found, days, on.at.text, on.span)


def _same_outcome_twice(outcomes: tuple[ir.Outcome, ...], problems: Problems) -> None:
    """Two outcomes that share an identity would give only one of them, unless segments keep them apart."""
    seen: list[tuple[str, ir.Outcome]] = []
    for each in outcomes:
        identity = outcome_identity(each)
        for other, earlier in seen:
            if identity != other:
                continue
            if exclusive(each, earlier):
                continue
            named = "" if isinstance(each, ir.Send) else "; or name this one with `as`, when both are really meant"
            problems.add(
                "OUT004",
                f"a customer could get `{identity}` twice",
                each.tail.span,
                why="both share one idempotency key, so only the first would be given",
                help="make them exclusive with `when segment`" + named,
                see_also=(Label(earlier.tail.span, "the other one"),),
            )
        seen.append((identity, each))


def _messages(node: t.Campaign, given: Given, world: World, problems: Problems) -> tuple[ir.Message, ...]:
    found: dict[str, ir.Message] = {}
    declared: dict[str, t.Message] = {}
    for each in node.messages:
        if each.name.text in declared:
            problems.add(
                "MSG002",
                f"message `{each.name.text}` is defined twice",
                each.name.span,
                see_also=(Label(declared[each.name.text].name.span, "first defined here"),),
                help="give one of them another name, and send it by that name",
            )
            continue
        declared[each.name.text] = each
        check_name(each.name, "a message", problems)
        typed = message(each, given, world.catalog, world.settings, problems)
        if typed is not None:
            found[each.name.text] = typed
    sent = set()
    for send in (each for each in node.outcomes if isinstance(each, t.Send)):
        sent.add(send.message.text)
        if send.message.text not in declared:
            problems.add(
                "MSG001",
                f"there is no message `{send.message.text}`",
                send.message.span,
                help=did_you_mean(send.message.text, declared, "messages of this campaign")
                or f"add `message {send.message.text} external {{ ... }}`",
            )
    for name, each in declared.items():
        if name not in sent and node.outcomes and sent <= declared.keys():  # else it may be the one that was meant
            problems.add(
                "MSG003",
                f"message `{name}` is never sent",
                each.name.span,
                help=f"add `send {name}` to the outcomes, or delete it",
            )
    return tuple(found.values())


def _limits(
    node: t.Campaign, given: Given, settings: model.WorkspaceSettings, problems: Problems
) -> tuple[tuple[ir.Limit, ...], tuple[ir.Budget, ...]]:
    block = node.behavior
    limits = []
    for each in block.limits if block else ():
        if each.unit in ("second", "minute", "hour") or not 0 < each.count <= 1000 or not 0 < each.every <= 3660:
            problems.add(
                "BEH003",
                "limits count 1 to 1000 times per calendar day, week, month or year",
                each.span,
                help="write `once per year` or `3 per 30 days`",
            )
            continue
        limits.append(ir.Limit(each.count, each.every, each.unit))
    budgets: dict[str, ir.Budget] = {}
    gives = {
        "points": any(isinstance(x, ir.Award) for x in given.outcomes),
        "offers": any(isinstance(x, ir.Issue) for x in given.outcomes),
    }
    for item in block.budget if block else ():
        if item.unit in budgets:
            problems.add("BEH004", f"the budget of {item.unit} is given twice", item.span, help="keep one of them")
        if item.amount == 0:
            problems.add(
                "BEH004", f"a budget of no {item.unit} gives nothing to anybody", item.span, help="write how many"
            )
            continue
        if not gives.get(item.unit) and given.outcomes and given.complete:
            problems.add("BEH005", f"this campaign gives no {item.unit}", item.span, help="leave this budget out")
        approved = item.approved_by.text.strip() if item.approved_by else None
        if item.approved_by is not None and not approved:
            problems.add(
                "BEH006", "the approver has no name", item.approved_by.span, help='write `approved by "jane@..."`'
            )
        if item.unit == "offers" and item.amount > settings.gates.offers and not approved:
            problems.add(
                "BEH006",
                f"a budget above {settings.gates.offers:,} offers needs a named approver",
                item.span,
                why="the platform asks to be consulted before that many offers are issued",
                help=f'write `{item.amount:_} offers approved by "name@company"`, or at most {settings.gates.offers:_}',
            )
        budgets[item.unit] = ir.Budget(item.unit, item.amount, approved)
    return tuple(limits), tuple(budgets.values())
