"""The catalogue of codes: each example does what it says, and each code in the source is in the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel

import campaign_dsl.language
from campaign_dsl.language.catalog.checking import check_catalog, check_settings
from campaign_dsl.language.catalog.loading import PATTERNS, load_catalog, load_workspace_settings
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.catalog.shapes import Converter
from campaign_dsl.language.diagnostics.catalogue import CODES, Code
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source import yaml as reader
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import YamlMap, read_yaml

OTHERS = ("SRC010", "SRC011", "WSP010", "WSP011")  # not of one file
MINE = [code for code in CODES.values() if code.family in ("SRC", "YML", "CAT", "WSP") and code.code not in OTHERS]
BASE = {
    "catalog": {
        "customers": "customers: {table: c, key: id, attributes: {id: {type: text, nullable: false}, "
        "email: {type: text}, email_consent: {type: boolean}}}\n",
        "channels": "channels: {email: {address: email, consent: email_consent}}\n",
        "tags": "tags: {vip: {}}\n",
    },
    "workspace": {
        "name": "name: footwear\n",
        "timezone": "timezone: America/New_York\n",
        "policies": "policies: {leap_day: feb_28, misfire: skip, consent: required, quiet: none}\n",
        "default_target": "default_target: local\n",
        "targets": "targets: {local: {engine: {kind: duckdb, database: w}, ledger: {kind: sqlite, path: l}, "
        "delivery: sandbox}}\n",
        "providers": "providers: {braze: {kind: braze, endpoint: https://x.example}}\n",
    },
}


def completed(kind: str, text: str) -> str:
    """An example shows the part that matters; the rest of the file is added here."""
    root, _ = read_yaml(SourceFile("example", text))
    assert isinstance(root, YamlMap)
    unneeded = "channels" if root.get("customers") is not None else ""
    return text + "".join(part for name, part in BASE[kind].items() if root.get(name) is None and name != unneeded)


def findings(code: Code, text: str) -> tuple[Diagnostic, ...]:
    if code.kind == "yaml":
        return read_yaml(SourceFile("example", text))[1]
    settings, there, problems = load_workspace_settings(
        SourceFile("workspace.yaml", completed("workspace", text if code.kind == "workspace" else "name: x\n"))
    )
    if code.kind == "workspace":
        catalog, _, _ = load_catalog(SourceFile("catalog.yaml", completed("catalog", "tags: {vip: {}}\n")))
        assert catalog is not None
        return problems if settings is None else check_settings(settings, there, catalog)
    catalog, positions, problems = load_catalog(SourceFile("catalog.yaml", completed("catalog", text)))
    return problems if catalog is None else check_catalog(catalog, positions, settings)


@pytest.mark.parametrize("code", [code for code in MINE if code.bad is not None], ids=lambda code: code.code)
def test_the_examples_are_true(code: Code) -> None:
    assert code.bad is not None
    assert code.good is not None
    assert [problem.code for problem in findings(code, code.bad)] == [code.code]
    assert findings(code, code.good) == ()


@pytest.mark.parametrize("code", MINE, ids=lambda code: code.code)
def test_entries_read_alike(code: Code) -> None:
    assert CODES[code.code] is code
    assert re.fullmatch("[A-Z]{3}[0-9]{3}", code.code)
    assert code.title[0].islower() or code.title.startswith("YAML")
    assert not code.title.endswith(".")
    assert code.why.endswith(".")
    assert code.fix.endswith(".")
    assert (code.bad is None) == (code.good is None)


def test_every_code_in_the_source_is_in_the_catalogue_and_the_other_way_round() -> None:
    root = Path(campaign_dsl.language.__file__).parent
    text = "".join(path.read_text("utf-8") for room in ("source", "catalog") for path in (root / room).glob("*.py"))
    used = set(re.findall(r'"((?:SRC|YML|CAT|WSP)[0-9]{3})"', text))
    shared = set(re.findall(r'prefix\}?(?: \+ )?([0-9]{3})"', text)) | set(re.findall(r'"(00[1-9])"', text))
    used |= {prefix + number for prefix in ("CAT", "WSP") for number in shared}
    assert used == {code.code for code in MINE}


def test_a_double_in_a_list_of_the_workspace() -> None:
    class Toy(BaseModel):
        words: tuple[str, ...]

    root, _ = read_yaml(SourceFile("f", "words: [a, b, a]\n"))
    assert root is not None
    problems = Problems()
    converter = Converter("WSP", "the workspace", problems)
    converter.convert(root, Toy, Positions(root.span.source, root).key())
    assert [problem.code for problem in problems.sorted()] == ["WSP008"]


def test_errors_of_pyyaml_that_we_have_no_words_for(monkeypatch) -> None:
    def fail(_: str):
        raise yaml.YAMLError("something else")
        yield

    monkeypatch.setattr(reader, "_events", fail)
    (problem,) = read_yaml(SourceFile("f", "a: b"))[1]
    assert problem.code == "YML020"
    assert problem.where is not None


def test_every_pattern_of_the_models_has_words() -> None:
    patterns = set(
        re.findall(
            r"'pattern': '((?:[^'\\]|\\.)*)'",
            repr((Catalog.model_json_schema(), WorkspaceSettings.model_json_schema())),
        )
    )
    patterns |= set(re.findall(r"'patternProperties': \{'([^']*)'", repr(Catalog.model_json_schema())))
    assert {pattern.replace("\\\\", "\\") for pattern in patterns} == set(PATTERNS)
