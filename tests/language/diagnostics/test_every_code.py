"""The catalogue of codes is true and complete, and messages keep to one style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from styles import well_styled
from workspaces import BASE, CAMPAIGNS, YAML_BASE, changed, check, completed, lay_out

import campaign_dsl
from campaign_dsl.language.diagnostics.catalogue import CODES, FAMILIES, Code
from campaign_dsl.language.diagnostics.model import Diagnostic, Label
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.source.yaml import read_yaml
from campaign_dsl.workspace import Workspace

CAMPAIGN = (CAMPAIGNS / "birthday_gift.campaign").read_text("utf-8")
CATALOG = (CAMPAIGNS / "catalog.yaml").read_text("utf-8")
SETTINGS = (CAMPAIGNS / "workspace.yaml").read_text("utf-8")

WITH_EXAMPLE = [code for code in CODES.values() if code.bad is not None]


def found(code: Code, example: str, folder: Path) -> tuple[tuple[Diagnostic, ...], list[tuple[int, int]]]:
    """What is wrong with an example, and the ranges of its file that come from it."""
    if code.kind == "yaml":
        return read_yaml(SourceFile("example", example))[1], [(0, len(example))]
    if code.kind in ("campaign", "campaign.yaml"):
        text, ranges = completed(example, BASE if code.kind == "campaign" else YAML_BASE)
        return check(folder, {f"x.{code.kind}": text}), ranges
    name = f"{code.kind}.yaml"
    text, ranges = with_keys(example, (CAMPAIGNS / name).read_text("utf-8"))
    problems = check(folder, {name: text, "birthday_gift.campaign": CAMPAIGN})
    # What campaigns and other entries then lack is not of interest.
    if code.family in ("CAT", "WSP"):
        problems = tuple(item for item in problems if item.path == name or _inside(item, name, ranges))
    else:
        problems = tuple(item for item in problems if item.code == code.code)[:1]
    return problems, ranges


def _inside(item: Diagnostic, name: str, ranges: list[tuple[int, int]]) -> bool:
    if item.where is None or item.where.span.source.path != name:
        return False
    return any(start <= item.where.span.start < end for start, end in ranges)


def with_keys(example: str, whole: str) -> tuple[str, list[tuple[int, int]]]:
    """A catalog or workspace file in which the keys of ``example`` stand for those of ``whole``."""
    keys = {line.split(":")[0] for line in example.splitlines() if line[0] not in " -"}
    kept, keep = "", True
    for line in whole.splitlines(keepends=True):
        if line[0] not in " #\n":
            keep = line.split(":")[0] not in keys
        kept += line if keep else ""
    return example + kept, [(0, len(example))]


@pytest.mark.parametrize("code", WITH_EXAMPLE, ids=lambda code: code.code)
def test_the_examples_are_true(code: Code, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "good").mkdir()
    assert code.bad is not None
    assert code.good is not None
    problems, ranges = found(code, code.bad, tmp_path / "bad")
    assert [problem.code for problem in problems] == [code.code], problems
    (problem,) = problems
    assert problem.where is not None
    if problem.where.span.source.path in (f"x.{code.kind}", f"{code.kind}.yaml", "example"):
        place = problem.where.span.start
        assert any(start <= place <= end for start, end in ranges), (problem, ranges)
    assert found(code, code.good, tmp_path / "good")[0] == ()


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_entries_read_alike(code: Code) -> None:
    assert CODES[code.code] is code
    assert re.fullmatch(r"[A-Z]{3,4}[0-9]{3}", code.code)
    assert code.family in FAMILIES
    assert code.title[0].islower() or code.title[0] == "`" or code.title.startswith(("YAML", "SQLite"))
    assert not code.title.endswith(".")
    for prose in (code.why, code.fix):
        assert prose[0].isupper() or prose[0] in "`0"
        assert prose.endswith(".")
    assert (code.bad is None) == (code.good is None)
    assert code.bad != code.good or code.bad is None
    for example in (code.bad, code.good):
        assert example is None or example.endswith("\n")


def in_source() -> set[str]:
    """Every code that the source can give a message."""
    root = Path(campaign_dsl.__file__).parent
    texts = {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in root.rglob("*.py")
        if "catalogue" not in path.parts
    }
    codes = {code for text in texts.values() for code in re.findall(r"\b([A-Z]{3,4}[0-9]{3})\b[\"\]]", text)}
    # Findings in catalog.yaml and workspace.yaml share their numbers.
    shapes = "".join(text for name, text in texts.items() if name.startswith("language/catalog/"))
    numbers = set(re.findall(r'"(00[1-9])"', shapes)) | set(re.findall(r'prefix\}?(?: \+ )?([0-9]{3})"', shapes))
    return codes | {prefix + number for prefix in ("CAT", "WSP") for number in numbers}


def test_every_code_of_the_source_has_an_entry_and_every_entry_a_use() -> None:
    assert in_source() == set(CODES)


# ----------------------------------------------------------------- codes that no part of a single file can be shown for


GROWING = "audience a0 {\n  where age >= 18\n}\n" + "".join(
    f"audience a{n} {{\n  where in audience a{n - 1} or in audience a{n - 1}\n}}\n" for n in range(1, 20)
)
MANY = "".join(f"tag birthday_gift for 30 days as t{n}\n    " for n in range(63))
MUCH = "".join(f'    k{n}  "x"\n' for n in range(101))
OTHERWISE: dict[str, dict[str, str]] = {
    "SYN005": {"x.campaign": changed(BASE, ("age >= 18", "(" * 120 + "age >= 18" + ")" * 120))},
    "SYN014": {"x.campaign": changed(BASE, ("age >= 18", " or ".join(["age = 18"] * 1_100)))},
    "NAM002": {
        "catalog.yaml": changed(CATALOG, ("  birth_date: birth_date\n", "")),
        "birthday_gift.campaign": CAMPAIGN,
    },
    "NAM017": {
        "catalog.yaml": CATALOG.replace("  tags:                 {table: customer_tags}\n", ""),
        "x.campaign": changed(BASE, ("age >= 18", "has tag birthday_gift")),
    },
    "NAM014": {
        "x.campaign": BASE,
        "x.campaign.yaml": changed(YAML_BASE, ("500 points", "600 points")),
    },
    "NAM015": {
        "more.campaign": "audience odd {\n  where agee >= 18\n}\n",
        "x.campaign": changed(BASE, ("age >= 18", "in audience odd")),
    },
    "CMP010": {
        "catalog.yaml": changed(CATALOG, ("  time_zone: time_zone\n", "")),
        "birthday_gift.campaign": CAMPAIGN,
    },
    "CMP012": {
        "catalog.yaml": CATALOG.replace("  language: language\n", ""),
        "x.campaign": changed(BASE, ("  audience {", "  languages en, de\n  audience {")),
    },
    "CMP014": {
        "x.campaign": changed(BASE, ("  audience {", "  data {\n" + MUCH + "  }\n  audience {")),
    },
    "MSG027": {
        "catalog.yaml": changed(
            CATALOG, ("  birthday_triggered:\n", "  birthday_triggered:\n    contract: none.json\n")
        ),
        "birthday_gift.campaign": CAMPAIGN,
    },
    "AUD008": {"more.campaign": GROWING, "x.campaign": BASE},
    "OUT005": {"x.campaign": changed(BASE, ("send birth", MANY + "send birth"))},
    "NAM010": {
        "workspace.yaml": changed(SETTINGS, ("  braze:\n    kind", "  other:\n    kind")),
        "birthday_gift.campaign": CAMPAIGN,
    },
    "NAM011": {
        "catalog.yaml": changed(CATALOG, ("channels:\n  email:", "channels:\n  mail:")),
        "birthday_gift.campaign": CAMPAIGN,
    },
    "SRC002": {"x.campaign": "# comment\n" * 100_001},
    "SRC003": {"x.campaign": ""},
    "SRC004": {"x.campaign": changed(BASE, ("Birthday gift", "Birthday\u200b gift"))},
    "SRC005": {"x.campaign": changed(BASE, ("Birthday gift", "x" * 20_001))},
}
ALONE = {"NAM015", "NAM010", "NAM011", "AUD008"}
"""These come with others, as the cause or in several places."""


@pytest.mark.parametrize("code", OTHERWISE)
def test_codes_that_need_more_than_a_part_of_a_file(code: str, tmp_path: Path) -> None:
    assert CODES[code].bad is None
    lay_out(tmp_path, OTHERWISE[code])
    if code == "SRC003":
        (tmp_path / "x.campaign").write_bytes(b'campaign x { title "\xff" }\n')
    codes = [problem.code for problem in Workspace.load(tmp_path).check()]
    assert code in codes
    assert set(codes) == {code} or code in ALONE


def test_a_link_to_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.campaign").write_text(BASE, "utf-8")
    (tmp_path / "workspace").mkdir()
    lay_out(tmp_path / "workspace", {})
    (tmp_path / "workspace" / "x.campaign").symlink_to(tmp_path / "elsewhere.campaign")
    (problem,) = Workspace.load(tmp_path / "workspace").check()
    assert problem.code == "SRC011"
    well_styled(problem)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    lay_out(tmp_path, {"x.txt": "campaign"})
    workspace = Workspace.load(tmp_path)
    workspace.check_stray(tmp_path / "x.txt")
    workspace.check_stray(tmp_path / "y.campaign")
    assert [problem.code for problem in workspace.problems.sorted()] == ["SRC010", "SRC001"]


# ------------------------------------------------------------------------------------------------------------ style


def produced(tmp: Path) -> Iterator[Diagnostic]:
    """The findings of all examples."""
    for code in WITH_EXAMPLE:
        folder = tmp / code.code
        folder.mkdir()
        yield from found(code, code.bad or "", folder)[0]
    for name, files in OTHERWISE.items():
        folder = tmp / name
        folder.mkdir()
        yield from check(folder, files)


def test_messages_keep_to_one_style(tmp_path: Path) -> None:
    items = list(produced(tmp_path))
    assert len(items) >= len(WITH_EXAMPLE)
    for item in items:
        well_styled(item)


def test_the_check_of_style_would_find_something() -> None:
    span = SourceFile("x", "gold").span(0, 4)
    good = {"code": "SYN001", "message": "unknown word `gold`", "help": "delete it", "where": Label(span)}
    well_styled(Diagnostic(**good))
    for change in (
        {"message": "Unknown word `gold`"},
        {"message": "unknown word `gold`."},
        {"message": "unknown word gold"},
        {"help": None},
        {"help": "unknown word `gold`"},
        {"message": "unknown `word"},
    ):
        with pytest.raises(AssertionError):
            well_styled(Diagnostic(**(good | change)))


def test_the_sample_of_this_test_is_sound(tmp_path: Path) -> None:
    assert check(tmp_path, {"x.campaign": BASE, "x.campaign.yaml": YAML_BASE}) == ()
    assert yaml.safe_load(YAML_BASE)
