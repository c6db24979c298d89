"""JSON Schemas of `workspace.yaml` and `catalog.yaml`, for editors: completion, hover, and red lines while typing."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings

_MODELS: dict[str, tuple[type[BaseModel], str]] = {
    "catalog": (Catalog, "Catalog of a campaign workspace"),
    "workspace": (WorkspaceSettings, "Settings of a campaign workspace"),
}


def schema(name: Literal["workspace", "catalog"]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of one of the two files.

    It says what the loader says as far as JSON Schema can, for a reader that types scalars as YAML 1.2 does: what is a
    text to us may look like a number to it, and `1_000` like a text.
    """
    model, title = _MODELS[name]
    made = _as_editors_see_it(model.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}


def _as_editors_see_it(node: Any) -> Any:
    if isinstance(node, list):
        return [_as_editors_see_it(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_editors_see_it(value) for key, value in node.items() if not (key == "default" and value is None)}
    options = made.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:  # no value is an absent key, never null
        (other,) = (option for option in options if option != {"type": "null"})
        del made["anyOf"]
        made = {**other, **made}
    if made.get("type") == "string" and not {"enum", "const", "format"} & made.keys():
        if str(made.get("pattern", "^[0-9]")).startswith(("^[0-9]", "^-?[0-9]")):
            made["type"] = ["string", "number", "boolean"]
    elif made.get("type") == "integer":
        about = {key: made.pop(key) for key in ("title", "description", "default") if key in made}
        made = {**about, "anyOf": [made, {"type": "string", "pattern": "^-?[0-9]+(_[0-9]+)+$"}]}
    elif "patternProperties" in made:
        made.setdefault("additionalProperties", False)
    return made


if __name__ == "__main__":
    # Writes docs/schemas/*.schema.json of a checkout; with --check says whether they are current.
    import json
    import sys
    from pathlib import Path

    folder = Path(__file__).parents[4] / "docs" / "schemas"
    for name in ("catalog", "workspace"):
        fresh = json.dumps(schema(name), indent=2) + "\n"
        file = folder / f"{name}.schema.json"
        if "--check" not in sys.argv[1:]:
            folder.mkdir(parents=True, exist_ok=True)
            file.write_text(fresh, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != fresh:
            sys.exit(f"docs/schemas/{file.name} is out of date: run `make generate`")
