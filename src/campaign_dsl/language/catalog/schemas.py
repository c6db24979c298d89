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
        if str(made.get("pattern", "^[0-9]")).startswith("^[0-9]"):
            made["type"] = ["string", "number", "boolean"]
    elif made.get("type") == "integer":
        about = {key: made.pop(key) for key in ("title", "description", "default") if key in made}
        made = {**about, "anyOf": [made, {"type": "string", "pattern": "^-?[0-9]+(_[0-9]+)+$"}]}
    elif "patternProperties" in made:
        made.setdefault("additionalProperties", False)
    return made
