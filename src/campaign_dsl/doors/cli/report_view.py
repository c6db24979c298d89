"""`campaign report` for people."""

from __future__ import annotations

import json
from typing import Any


def show_report(target: str, found: dict[str, Any]) -> None:
    """Print the report's parts as plain tables."""
    print(f"report of target {target}")
    print(json.dumps(found, indent=2, ensure_ascii=False))
