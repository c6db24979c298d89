"""The one query of a campaign: it finds, counts and classifies customers. Plan, run, preview and explain all read it.

Its shape, top to bottom: zones with the calendar day it is there; customers; what events say (computed once);
the audience; the occurrences of the day; who is due; what stops them; and one row each, beside the totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.dialects.duckdb import DuckDB
from campaign_dsl.compile.sql.dialects.protocol import Dialect
from campaign_dsl.compile.sql.predicates import CUSTOMER, Lowering, Shared
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.diagnostics.model import Span
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.ir.walk import attributes_in

DIALECTS: dict[str, Dialect] = {"duckdb": DuckDB()}
"""Engines that SQL can be generated for."""

BUCKETS = 1 << 28
"""Random shares are drawn from this many buckets: seven hex digits of an md5."""

AUDIENCE, DUE, STOPPED, TOTALS = "audience", "due", "eligibility", "totals"


def campaign_query(campaign: ir.Campaign, catalog: Catalog, dialect: Dialect) -> exp.Select:
    """The query, with the named parameters that `binding` fills: ``as_of``, ``as_of_minus_N``, ``occurrences``."""
    key = catalog.customers.key
    shared = Shared(dialect, key)
    used = _used(campaign, catalog)
    ctes: list[tuple[str, exp.Query, str | None]] = [
        ("zone", _zones(dialect, campaign.leap_day), None),
        (CUSTOMER, _customers(catalog, campaign.zone, used), None),
    ]
    columns = [key, *(name for name in sorted(used) if name != key), "zone", "today", "today_key"]
    matched = _audience(shared, campaign.audience, [b.column(name, CUSTOMER) for name in columns])
    due = _due(campaign, columns)
    eligibility = _eligibility(campaign, shared, key)
    shared_ctes: list[tuple[str, exp.Query, str | None]] = [
        (name, query, f"{node.event.name} events, each id once") for node, (name, query) in shared.ctes.items()
    ]
    ctes += shared_ctes
    ctes += [
        (AUDIENCE, matched, _at(campaign.audience_span)),
        ("occurrence", _occurrences(), None),
        (DUE, due, _at(campaign.behavior_span)),
        (STOPPED, eligibility, None),
        (TOTALS, _totals(), None),
    ]
    query = _final()
    for name, body, comment in ctes:
        cte = exp.CTE(this=body, alias=exp.TableAlias(this=b.quoted(name)))
        if comment:
            cte.add_comments([f" {_safe(comment)} "])
        _with(query, cte)
    return query


def audience_query(
    predicate: nodes.Predicate, zone: ir.ZoneRule, leap_day: str, catalog: Catalog, dialect: Dialect
) -> exp.Select:
    """The keys of the customers for whom ``predicate`` holds, in order."""
    shared = Shared(dialect, catalog.customers.key)
    used = {each.name: each for each in attributes_in(predicate)}
    key = exp.alias_(b.column(catalog.customers.key, CUSTOMER), "customer_id", quoted=True)
    query = _audience(shared, predicate, [key]).order_by(exp.column("customer_id", quoted=True), copy=False)
    bodies: list[tuple[str, exp.Query]] = [
        ("zone", _zones(dialect, leap_day)),
        (CUSTOMER, _customers(catalog, zone, used)),
        *((name, body) for name, body in shared.ctes.values()),
    ]
    for name, body in bodies:
        _with(query, exp.CTE(this=body, alias=exp.TableAlias(this=b.quoted(name))))
    return query


def _with(query: exp.Select, cte: exp.CTE) -> None:
    clause = query.args.get("with_")
    if clause is None:
        query.set("with_", exp.With(expressions=[cte]))
    else:
        clause.append("expressions", cte)


def _at(span: Span) -> str:
    return f"{span.source.path}:{span.line}"


def _safe(text: str) -> str:
    """A comment that cannot end itself."""
    return text.replace("*/", "* /").replace("/*", "/ *")


def _used(campaign: ir.Campaign, catalog: Catalog) -> dict[str, nodes.Attribute]:
    """Every customer attribute the query reads, by name."""
    predicates: list[nodes.Predicate] = [campaign.audience, *(each.predicate for each in campaign.excludes)]
    predicates += [each.predicate for each in campaign.segments if each.predicate is not None]
    predicates += [
        each.condition.predicate
        for each in campaign.outcomes
        if each.condition and each.condition.predicate is not None
    ]
    found = {each.name: each for predicate in predicates for each in attributes_in(predicate)}
    extra: Iterable[nodes.Attribute | None] = (
        campaign.behavior.attribute,
        *campaign.context,
        *(each.consent for each in campaign.messages),
        *(each.address for each in campaign.messages),
    )
    found.update({each.name: each for each in extra if each is not None})
    return found


def _zones(dialect: Dialect, leap_day: str) -> exp.Select:
    """Every zone with its calendar day at T. ``today_key`` is year * 10000 + month * 100 + day, for counting ages."""
    name = b.column("name", "z")
    today = dialect.local_day(b.parameter("as_of"), name)
    days = exp.select(exp.alias_(name, "name", quoted=True), exp.alias_(today, "today", quoted=True)).from_(
        exp.Subquery(this=dialect.zones(), alias=exp.TableAlias(this=b.quoted("z"))), copy=False
    )
    day = b.column("today", "d")
    month_day = b.month_day(day)
    if leap_day == "feb_28":
        # The last day of February counts as the 29th, so that those born on it turn a year older then.
        tomorrow = exp.cast(exp.Add(this=day.copy(), expression=exp.Literal.number(1)), exp.DataType.Type.DATE)
        last = exp.EQ(this=b.month_day(tomorrow), expression=exp.Literal.number(301))
        month_day = exp.Case().when(last, exp.Literal.number(229), copy=False).else_(month_day, copy=False)
    key = b.plus(b.times(b.part("YEAR", day), 10_000), month_day)
    return exp.select(b.column("name", "d"), day.copy(), exp.alias_(key, "today_key", quoted=True)).from_(
        exp.Subquery(this=days, alias=exp.TableAlias(this=b.quoted("d"))), copy=False
    )


def _customers(catalog: Catalog, zone: ir.ZoneRule, used: dict[str, nodes.Attribute]) -> exp.Select:
    customers = catalog.customers
    key = customers.attributes[customers.key]
    columns: list[exp.Expr] = [exp.alias_(b.column(key.column or customers.key, "c"), customers.key, quoted=True)]
    for name in sorted(used):
        if name != customers.key:
            columns.append(exp.alias_(b.column(used[name].column, "c"), name, quoted=True))
    columns += [
        exp.alias_(b.column("name", "z"), "zone", quoted=True),
        b.column("today", "z"),
        b.column("today_key", "z"),
    ]
    theirs: exp.Expr = exp.Literal.string(zone.default)
    if zone.attribute is not None:
        theirs = exp.func("COALESCE", b.column(zone.attribute.column, "c"), theirs)
    return (
        exp.select(*columns)
        .from_(b.table(customers.table, "c"), copy=False)
        .join(
            b.table("zone", "z"), on=exp.EQ(this=b.column("name", "z"), expression=theirs), join_type="left", copy=False
        )
    )


def _readable(key: str, alias: str = CUSTOMER) -> exp.Expr:
    """A row that can be judged: it has a key, and a zone the tz database knows."""
    return exp.and_(
        exp.Not(this=exp.Is(this=b.column(key, alias), expression=exp.null())),
        exp.Not(this=exp.Is(this=b.column("zone", alias), expression=exp.null())),
        copy=False,
    )


def _select_with_joins(lowering: Lowering, columns: list[exp.Expr], source: str) -> exp.Select:
    query = exp.select(*columns).from_(b.table(source), copy=False)
    for name, on in lowering.joins.items():
        query = query.join(b.table(name), on=on, join_type="left", copy=False)
    return query


def _audience(shared: Shared, predicate: nodes.Predicate, columns: list[exp.Expr]) -> exp.Select:
    lowering = Lowering(shared)
    test = lowering.predicate(predicate)
    return _select_with_joins(lowering, columns, CUSTOMER).where(_readable(shared.key), b.paren(test), copy=False)


def _occurrences() -> exp.Select:
    """The occurrences of the day; their rows are put in by `binding`."""
    names = ("month_day", "occurrence", "occurrence_day")
    source = exp.Subquery(this=b.parameter("occurrences"), alias=exp.TableAlias(this=b.quoted("o")))
    return exp.select(*(b.column(name, "o") for name in names)).from_(source, copy=False)


def _due(campaign: ir.Campaign, columns: list[str]) -> exp.Select:
    """Those of the audience whose anniversary it is: 29 February stands in the list where the policy puts it."""
    born = b.column(campaign.behavior.attribute.name, AUDIENCE)
    same = exp.EQ(this=b.month_day(born), expression=b.column("month_day", "occurrence"))
    return (
        exp.select(
            *(b.column(name, AUDIENCE) for name in columns),
            b.column("occurrence", "occurrence"),
            b.column("occurrence_day", "occurrence"),
        )
        .from_(b.table(AUDIENCE), copy=False)
        .join(b.table("occurrence"), on=same, copy=False)
    )


def _eligibility(campaign: ir.Campaign, shared: Shared, key: str) -> exp.Select:
    """One row for each who is due: the first stage not reached, the segment, and which outcomes apply."""
    lowering = Lowering(shared, DUE)
    address = next((m.address for m in campaign.messages if m.address is not None), None)
    normal = _normal(b.column(address.name, DUE)) if address is not None else exp.null()
    segment = _segment(campaign, lowering)
    columns: list[exp.Expr] = [
        exp.alias_(exp.cast(b.column(key, DUE), exp.DataType.Type.TEXT), "customer_id", quoted=True),
        b.column("occurrence", DUE),
        b.column("occurrence_day", DUE),
        b.column("zone", DUE),
        exp.alias_(segment, "segment", quoted=True),
        exp.alias_(_lost(campaign, lowering, key, normal), "lost", quoted=True),
        exp.alias_(_steps(campaign, lowering, segment), "steps", quoted=True),
        exp.alias_(exp.cast(normal.copy(), exp.DataType.Type.TEXT), "address", quoted=True),
        exp.alias_(
            shared.dialect.json_object([(each.name, b.column(each.name, DUE)) for each in campaign.context]),
            "context",
            quoted=True,
        ),
    ]
    return _select_with_joins(lowering, columns, DUE)


def _normal(address: exp.Expr) -> exp.Expr:
    """An address as suppression lists are matched: without outer spaces, in lower case."""
    return exp.Lower(this=exp.Trim(this=address))


def _segment(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    if not campaign.segments:
        return exp.cast(exp.null(), exp.DataType.Type.TEXT)
    case = exp.Case()
    for each in campaign.segments:
        if each.predicate is None:
            return (
                case.else_(exp.Literal.string(each.name), copy=False)
                if case.args.get("ifs")
                else exp.Literal.string(each.name)
            )
        case = case.when(lowering.predicate(each.predicate), exp.Literal.string(each.name), copy=False)
    return case


def _lost(campaign: ir.Campaign, lowering: Lowering, key: str, address: exp.Expr) -> exp.Expr:
    """The first stage a customer does not reach, in the order of eligibility; NULL for those who pass."""
    case = exp.Case()
    stages: list[tuple[str, exp.Expr]] = []
    for exclusion in campaign.excludes:
        stages.append(("not_excluded", lowering.predicate(exclusion.predicate)))
    for each in campaign.suppression:
        stages.append(("not_suppressed", _listed(each, address)))
    for message in campaign.messages:
        if message.consent is not None:
            agreed = lowering.predicate(nodes.IsTrue(message.consent))
            stages.append(("consented", exp.Not(this=exp.paren(agreed, copy=False))))
        if message.variant.identifier == "email" and message.address is not None:
            stages.append(("consented", lowering.predicate(nodes.Negate(nodes.IsKnown(message.address)))))
    if campaign.holdout_percent is not None:
        bucket = lowering.shared.dialect.hash_bucket(
            exp.DPipe(
                this=exp.Literal.string(holdout_salt(campaign) + ":"),
                expression=exp.cast(b.column(key, DUE), exp.DataType.Type.TEXT),
            )
        )
        ceiling = int(campaign.holdout_percent / Decimal(100) * BUCKETS)
        stages.append(("not_held_out", exp.LT(this=bucket, expression=exp.Literal.number(ceiling))))
    for stage, stopped in stages:
        case = case.when(stopped, exp.Literal.string(stage), copy=False)
    return case if stages else exp.cast(exp.null(), exp.DataType.Type.TEXT)


def holdout_salt(campaign: ir.Campaign) -> str:
    """Salt of the holdout: the campaign's first name, so that renaming moves nobody between the groups."""
    return "holdout/" + (campaign.formerly[-1] if campaign.formerly else campaign.name)


