"""Finds audiences of the palette, and says what it took: `found.py PLACE ENGINE WAY COUNT`.

WAY is `alone`, one query for each; `together`, as the planner chooses; or `walks` or `queries`, which are then used
wherever they can be. COUNT is how many, or `plain` for audiences of one condition each. The first ten come once before
that, so that everything is imported, and what they read is in the disk's cache and in the engine's. Members are told by
a number for each audience, so that the ways can be compared.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).parents[1]))

from campaign_dsl.compile.together.atoms import Asked, Clock
from campaign_dsl.compile.together.planner import Forced
from campaign_dsl.run.together.evaluate import Question, members, plan_together
from engines.elsewhere import ENGINES
from engines.palette import PLAIN, audiences
from engines.words import catalog, typed, zone_rule
from engines.world import NOW


def told(ids: pa.Array) -> list[int]:
    """How many there are, and a number that depends on who they are."""
    numbers = np.asarray(ids.to_numpy(zero_copy_only=False)).astype(np.uint64)
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15)
    return [len(numbers), int(np.bitwise_xor.reduce(mixed ^ (mixed >> np.uint64(29)), initial=0))]


def asked(count: str) -> list[Asked]:
    clock = Clock(zone_rule(), "feb_28")
    texts = PLAIN if count == "plain" else audiences(int(count))
    return [Asked(str(number), typed(text), clock) for number, text in enumerate(texts)]


def used() -> float:
    """Seconds of processors, of this process and of those it has started and waited for."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def main(place: str, engine_name: str, way: str, count: str) -> dict[str, Any]:
    engine = ENGINES[engine_name].open(place, way != "alone")
    try:
        forced = None if way == "together" else Forced(way)
        questions = asked(count)
        warm = Question(engine, catalog(), NOW)
        for each in members(warm, plan_together(warm, questions[:10], forced)):
            told(each.ids)
        question = Question(engine, catalog(), NOW)
        wall, processor = time.perf_counter(), used()
        plan = plan_together(question, questions, forced)
        planned = time.perf_counter() - wall
        found = {each.name: told(each.ids) for each in members(question, plan)}
        return {
            "seconds": time.perf_counter() - wall,
            "processor": used() - processor,
            "planning": planned,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "together": plan.together,
            "atoms": len(plan.normal.atoms),
            "rounds": len(plan.rounds),
            "work": {term.name: amount for term, amount in (plan.work if plan.together else plan.work_alone).items()},
            "expected": plan.cost if plan.together else plan.cost_alone,
            "noted": question.noted,
            "found": found,
        }
    finally:
        engine.close()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4])))
