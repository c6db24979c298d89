"""Finds audiences of the palette, and says what it took: `found.py FILE WAY COUNT [EVERY]`.

WAY is `alone`, one query for each, or `together`, as the planner chooses. EVERY takes one audience out of so many.
Members are told by a number for each audience, so that the ways can be compared.
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
from campaign_dsl.run.engines.duckdb import DuckDBEngine
from campaign_dsl.run.together.evaluate import Question, members, plan_together
from engines.palette import audiences
from engines.words import catalog, typed, zone_rule
from engines.world import NOW

MEMORY_MB = 256
"""For DuckDB. Without a limit it keeps all of the file that it has read."""


def told(ids: pa.Array) -> list[int]:
    """How many there are, and a number that depends on who they are."""
    numbers = np.asarray(ids.to_numpy(zero_copy_only=False)).astype(np.uint64)
    mixed = numbers * np.uint64(0x9E3779B97F4A7C15)
    return [len(numbers), int(np.bitwise_xor.reduce(mixed ^ (mixed >> np.uint64(29)), initial=0))]


def main(file: str, way: str, count: int, every: int) -> dict[str, Any]:
    engine = DuckDBEngine(Path(file), memory_mb=None if way == "alone" else MEMORY_MB)
    clock = Clock(zone_rule(), "feb_28")
    asked = [Asked(str(number), typed(text), clock) for number, text in enumerate(audiences(count))][::every]
    question = Question(engine, catalog(), NOW)
    wall, processor = time.perf_counter(), time.process_time()
    plan = plan_together(question, asked, Forced.ALONE if way == "alone" else None)
    found = {each.name: told(each.ids) for each in members(question, plan)}
    return {
        "seconds": time.perf_counter() - wall,
        "processor": time.process_time() - processor,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "together": plan.together,
        "atoms": len(plan.normal.atoms),
        "rounds": len(plan.rounds),
        "expected": plan.cost if plan.together else plan.cost_alone,
        "noted": question.noted,
        "found": found,
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int([*sys.argv, "1"][4]))))
