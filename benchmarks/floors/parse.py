"""What cannot be left out of a check, and nothing else: WORKSPACE CLAUSES TABLES.

Imports the libraries, reads every file, parses YAML with PyYAML's C parser and clauses with Lark's own LALR parser,
whose tables Lark itself caches. No tree of ours, no places in files, no names, no types, no messages.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import lark
import pydantic
import yaml

assert pydantic.BaseModel  # pydantic loads itself when it is touched
workspace, clauses, tables = sys.argv[1:]
for path in sorted(Path(workspace).rglob("*")):
    if path.name.endswith((".campaign", ".yaml")):
        text = path.read_bytes().decode()
        if path.name.endswith(".yaml"):
            yaml.load(text, Loader=yaml.CSafeLoader)
work = json.loads(Path(clauses).read_bytes())
options = {"parser": "lalr", "lexer": "contextual", "start": work["starts"], "maybe_placeholders": True}
parser = lark.Lark(work["grammar"], cache=tables, **options)
for start, text in work["clauses"]:
    parser.parse(text, start=start)
