"""What the compiler makes of the cases in tests/cases, word for word. `--update-golden` writes what it makes now.

Of DuckDB there is the whole text; of every other dialect how it differs from that, or why it refuses the campaign.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
from pathlib import Path

import pytest
from shop import SAMPLE

from campaign_dsl.compile.plan.build import render
from campaign_dsl.compile.plan.model import Plan
from campaign_dsl.compile.sql.campaign import campaign_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.compile.sql.features import asked
from campaign_dsl.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if (path / f"{path.name}.campaign").is_file())
SHARED = ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv")
VERSIONS = ("tz_version", "compiler_version")
SPELLINGS = ("campaign", "campaign.yaml")


def compiled(name: str, spelling: str, folder: Path) -> Plan:
    """The plan of a case in one spelling, among the catalog and the settings of the sample."""
    plan = loaded(name, spelling, folder).plan(name)
    assert plan is not None
    return plan


def loaded(name: str, spelling: str, folder: Path) -> Workspace:
    for shared in SHARED:
        shutil.copy(SAMPLE / shared, folder / shared)
    shutil.copy(CASES / name / f"{name}.{spelling}", folder / f"{name}.{spelling}")
    workspace = Workspace.load(folder)
    assert workspace.check() == ()
    return workspace


def differences(workspace: Workspace, name: str, dialect: str, base: str) -> str:
    """How the SQL of a dialect differs from ``base``, that of DuckDB; or what it lacks."""
    typed, catalog, lacks = workspace.typed(name), workspace.catalog, DIALECTS[dialect].lacks
    assert typed is not None
    assert catalog is not None
    missing = sorted(feature.value for feature in asked(typed).keys() & lacks.keys())
    if missing:
        return f"refused: {', '.join(missing)}\n"
    sql = render(campaign_query(typed, catalog, DIALECTS[dialect]), dialect)
    sides = [text.splitlines() for text in (base, quoted_alike(sql, dialect))]
    lines = difflib.unified_diff(*sides, "duckdb.sql", f"{dialect}.sql", n=1, lineterm="")
    return "".join(f"{line}\n" for line in lines)


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


def quoted_alike(sql: str, dialect: str) -> str:
    """With names and texts in DuckDB's quotes, so that a difference is one of words; and without every zone's name."""
    match dialect:
        case "bigquery" | "mysql" | "databricks" | "spark" | "clickhouse":
            sql = sql.replace("`", '"')
        case "tsql":
            sql = re.sub(r"\bN'", "'", re.sub(r"\[([^\[\]]+)\]", r'"\1"', sql))
    return re.sub(r"(Africa/Abidjan)[^']+", r"\1 and all others", sql)


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, tmp_path: Path, update_golden: bool) -> None:
    workspace = loaded(name, "campaign", tmp_path)
    plan = workspace.plan(name)
    assert plan is not None
    (base,) = plan.queries.values()
    made = {"duckdb.sql": f"{base}\n", "plan.json": shown(plan)}
    made |= {f"{other}.diff": differences(workspace, name, other, base) for other in DIALECTS if other != "duckdb"}
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
