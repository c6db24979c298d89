"""The stages of eligibility that the engine can judge: the first one that a customer does not reach."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql import naming
from campaign_dsl.compile.sql.conditions import told
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.membership import BUCKETS, of_the_audience
from campaign_dsl.compile.sql.predicates import Join, Lowering
from campaign_dsl.language.catalog.types import TEXT
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes

REACHED_BY_ADDRESS = ("email", "sms")
"""Types of messages that go to an address of ours; others go to whom the provider knows under the customer's id."""


def lost(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    """The first stage a customer does not reach, in the order of eligibility; NULL for those who pass."""
    stages: list[tuple[str, exp.Expr, str]] = []
    for exclusion in campaign.excludes:
        with lowering.shared.clause(exclusion.span):
            stages.append(("not_excluded", of_the_audience(lowering, exclusion.predicate), b.at(exclusion.span)))
    stages += _suppressed(campaign, lowering)
    for message in campaign.messages:
        with lowering.shared.clause(message.span):
            tests = _refused(message, lowering)
        for test in tests:
            sent = told(campaign, message.name, lowering)
            stopped = test if sent is None else exp.and_(sent, b.paren(test), copy=False)
            stages.append(("consented", stopped, b.at(message.span)))
    if campaign.workspace_holdout is not None:
        held = drawn(lowering, ir.WORKSPACE_HOLDOUT, campaign.workspace_holdout)
        stages.append(("not_held_out", held, f"{campaign.workspace_holdout}% of the workspace"))
    if campaign.holdout_percent is not None:
        held = drawn(lowering, holdout_salt(campaign), campaign.holdout_percent)
        stages.append(("not_held_out", held, b.said_at(f"{campaign.holdout_percent}%", campaign.holdout_span)))
    if not stages:
        return b.text(exp.null())
    case = exp.Case()
    for stage, stopped, comment in stages:
        case = case.when(stopped, b.comment(exp.Literal.string(stage), comment), copy=False)
    return case


def _suppressed(campaign: ir.Campaign, lowering: Lowering) -> list[tuple[str, exp.Expr, str]]:
    listed = _joined if lowering.shared.dialect.joins_members else _listed
    return [
        ("not_suppressed", listed(each, address, lowering), b.said_at(each.name, each.span))
        for each in campaign.suppression
        for address in addresses(campaign, lowering.alias)
    ]


def _refused(message: ir.Message, lowering: Lowering) -> list[exp.Expr]:
    """What keeps a message from a customer: nowhere to send it; of marketing no consent, no subscription."""
    tests: list[exp.Expr] = []
    if message.purpose == "marketing":
        if message.consent is not None:
            tests.append(lowering.fails(nodes.IsTrue(message.consent)))
        if message.subscription is not None:
            tests.append(lowering.fails(message.subscription))
    by_address = message.variant is not None and message.variant.identifier == "email"
    if message.address is not None and (by_address or message.type in REACHED_BY_ADDRESS):
        tests.append(b.missing(b.column(message.address.name, lowering.alias)))
    return tests


def holdout_salt(campaign: ir.Campaign) -> str:
    return "holdout/" + campaign.first_name


def drawn(lowering: Lowering, salt: str, percent: Decimal) -> exp.Expr:
    """Whether a customer has drawn one of the first ``percent`` of the buckets for ``salt``."""
    key = b.text(b.column(lowering.shared.key, lowering.alias))
    salted = exp.DPipe(this=exp.Literal.string(f"{salt}:"), expression=key)
    ceiling = (percent * BUCKETS / 100).to_integral_value(ROUND_CEILING)
    return exp.LT(this=lowering.shared.dialect.hash_bucket(salted), expression=b.number(int(ceiling)))


# ----------------------------------------------------------------------------------------------------- suppression


def addresses(campaign: ir.Campaign, source: str) -> list[exp.Expr]:
    """Where messages go, as suppression lists are matched; the first message's address first."""
    return list(named_addresses(campaign, source).values())


def named_addresses(campaign: ir.Campaign, source: str) -> dict[str, exp.Expr]:
    """The same, by the attribute that holds them."""
    names = dict.fromkeys(message.address.name for message in campaign.messages if message.address is not None)
    return {name: _normal(b.column(name, source)) for name in names}


def address(campaign: ir.Campaign, source: str) -> exp.Expr:
    """Where the first message goes that has somewhere to go."""
    found = addresses(campaign, source)
    if not found:
        return b.text(exp.null())
    return found[0] if len(found) == 1 else exp.func("COALESCE", *found)


def _normal(address: exp.Expr) -> exp.Expr:
    """An address as suppression lists are matched: without outer spaces, in lower case."""
    return exp.Lower(this=exp.Trim(this=address))


def _listed(each: ir.SuppressionList, address: exp.Expr, lowering: Lowering) -> exp.Expr:
    query = suppression_query(each, lowering.shared.dialect)
    return exp.In(this=address.copy(), query=exp.Subquery(this=query))


def _joined(each: ir.SuppressionList, address: exp.Expr, lowering: Lowering) -> exp.Expr:
    """The same, by a join: a list may be long, and some engines go through it again for each customer."""
    shared = lowering.shared

    def make() -> exp.Query:
        return suppression_query(each, shared.dialect).distinct(copy=False)

    name = shared.cte((each.name, each.table), naming.shortened(f"on_{each.name}"), f"addresses on {each.name}", make)
    others = any(join.table.name == name for join in lowering.joins.values())
    table = b.cte(name, shared.fresh(name)) if others else b.table(name)
    found = b.column("address", table.alias_or_name)
    lowering.joins[each, address] = Join(table, exp.EQ(this=found, expression=address.copy()))
    return b.known(found.copy())


def suppression_query(each: ir.SuppressionList, dialect: Dialect) -> exp.Select:
    """The addresses of a list, normalised. NULL is left out: it would make `IN` forget the others."""
    column = dialect.stored(b.column(each.address_column, "s"), TEXT.maybe())
    query = (
        exp.select(b.named(_normal(column), "address"))
        .from_(b.table(each.table, "s"), copy=False)
        .where(b.known(column.copy()), copy=False)
    )
    if each.where is not None:
        name, value = each.where
        kind = dialect.stored(b.column(name, "s"), TEXT.maybe())
        query = query.where(exp.EQ(this=kind, expression=exp.Literal.string(value)), copy=False)
    return query
