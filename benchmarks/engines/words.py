"""The compiler at work on the benchmark's world: predicates as text to SQL."""

from __future__ import annotations

from functools import cache

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.sql.binding import bind
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir.campaign import ZoneRule
from campaign_dsl.language.ir.nodes import Predicate
from campaign_dsl.language.semantics.expressions import Names, attribute, predicate
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.assemble import parse_expression
from engines.world import CATALOG, NOW

ZONE = "America/New_York"


@cache
def catalog() -> Catalog:
    found, _, problems = load_catalog(SourceFile("catalog.yaml", CATALOG))
    assert found is not None, problems
    return found


def typed(text: str) -> Predicate:
    """A predicate of the language."""
    problems = Problems()
    node = parse_expression(Snippet.of(SourceFile("audience", text), 0, len(text)), problems)
    found = None if node is None else predicate(node, Names(catalog(), lambda name, problems: None, ZONE), problems)
    assert found is not None, (text, problems.sorted())
    return found


def zone_rule() -> ZoneRule:
    return ZoneRule(attribute(catalog(), "time_zone"), ZONE)


def sql(text: str, dialect: str = "duckdb") -> str:
    """The query for a predicate alone."""
    query = audience_query(typed(text), zone_rule(), "feb_28", catalog(), DIALECTS[dialect])
    return render(bind(query, NOW, ()), dialect)
