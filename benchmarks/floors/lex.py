"""What cannot be left out of reading campaigns, and nothing else: WORKSPACE CLAUSES TABLES.

Reads every file, and cuts the text of every clause into tokens with Lark's basic lexer, whose tables
Lark itself caches.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import lark

workspace, clauses, tables = sys.argv[1:]
for path in sorted(Path(workspace).rglob("*")):
    if path.name.endswith((".campaign", ".yaml")):
        path.read_bytes().decode()
work = json.loads(Path(clauses).read_bytes())
options = {"parser": "lalr", "lexer": "basic", "start": work["starts"], "maybe_placeholders": True}
parser = lark.Lark(work["grammar"], cache=tables, **options)
for _, text in work["clauses"]:
    for _ in parser.lex(text):
        pass
