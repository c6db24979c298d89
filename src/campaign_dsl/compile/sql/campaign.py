"""The one query of a campaign: it finds, counts and classifies customers. Plan, run, preview and explain all read it.

Its shape, top to bottom: zones with the calendar day it is there; customers; what events say (computed once);
the audience; the occurrences of the day; who is due, and in which segment; what stops them; and one row each beside
the totals.
"""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.assembly import assembled, facts
from campaign_dsl.compile.sql.customers import OWN, customers
from campaign_dsl.compile.sql.dialects.duckdb import DuckDB
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.membership import BUCKETS
from campaign_dsl.compile.sql.predicates import CUSTOMER, ZONE, Lowering, Shared
from campaign_dsl.compile.sql.shared import readable
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import attributes_in

DIALECTS: dict[str, Dialect] = {"duckdb": DuckDB()}
"""Engines that SQL can be generated for."""

AUDIENCE, OCCURRENCE, DUE, ELIGIBILITY, TOTALS = (
    "audience",
    "occurrence",
    "due",
    "eligibility",
    "totals",
)
SEGMENT, KEY, DAY = "_segment", "_occurrence", "_occurrence_day"
"""Columns of our own, beside the customer's attributes."""


def campaign_query(campaign: ir.Campaign, catalog: Catalog, dialect: Dialect) -> exp.Select:
    """The query; ``as_of``, ``as_of_minus_N`` and the relation ``occurrences`` are parameters that `binding` fills."""
    key = catalog.customers.key
    shared = Shared(dialect, key, campaign.leap_day)
    later = _read_later(campaign)
    trigger = _anniversary(campaign)
    used = {each.name: each for each in (*later, trigger.attribute, *attributes_in(campaign.audience))}
    kept = [key, *sorted({each.name for each in later} - {key})]
    due = list(dict.fromkeys((*kept, trigger.attribute.name)))

    audience = _audience(shared, campaign.audience, [b.column(name, CUSTOMER) for name in (*due, *OWN)])
    classified = _due(campaign, shared, kept)
    eligibility = _eligibility(campaign, shared, key)
    return assembled(
        _final(),
        [
            (CUSTOMER, customers(catalog, campaign.zone, used), None),
            *facts(shared),
            (AUDIENCE, audience, _at(campaign.audience_span)),
            (OCCURRENCE, _occurrences(), "what falls on the day of the run"),
            (DUE, classified, _at(trigger.span)),
            (ELIGIBILITY, eligibility, "the first stage that stops them"),
            (TOTALS, _totals(key), None),
        ],
        shared,
        catalog,
    )


def audience_query(
    predicate: nodes.Predicate, zone: ir.ZoneRule, leap_day: str, catalog: Catalog, dialect: Dialect
) -> exp.Select:
    """The keys of the customers for whom ``predicate`` holds, in order."""
    shared = Shared(dialect, catalog.customers.key, leap_day)
    used = {each.name: each for each in attributes_in(predicate)}
    key = b.column(catalog.customers.key, CUSTOMER)
    query = _audience(shared, predicate, [b.named(key, "customer_id")]).order_by(key.copy(), copy=False)
    return assembled(query, [(CUSTOMER, customers(catalog, zone, used), None), *facts(shared)], shared, catalog)


def _at(span: Span) -> str:
    return f"{span.source.path}:{span.line}"


def _anniversary(campaign: ir.Campaign) -> ir.Anniversary:
    (trigger,) = campaign.triggers
    assert isinstance(trigger, ir.Anniversary)
    return trigger


def _read_later(campaign: ir.Campaign) -> list[nodes.Attribute]:
    """Customer attributes that are read once the audience is known."""
    predicates: list[nodes.Predicate] = [each.predicate for each in campaign.excludes]
    predicates += [each.predicate for each in campaign.segments if each.predicate is not None]
    predicates += [
        each.tail.condition.predicate
        for each in campaign.outcomes
        if each.tail.condition and each.tail.condition.predicate is not None
    ]
    found = [each for predicate in predicates for each in attributes_in(predicate)]
    for message in campaign.messages:
        found += [each for each in (message.consent, message.address) if each is not None]
    return [*found, *campaign.context]


def _select_with_joins(lowering: Lowering, columns: list[exp.Expr], source: str) -> exp.Select:
    return lowering.joined(exp.select(*columns).from_(b.table(source), copy=False))


