"""The JSON Schemas for editors agree with the loader on the sample files and on common mistakes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from campaign_dsl.language.catalog.schemas import schema
from campaign_dsl.language.source.files import SourceFile, read_source
from campaign_dsl.language.source.yaml import YamlList, YamlMap, YamlNode, YamlScalar, read_yaml

SAMPLE = Path(__file__).parents[3] / "campaigns"


def as_an_editor(node: YamlNode | None) -> Any:
    """Scalars typed as YAML 1.2 does."""
    match node:
        case YamlMap():
            return {key.value: as_an_editor(value) for key, value in node.entries}
        case YamlList():
            return [as_an_editor(item) for item in node.items]
        case YamlScalar(value=value, style="plain"):
            if value in ("true", "false"):
                return value == "true"
            return int(value) if re.fullmatch("-?[0-9]+", value) else value or None
        case YamlScalar():
            return node.value
    return None


def errors(name: Any, text: str) -> list[str]:
    root, problems = read_yaml(SourceFile("f", text))
    assert problems == ()
    return [error.json_path for error in Draft202012Validator(schema(name)).iter_errors(as_an_editor(root))]


@pytest.mark.parametrize("name", ["workspace", "catalog"])
def test_the_schema_is_one_and_accepts_the_sample(name: Any) -> None:
    Draft202012Validator.check_schema(schema(name))
    source = read_source(SAMPLE / f"{name}.yaml")
    assert isinstance(source, SourceFile)
    assert errors(name, source.text) == []
    assert '"null"' not in str(schema(name)).replace("'", '"')


CUSTOMERS = "customers: {table: c, key: id, attributes: {id: {type: text}}}\n"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("ofers: {}\n", "$"),
        ("tags: {Vip: {}}\n", "$.tags"),
        ("tags: {vip: {title: }}\n", "$.tags.vip.title"),
        ("offers: {o: {title: x, form: y}}\n", "$.offers.o.form"),
        ("offers: {o: {title: x, form: percentage_off_item, percent: '5'}}\n", "$.offers.o.percent"),
        ("offers: {o: {title: x, form: percentage_off_item, percent: 101}}\n", "$.offers.o.percent"),
        ("offers: {o: {title: x, form: amount_off_item, amount: 5}}\n", None),
        ("events: {e: {table: t, kind: {column: c, equals: 1}}}\n", None),
    ],
)
def test_common_mistakes_are_red_lines(text: str, path: str | None) -> None:
    assert errors("catalog", CUSTOMERS + text) == ([path] if path else [])