def _listed(each: ir.SuppressionList, address: exp.Expr) -> exp.Expr:
    inner = suppression_query(each)
    return exp.func("COALESCE", exp.In(this=address.copy(), query=exp.Subquery(this=inner)), exp.false())


def suppression_query(each: ir.SuppressionList) -> exp.Select:
    """The addresses of a list, normalised. NULL is left out: it would make `IN` forget the others."""
    column = b.column(each.address_column, "s")
    query = (
        exp.select(exp.alias_(_normal(column), "address", quoted=True))
        .from_(b.table(each.table, "s"), copy=False)
        .where(exp.Not(this=exp.Is(this=column.copy(), expression=exp.null())), copy=False)
    )
    if each.where is not None:
        name, value = each.where
        query = query.where(exp.EQ(this=b.column(name, "s"), expression=exp.Literal.string(value)), copy=False)
    return query


def _steps(campaign: ir.Campaign, lowering: Lowering, segment: exp.Expr) -> exp.Expr:
    """Bit n is set when outcome n applies."""
    always, parts = 0, []
    for number, each in enumerate(campaign.outcomes):
        if each.condition is None:
            always |= 1 << number
            continue
        if each.condition.segment is not None:
            test: exp.Expr = exp.EQ(
                this=exp.paren(segment.copy(), copy=False), expression=exp.Literal.string(each.condition.segment)
            )
        else:
            assert each.condition.predicate is not None
            test = lowering.predicate(each.condition.predicate)
        bit = (
            exp.Case().when(test, exp.Literal.number(1 << number), copy=False).else_(exp.Literal.number(0), copy=False)
        )
        parts.append(bit)
    total: exp.Expr = exp.Literal.number(always)
    for part in parts:
        total = exp.Add(this=total, expression=part)
    return exp.cast(exp.paren(total, copy=False), exp.DataType.Type.BIGINT)