def _audience(shared: Shared, predicate: nodes.Predicate, columns: list[exp.Expr]) -> exp.Select:
    lowering = Lowering(shared)
    test = lowering.holds(predicate)
    return _select_with_joins(lowering, columns, CUSTOMER).where(*readable(shared.key), *b.every([test]), copy=False)


def _occurrences() -> exp.Select:
    """The occurrences of the day; their rows are put in by `binding`."""
    names = ("month_day", "occurrence", "occurrence_day")
    source = exp.Subquery(this=b.parameter("occurrences"), alias=exp.TableAlias(this=b.quoted("o")))
    return exp.select(*(b.column(name, "o") for name in names)).from_(source, copy=False)


def _due(campaign: ir.Campaign, shared: Shared, kept: list[str]) -> exp.Select:
    """Those of the audience whose anniversary it is: 29 February stands in the list where the policy puts it."""
    lowering = Lowering(shared, AUDIENCE)
    born = b.column(_anniversary(campaign).attribute.name, AUDIENCE)
    same = exp.EQ(this=b.month_day(born), expression=b.column("month_day", OCCURRENCE))
    columns: list[exp.Expr] = [b.column(name, AUDIENCE) for name in (*kept, *OWN)]
    columns += [b.named(b.column("occurrence", OCCURRENCE), KEY), b.named(b.column("occurrence_day", OCCURRENCE), DAY)]
    if campaign.segments:
        columns.append(b.named(_segment(campaign, lowering), SEGMENT))
    return _select_with_joins(lowering, columns, AUDIENCE).join(b.table(OCCURRENCE), on=same, copy=False)


