"""Writes down which clauses a workspace has, so that the bare grammar can be timed on them: WORKSPACE OUT.

They are what `campaign check` reads with the grammar: pairs of a start symbol and a text. The grammar comes along.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from campaign_dsl.language.syntax import assemble, driver, parsing
from campaign_dsl.language.syntax.spec import STARTS
from campaign_dsl.workspace import Workspace

clauses: list[tuple[str, str]] = []
real = parsing.parse_clause


def noting(start: str, snippet: Any, *rest: Any) -> Any:
    clauses.append((start, snippet.text))
    return real(start, snippet, *rest)


assemble.parse_clause = noting
Workspace.load(Path(sys.argv[1]))
text = driver.grammar_text()
Path(sys.argv[2]).write_text(
    json.dumps({"grammar": text, "starts": list(STARTS), "clauses": clauses}), encoding="utf-8"
)
