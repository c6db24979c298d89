"""Asks a DuckDB file one query, given on standard input, and says what it took: `asked.py FILE`.

The query runs twice in this process; the second time counts, when what it reads is in the disk's cache and in DuckDB's.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import duckdb


def used() -> float:
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return mine.ru_utime + mine.ru_stime


if __name__ == "__main__":
    database = duckdb.connect(sys.argv[1], read_only=True)
    database.execute("SET TimeZone = 'UTC'")
    query = sys.stdin.read()
    for _ in range(2):
        wall, processor = time.perf_counter(), used()
        rows = database.sql(query).to_arrow_table()
        wall, processor = time.perf_counter() - wall, used() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    first = [] if rows.num_rows == 0 else [str(rows.column(0)[0])]
    print(json.dumps({"seconds": wall, "processor": processor, "peak_mb": peak, "rows": rows.num_rows, "first": first}))
