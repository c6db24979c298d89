"""Runs benchmarks by name, or all of them: `python benchmarks/run.py [NAME...]`."""

from __future__ import annotations

import importlib
import sys

NAMES = (
    "cold", "check_many", "stages", "birthday_million", "ledger_stores", "engines.audiences", "engines.growth",
    "engines.together",
)  # fmt: skip

if __name__ == "__main__":
    wanted = sys.argv[1:] or NAMES
    for name in wanted:
        if name not in NAMES:
            sys.exit(f"no benchmark `{name}`; there are {', '.join(NAMES)}")
    for name in wanted:
        importlib.import_module(name).main()
