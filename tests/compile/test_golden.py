"""What the compiler makes of the cases in tests/cases, word for word. `--update-golden` writes what it makes now."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from shop import SAMPLE

from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if (path / f"{path.name}.campaign").is_file())
SHARED = ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv")
VERSIONS = ("tz_version", "compiler_version")
SPELLINGS = ("campaign", "campaign.yaml")


def compiled(name: str, spelling: str, folder: Path) -> Plan:
    """The plan of a case in one spelling, among the catalog and the settings of the sample."""
    for shared in SHARED:
        shutil.copy(SAMPLE / shared, folder / shared)
    shutil.copy(CASES / name / f"{name}.{spelling}", folder / f"{name}.{spelling}")
    workspace = Workspace.load(folder)
    assert workspace.check() == ()
    plan = workspace.plan(name)
    assert plan is not None
    return plan


def shown(plan: Plan) -> str:
    """A plan without what changes with every release, and with every edit of the sample."""
    document = json.loads(plan.canonical())
    for source in document["sources"]:
        if source["path"] in SHARED:
            source["sha256"] = "that of the sample"
    for version in VERSIONS:
        del document[version]
    document["queries"] = {dialect: f"see {dialect}.sql" for dialect in document["queries"]}
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, tmp_path: Path, update_golden: bool) -> None:
    plan = compiled(name, "campaign", tmp_path)
    made = {f"{dialect}.sql": f"{sql}\n" for dialect, sql in plan.queries.items()} | {"plan.json": shown(plan)}
    expect = CASES / name / "expect"
    if update_golden:
        expect.mkdir(exist_ok=True)
        for file, text in made.items():
            (expect / file).write_text(text, "utf-8")
    assert sorted(made) == sorted(path.name for path in expect.iterdir())
    for file, text in made.items():
        assert text == (expect / file).read_text("utf-8"), f"{file}: look at it, then run pytest --update-golden"


@pytest.mark.parametrize("name", NAMES)
def test_the_spellings_give_one_plan(name: str, tmp_path: Path) -> None:
    plans = []
    for spelling in SPELLINGS:
        folder = tmp_path / spelling
        folder.mkdir()
        text = compiled(name, spelling, folder).canonical()
        text = re.sub(rf"{name}\.campaign(\.yaml)?:\d+", "here", text)
        plans.append(re.sub(rf'"{name}\.campaign(\.yaml)?","sha256":"[0-9a-f]+"', '"here"', text))
    assert plans[0] == plans[1]
