"""The JSON Schema of `plan.json`, from the plan's own model."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from campaign_dsl.compile.plan.model import Plan


def plan_schema() -> dict[str, Any]:
    """The schema (2020-12) of the document that `Plan.document` writes."""
    plan = Plan.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
    definitions = plan.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A compiled campaign",
        "type": "object",
        "required": ["digest", "plan"],
        "additionalProperties": False,
        "properties": {
            "digest": {
                "type": "string",
                "pattern": "^sha256:[0-9a-f]{64}$",
                "description": "SHA-256 of the plan's canonical text: keys sorted, no spaces, UTF-8",
            },
            "plan": {"$ref": "#/$defs/Plan"},
        },
        "$defs": {**definitions, "Plan": plan},
    }


if __name__ == "__main__":
    # Writes docs/schemas/plan.schema.json of a checkout; with --check says whether it is current.
    file = Path(__file__).parents[4] / "docs" / "schemas" / "plan.schema.json"
    fresh = json.dumps(plan_schema(), indent=2) + "\n"
    if "--check" not in sys.argv[1:]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fresh, encoding="utf-8")
    elif not file.is_file() or file.read_text(encoding="utf-8") != fresh:
        sys.exit("docs/schemas/plan.schema.json is out of date: run `make generate`")
