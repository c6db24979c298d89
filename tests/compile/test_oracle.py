"""SQL against the oracle: random predicates over random small worlds give the same customers, and `not` the others."""

from __future__ import annotations

import os
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import NOWS, Database, predicates, seeds, typed, world_of
from warehouse import gap

from campaign_dsl.language.ir import nodes as ir
from differential import compared


@settings(max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "150")))
@given(now=st.sampled_from(NOWS), data=st.data())
def test_predicates(now: datetime, data: st.DataObject) -> None:
    texts = data.draw(st.lists(predicates(now), min_size=1, max_size=3), "predicates")
    compared(agree, now, texts, data.draw(seeds, "world"))


def agree(now: datetime, texts: list[str], seed: int) -> None:
    world = world_of(now, seed)
    database = Database.of(world)
    everyone = sorted(each["id"] for each in world.readable())
    for text in texts:
        predicate, problems = typed(text)
        if predicate is None:
            assert {each.code for each in problems} <= {"TYP006"}, (text, problems)
            continue
        if gap(predicate) is not None:
            continue
        found = database.matching(predicate)
        assert found == world.matching(predicate), text
        assert sorted(found + database.matching(ir.Negate(predicate))) == everyone, text
