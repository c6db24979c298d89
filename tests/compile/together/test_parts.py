"""Exclusions and segments found together with those of others: a campaign decides as when its query finds all."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from asking import UnderTest
from happenings import CATALOG, HOUR, T
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_candidates_oracle import campaigns, world_of
from warehouse import dialect, gap, warehouse

from campaign_dsl.compile.sql.campaign import PART
from campaign_dsl.compile.together.planner import Forced
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.run.targets import question
from campaign_dsl.run.together.sharing import Known, Sharing
from differential import compared


@settings(max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "60")), deadline=None)
@given(made=campaigns(), other=campaigns(), seed=st.integers(0, 2**32 - 1))
def test_exclusions_and_segments(made: ir.Campaign, other: ir.Campaign, seed: int) -> None:
    assume(gap(made) is None and gap(other) is None)
    compared(agree, made, other, seed)


def agree(made: ir.Campaign, other: ir.Campaign, seed: int) -> None:
    wanted = world_of(seed).ask(made, T - HOUR)
    both = [made, replace(other, name="another")]
    for way in (Forced.WALKS, Forced.QUERIES):
        assert CATALOG is not None
        sharing = Sharing(UnderTest(), CATALOG, T, both, way)  # type: ignore[arg-type]
        known = sharing.of(made)
        assert known is not None
        assert len(known.parts) == len({each for each in said(made) if looks_at_events(each)})
        assert candidates(made, known) == [shown(row) for row in wanted], way


def said(made: ir.Campaign) -> list[nodes.Predicate]:
    found = [each.predicate for each in (*made.excludes, *made.segments)]
    return [each for each in found if each is not None]


def looks_at_events(node: nodes.Predicate) -> bool:
    return isinstance(node, nodes.Did)


def candidates(made: ir.Campaign, known: Known) -> list[tuple[Any, ...]]:
    assert CATALOG is not None
    query = question(made, CATALOG, dialect().name, T, (), T - HOUR, known=known)
    assert all(name in query for name in known.names.values()) or not known.parts
    assert (PART in query) is bool(known.parts)
    found = [row for row in warehouse().ask(query, known.relations).to_pylist() if row["customer_id"] is not None]
    return [shown(row) for row in sorted(found, key=lambda row: (row["customer_id"], row["occurrence"]))]


def shown(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("customer_id", "occurrence", "segment", "arm", "lost", "steps"))