def _segment(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    case = exp.Case()
    for each in campaign.segments:
        name = exp.Literal.string(each.name)
        if each.predicate is None:
            return case.else_(name, copy=False) if case.args.get("ifs") else name
        case = case.when(lowering.holds(each.predicate), name, copy=False)
    return case


def _eligibility(campaign: ir.Campaign, shared: Shared, key: str) -> exp.Select:
    """One row for each who is due: the first stage not reached, the segment, and which outcomes apply."""
    lowering = Lowering(shared, DUE)
    addresses = _addresses(campaign)
    nothing = b.text(exp.null())
    columns: list[exp.Expr] = [
        b.named(b.text(b.column(key, DUE)), "customer_id"),
        b.named(b.column(KEY, DUE), "occurrence"),
        b.named(b.column(DAY, DUE), "occurrence_day"),
        b.named(b.column(ZONE, DUE), "zone"),
        b.named(b.column(SEGMENT, DUE) if campaign.segments else nothing, "segment"),
        b.named(_lost(campaign, lowering, key, addresses), "lost"),
        b.named(_steps(campaign, lowering), "steps"),
        b.named(addresses[0] if addresses else nothing.copy(), "address"),
        b.named(shared.dialect.json_object([_quoted(each, shared.dialect) for each in campaign.context]), "context"),
    ]
    return _select_with_joins(lowering, columns, DUE)


def _quoted(attribute: nodes.Attribute, dialect: Dialect) -> tuple[str, exp.Expr]:
    """An attribute as a message will quote it."""
    value = b.column(attribute.name, DUE)
    return attribute.name, dialect.rfc3339(value) if attribute.type.kind is Kind.TIMESTAMP else value


def _addresses(campaign: ir.Campaign) -> list[exp.Expr]:
    """Where messages go, as suppression lists are matched; the first message's address first."""
    names = dict.fromkeys(message.address.name for message in campaign.messages if message.address is not None)
    return [_normal(b.column(name, DUE)) for name in names]


def _normal(address: exp.Expr) -> exp.Expr:
    """An address as suppression lists are matched: without outer spaces, in lower case."""
    return exp.Lower(this=exp.Trim(this=address))


def _lost(campaign: ir.Campaign, lowering: Lowering, key: str, addresses: list[exp.Expr]) -> exp.Expr:
    """The first stage a customer does not reach, in the order of eligibility; NULL for those who pass."""
    stages: list[tuple[str, exp.Expr, str | None]] = []
    for exclusion in campaign.excludes:
        stages.append(("not_excluded", lowering.holds(exclusion.predicate), _at(exclusion.span)))
    for each in campaign.suppression:
        stages += [("not_suppressed", _listed(each, address), each.name) for address in addresses]
    for message in campaign.messages:
        if message.consent is not None:
            stages.append(("consented", lowering.fails(nodes.IsTrue(message.consent)), _at(message.span)))
        if message.variant is not None and message.variant.identifier == "email" and message.address is not None:
            stages.append(("consented", b.missing(b.column(message.address.name, DUE)), _at(message.span)))
    if campaign.holdout_percent is not None:
        salted = exp.DPipe(this=exp.Literal.string(holdout_salt(campaign) + ":"), expression=b.text(b.column(key, DUE)))
        bucket = lowering.shared.dialect.hash_bucket(salted)
        ceiling = int(campaign.holdout_percent / Decimal(100) * BUCKETS)
        held = exp.LT(this=bucket, expression=exp.Literal.number(ceiling))
        stages.append(("not_held_out", held, f"{campaign.holdout_percent}%"))
    if not stages:
        return b.text(exp.null())
    case = exp.Case()
    for stage, stopped, comment in stages:
        name = exp.Literal.string(stage)
        case = case.when(stopped, b.comment(name, comment) if comment else name, copy=False)
    return case


def holdout_salt(campaign: ir.Campaign) -> str:
    """Salt of the holdout: the campaign's first name, so that renaming moves nobody between the groups."""
    return "holdout/" + (campaign.formerly[0] if campaign.formerly else campaign.name)


def _listed(each: ir.SuppressionList, address: exp.Expr) -> exp.Expr:
    return exp.In(this=address.copy(), query=exp.Subquery(this=suppression_query(each)))


def suppression_query(each: ir.SuppressionList) -> exp.Select:
    """The addresses of a list, normalised. NULL is left out: it would make `IN` forget the others."""
    column = b.column(each.address_column, "s")
    query = (
        exp.select(b.named(_normal(column), "address"))
        .from_(b.table(each.table, "s"), copy=False)
        .where(b.known(column.copy()), copy=False)
    )
    if each.where is not None:
        name, value = each.where
        query = query.where(exp.EQ(this=b.column(name, "s"), expression=exp.Literal.string(value)), copy=False)
    return query


def _steps(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    """Bit n is set when outcome n applies."""
    always = 0
    by_segment: dict[str, int] = {}
    parts: list[exp.Expr] = []
    for number, each in enumerate(campaign.outcomes):
        bit = 1 << number
        condition = each.tail.condition
        if condition is None:
            always |= bit
        elif condition.segment is not None:
            by_segment[condition.segment] = by_segment.get(condition.segment, 0) | bit
        else:
            assert condition.predicate is not None
            test = lowering.holds(condition.predicate)
            parts.append(_when([(test, bit)]))
    if by_segment:
        segment = b.column(SEGMENT, DUE)
        parts.insert(0, _when([(exp.Literal.string(name), bits) for name, bits in by_segment.items()], segment))
    total: exp.Expr = exp.Literal.number(always)
    for part in parts:
        total = b.plus(total, part)
    return b.whole(total)


def _when(cases: list[tuple[exp.Expr, int]], value: exp.Expr | None = None) -> exp.Expr:
    case = exp.Case(this=value)
    for test, bits in cases:
        case = case.when(test, exp.Literal.number(bits), copy=False)
    return case.else_(exp.Literal.number(0), copy=False)


def _totals(key: str) -> exp.Select:
    judged = exp.Case().when(exp.and_(*readable(key), copy=False), exp.Literal.number(1), copy=False)
    matched = exp.select(exp.Count(this=exp.Star())).from_(b.table(AUDIENCE), copy=False)
    return exp.select(
        b.named(exp.Count(this=exp.Star()), "customers"),
        b.named(exp.Count(this=judged), "readable"),
        b.named(exp.Subquery(this=matched), "audience"),
    ).from_(b.table(CUSTOMER), copy=False)


def _final() -> exp.Select:
    """The totals on every row; at least one row, with NULLs where nobody is due."""
    names = ("customer_id", "occurrence", "occurrence_day", "zone", "segment", "lost", "steps", "address", "context")
    return (
        exp.select(
            *(b.column(name, TOTALS) for name in ("customers", "readable", "audience")),
            *(b.column(name, ELIGIBILITY) for name in names),
        )
        .from_(b.table(TOTALS), copy=False)
        .join(b.table(ELIGIBILITY), on=exp.true(), join_type="left", copy=False)
    )
