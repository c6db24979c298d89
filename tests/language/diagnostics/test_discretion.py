"""Secrets that stand in a file are not repeated by what is said about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner
from workspaces import BASE, lay_out

from campaign_dsl.doors.cli import app
from campaign_dsl.language.diagnostics.discretion import discreet_line
from campaign_dsl.language.source.files import SourceFile

ENGINE = "engine:\n      kind: duckdb\n      database: data/warehouse.duckdb\n"
WRITTEN = [
    ("password: hunter2secret", "WSP003"),
    ("passwd: hunter2secret", "WSP001"),
    ("pasword: hunter2secret", "WSP001"),
    ("apiKey: 'hunter2secret'", "WSP001"),
    ("private_key: |\n        hunter2secret", "WSP001"),
    ("password:\n        value: hunter2secret", "WSP001"),
    ("password:\n        env: hunter2secret", "WSP005"),
    ("password: {hunter2secret: x}", "WSP001"),
    ("password: [hunter2secret]", "WSP003"),
    ("password: 'hunter2secret", "YML"),
    ("password: hunter2secret: x", "YML"),
    ("password hunter2secret", "YML"),
    ("password:hunter2secret", "YML"),
    ("password: -----BEGIN-----\nhunter2secret\n-----END-----", "YML"),
    ("database: postgres://me:hunter2secret@host/x\n      kinds: 1", "WSP001"),
]


def with_engine(folder: Path, engine: str) -> None:
    """The sample, whose first target has this engine."""
    lay_out(folder, {"x.campaign": BASE})
    settings = folder / "workspace.yaml"
    text = settings.read_text("utf-8")
    assert ENGINE in text
    settings.write_text(text.replace(ENGINE, engine + "\n", 1), "utf-8")


def text_and_json(folder: Path) -> tuple[str, list[dict[str, object]]]:
    plain = CliRunner().invoke(app, ["check", "--workspace", str(folder)])
    said = CliRunner().invoke(app, ["check", "--workspace", str(folder), "--format", "json"])
    return plain.output, json.loads(said.stdout)["diagnostics"]


@pytest.mark.parametrize(("written", "code"), WRITTEN)
def test_a_secret_is_shown_by_no_output(tmp_path: Path, written: str, code: str) -> None:
    with_engine(tmp_path, f"engine:\n      kind: duckdb\n      {written}")
    text, found = text_and_json(tmp_path)
    assert any(str(each["code"]).startswith(code) for each in found), text
    assert "hunter2" not in text
    assert "hunter2" not in json.dumps(found)


@pytest.mark.parametrize("written", ["password: hunter2secret", "passwd: hunter2secret"])
def test_the_mark_stands_where_it_stood(tmp_path: Path, written: str) -> None:
    with_engine(tmp_path, f"engine: {{kind: duckdb, {written}, port: no}}")
    lines = text_and_json(tmp_path)[0].splitlines()
    at = next(index for index, line in enumerate(lines) if written[:7] in line and "|" in line)
    key = written.partition(":")[0]
    assert lines[at].endswith(f"{{kind: duckdb, {key}: {'•' * 13}, port: no}}")
    assert lines[at + 1].index("^") == lines[at].index(key)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("workspace.yaml", "password: {env: WAREHOUSE_PASSWORD}"),
        ("workspace.yaml", "password: {file: secrets/warehouse}"),
        ("workspace.yaml", "allow_private_addresses: maybe"),
        ("catalog.yaml", "key: customer_id"),
        ("catalog.yaml", "password_changed_at: {type: timestamp}"),
        ("catalog.yaml", "token: text"),
        ("gift.campaign.yaml", "token: A1"),
        ("content/mail.j2", "secret: A1"),
    ],
)
def test_what_is_no_secret_is_shown(path: str, line: str) -> None:
    assert discreet_line(SourceFile(path, line + "\n").span(0, 1)) == line
