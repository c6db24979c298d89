"""The plan: the same for the same sources wherever it is made, another one for any other byte."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from shop import SAMPLE, Shop, campaign_text

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.compile.plan.schema import plan_schema
from campaign_dsl.workspace import Workspace

FILES = ("workspace.yaml", "catalog.yaml", "audiences.campaign", "birthday_gift.campaign")
CODE = """
import sys
from pathlib import Path
from campaign_dsl.workspace import Workspace
plan = Workspace.load(Path(sys.argv[1])).plan("birthday_gift")
sys.stdout.buffer.write(plan.document().encode())
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "campaigns"
    folder.mkdir()
    for name in (*FILES, "vip.csv"):
        shutil.copy(SAMPLE / name, folder / name)
    return folder


def plan_of(root: Path, name: str = "birthday_gift") -> Plan:
    workspace = Workspace.load(root)
    assert [each for each in workspace.check() if each.severity == "error"] == []
    plan = workspace.plan(name)
    assert plan is not None
    return plan


def elsewhere(root: str | Path, cwd: Path, seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(root)],
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_the_digest_is_the_same_everywhere(root: Path, tmp_path: Path) -> None:
    here = plan_of(root).document()
    for seed in ("0", "1", "4711"):
        assert elsewhere(root, tmp_path, seed) == here
    assert elsewhere(".", root, "2") == here
    assert elsewhere("campaigns", tmp_path, "3") == here
    moved = tmp_path / "another place" / "ünder"
    shutil.copytree(root, moved)
    assert elsewhere(moved, tmp_path, "5") == here


def test_other_campaigns_do_not_matter(root: Path) -> None:
    before = plan_of(root).digest
    shutil.copy(root / "birthday_gift.campaign", root / "zzz.txt")
    text = (root / "birthday_gift.campaign").read_text("utf-8")
    (root / "a_first.campaign").write_text(text.replace("campaign birthday_gift", "campaign other"), "utf-8")
    (root / "more.campaign").write_text("audience more {\n everyone\n}\n", "utf-8")
    assert plan_of(root).digest == before


def test_the_order_in_which_files_are_found_does_not_matter(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = plan_of(root).document()
    found = Path.rglob
    monkeypatch.setattr(Path, "rglob", lambda self, pattern: reversed(list(found(self, pattern))))
    assert plan_of(root).document() == before


@pytest.mark.parametrize("name", FILES)
def test_any_byte_of_a_source_changes_the_digest(root: Path, name: str) -> None:
    before = plan_of(root)
    path = root / name
    text = path.read_text("utf-8")
    for changed in (f"{text}\n", f"# x\n{text}", text.replace("\n", "\r\n"), text.replace(" ", "  ", 1)):
        path.write_text(changed, "utf-8", newline="")
        after = plan_of(root)
        assert after.digest != before.digest
        assert after != before


def test_an_audience_that_is_named_belongs_to_the_plan(root: Path) -> None:
    (root / "inner.campaign").write_text("audience inner {\n where is_employee\n}\n", "utf-8")
    (root / "audiences.campaign").write_text("audience employees {\n where in audience inner\n}\n", "utf-8")
    before = plan_of(root)
    assert [source.path for source in before.sources] == [
        *("audiences.campaign", "birthday_gift.campaign", "catalog.yaml", "inner.campaign", "workspace.yaml"),
    ]
    (root / "inner.campaign").write_text("audience inner {\n where not is_employee\n}\n", "utf-8")
    assert plan_of(root).digest != before.digest


def test_canonical_text(root: Path) -> None:
    plan = plan_of(root)
    text = plan.canonical()
    assert json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False) == text
    assert Plan.model_validate_json(text) == plan
    assert Plan.model_validate_json(text).digest == plan.digest


def test_the_document_follows_its_schema(shop: Shop) -> None:
    schema = plan_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    outcomes = """award 5 points to rewards source birthday, expires after 30 days as big when tier = gold
    issue offer birthday_half_price
    tag birthday_gift for 1 day
    send note"""
    head = 'priority 5\n  runs from 2026-01-01 until 2027-01-01\n  formerly once\n  owner "jo"\n  misfire skip\n'
    audience = (
        "everyone\n segments {\n a where tier = gold\n b otherwise\n }\n holdout 5.5%\n suppress global_suppression"
    )
    text = campaign_text(audience, "7 days before", outcomes, "points 5\n x 1.5\n y true\n title offer.title")
    text = text.replace("kind promotion", f"kind promotion\n  {head}")
    text = text.replace("at 09:00", 'at 09:00\n limit 3 per 30 days\n budget 5 points, 2 offers approved by "jo"')
    shop.write(text)
    document = json.loads(shop.compiled()[1].document())
    jsonschema.validate(document, schema)
    for key in ("campaign", "queries", "steps", "zone"):
        broken = json.loads(json.dumps(document))
        del broken["plan"][key]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema)


def test_what_the_author_wrote_is_quoted_in_one_layout(shop: Shop) -> None:
    outcomes = 'tag birthday_gift for 1 day when (tier=gold   # so\n      or country in [ "US" ]) and age >= 18'
    shop.write(campaign_text(outcomes=f"{outcomes}\n    send note"))
    step = shop.compiled()[1].steps[0]
    assert step.when == '(tier = gold or country in ["US"]) and age >= 18'


def test_comments_of_the_query_name_the_lines(root: Path) -> None:
    plan = plan_of(root)
    text = (root / "birthday_gift.campaign").read_text("utf-8").splitlines()
    named = re.findall(r"/\* birthday_gift\.campaign:(\d+) \*/", plan.queries["duckdb"])
    assert [text[int(number) - 1].split()[0] for number in named] == [
        *("where", "on", "gold", "others", "exclude", "message"),
    ]
    assert [text[int(step.where.rpartition(":")[2]) - 1].split()[0] for step in plan.steps] == [
        *("award", "award", "issue", "tag", "send"),
    ]


def test_queries_read_no_clock_and_no_star(root: Path) -> None:
    sql = plan_of(root).queries["duckdb"].upper()
    for word in ("NOW(", "CURRENT_", "TODAY()", "RANDOM", "SELECT *", "NOT ("):
        assert word not in sql
