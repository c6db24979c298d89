"""SQL against the oracle: random predicates over random small worlds give the same customers, and `not` the others."""

from __future__ import annotations

import os
from datetime import datetime

from hypothesis import given, note, settings
from hypothesis import strategies as st
from small_world import NOWS, Database, predicates, seeds, typed, world_of

from campaign_dsl.language.ir import nodes as ir


@settings(max_examples=int(os.environ.get("CAMPAIGN_EXAMPLES", "150")))
@given(now=st.sampled_from(NOWS), data=st.data())
def test_predicates(now: datetime, data: st.DataObject) -> None:
    texts = data.draw(st.lists(predicates(now), min_size=1, max_size=3), "predicates")
    world = world_of(now, data.draw(seeds, "world"))
    database = Database.of(world)
    everyone = sorted(each["id"] for each in world.readable())
    for text in texts:
        predicate, problems = typed(text)
        if predicate is None:
            assert {each.code for each in problems} <= {"TYP006"}, (text, problems)
            continue
        note(text)
        found = database.matching(predicate)
        assert found == world.matching(predicate)
        assert sorted(found + database.matching(ir.Negate(predicate))) == everyone
