"""Which segment, which arm of the test and which language a customer falls into."""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from campaign_dsl.compile.sql import build as b
from campaign_dsl.compile.sql.conditions import ARM, LANGUAGE, SEGMENT
from campaign_dsl.compile.sql.membership import of_the_audience
from campaign_dsl.compile.sql.predicates import Lowering
from campaign_dsl.compile.sql.stages import drawn
from campaign_dsl.language.ir import campaign as ir


def groups(campaign: ir.Campaign, lowering: Lowering) -> list[exp.Expr]:
    """The columns of those that the campaign has."""
    columns = []
    if campaign.segments:
        columns.append(b.named(_segment(campaign, lowering), SEGMENT))
    if campaign.arms:
        columns.append(b.named(_arm(campaign, lowering), ARM))
    if campaign.languages:
        columns.append(b.named(_language(campaign, lowering), LANGUAGE))
    return columns


def _segment(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    case = exp.Case()
    for each in campaign.segments:
        name = _said(each)
        if each.predicate is None:
            return case.else_(name, copy=False) if case.args.get("ifs") else name
        with lowering.shared.clause(each.span):
            case = case.when(of_the_audience(lowering, each.predicate), name, copy=False)
    return case


def _arm(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    """The arms share the buckets in their order; what rounding leaves over is the last one's."""
    *others, last = campaign.arms
    if not others:
        return _said(last)
    case, upto = exp.Case(), Decimal(0)
    for each in others:
        upto += each.percent
        among_them = drawn(lowering, "variant/" + campaign.first_name, upto)
        case = case.when(among_them, _said(each), copy=False)
    return case.else_(_said(last), copy=False)


def _said(each: ir.Segment | ir.Arm) -> exp.Expr:
    """Its name, with where it is defined."""
    name = exp.Literal.string(each.name)
    return name if each.span is None else b.comment(name, b.at(each.span))


def _language(campaign: ir.Campaign, lowering: Lowering) -> exp.Expr:
    """Hers; else the one without her country (`de` for `de-AT`); else the first of the campaign's."""
    fallback = exp.Literal.string(campaign.languages[0])
    if campaign.language is None or len(campaign.languages) == 1:
        return fallback
    hers = lowering.value(campaign.language)
    primary = lowering.shared.dialect.text_before(hers.copy(), "-")
    # One CASE for each: DuckDB 2.0 fails on SPLIT_PART behind the first WHEN where every language is missing.
    found = [exp.Case().when(b.in_words(each, campaign.languages), each.copy(), copy=False) for each in (hers, primary)]
    return exp.func("COALESCE", *found, fallback)