def _totals() -> exp.Select:
    count = exp.Count(this=exp.Star())
    readable = exp.Sum(
        this=exp.Case()
        .when(_not_null("zone"), exp.Literal.number(1), copy=False)
        .else_(exp.Literal.number(0), copy=False)
    )
    matched = exp.Subquery(this=exp.select(count.copy()).from_(b.table(AUDIENCE), copy=False))
    return exp.select(
        exp.alias_(count, "customers", quoted=True),
        exp.alias_(exp.func("COALESCE", readable, exp.Literal.number(0)), "readable", quoted=True),
        exp.alias_(matched, "audience", quoted=True),
    ).from_(b.table(CUSTOMER), copy=False)


def _not_null(name: str) -> exp.Expr:
    return exp.Not(this=exp.Is(this=b.column(name, CUSTOMER), expression=exp.null()))


def _final() -> exp.Select:
    """The totals on every row; at least one row, with NULLs where nobody is due."""
    names = ("customer_id", "occurrence", "occurrence_day", "zone", "segment", "lost", "steps", "address", "context")
    columns = [
        exp.alias_(exp.cast(b.column(name, TOTALS), exp.DataType.Type.BIGINT), name, quoted=True)
        for name in ("customers", "readable", "audience")
    ]
    return (
        exp.select(*columns, *(b.column(name, STOPPED) for name in names))
        .from_(b.table(TOTALS), copy=False)
        .join(b.table(STOPPED), on=exp.true(), join_type="left", copy=False)
    )
