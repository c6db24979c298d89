"""Static lists: what is read from their files, what is refused, and where the finding points."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_dsl.language.catalog.lists import MAX_KEYS, MAX_PROBLEMS, StaticList, read_list, read_lists
from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source.files import SourceFile


def catalog(kind: str = "text", file: str = "lists/vip.csv") -> tuple[Catalog, Positions]:
    text = (
        f"customers: {{table: c, key: id, attributes: {{id: {{type: {kind}, nullable: false, column: customer}}}}}}\n"
        f"lists: {{vip: {{file: {file}}}}}\n"
    )
    loaded, positions, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert loaded is not None, problems
    return loaded, positions


def read(text: str, kind: str = "text") -> tuple[StaticList | None, tuple[Diagnostic, ...]]:
    problems = Problems()
    found = read_list("vip", SourceFile("lists/vip.csv", text), catalog(kind)[0], problems)
    return found, problems.sorted()


@pytest.mark.parametrize(
    ("text", "keys", "repeated"),
    [
        ("M1\nM2\n", ("M1", "M2"), 0),
        ("M1\r\nM2", ("M1", "M2"), 0),
        ("id\nM1\n", ("M1",), 0),
        ("\n  customer \nM1\n", ("M1",), 0),
        ('"id"\n"M1"\n', ("M1",), 0),
        ("M1\nid\n", ("M1", "id"), 0),
        ("\n\n M2 \n\nM1\n\t\n", ("M2", "M1"), 0),
        ("M1\nM2\nM1\n M1\n", ("M1", "M2"), 2),
        ('"M,1"\n"say ""hi"""\n', ("M,1", 'say "hi"'), 0),
        ("Zoë\nm1\nM1\n", ("Zoë", "m1", "M1"), 0),
    ],
)
def test_what_is_read(text: str, keys: tuple[str, ...], repeated: int) -> None:
    found, problems = read(text)
    assert problems == ()
    assert found is not None
    assert (found.name, found.keys, found.repeated) == ("vip", keys, repeated)


@pytest.mark.parametrize(
    ("text", "kind", "place", "words"),
    [
        ("M1\nM2,gold\n", "text", (2, 1), "a comma"),
        ("M1\n  M2;gold\n", "text", (2, 3), "a semicolon"),
        ("M1\tgold\n", "text", (1, 1), "a tab"),
        ('M1\n"M2\n', "text", (2, 1), "the quotes do not match"),
        ('M1\n""\n', "text", (2, 1), "the key is empty"),
        ("x" * 257, "text", (1, 1), "257 characters"),
        ("1\n2.0\n", "integer", (2, 1), "`2.0` is not an integer"),
        ("1\n٢\n", "integer", (2, 1), "is not an integer"),
        ("", "text", (1, 1), "the list is empty"),
        ("id\n\n", "text", (1, 1), "the list is empty"),
        ("".join(f"M{n}\n" for n in range(MAX_KEYS + 1)), "text", (MAX_KEYS + 1, 1), "more than 100,000 keys"),
    ],
)
@pytest.mark.seed("S1-11")
def test_what_is_refused(text: str, kind: str, place: tuple[int, int], words: str) -> None:
    found, (problem,) = read(text, kind)
    assert found is None
    assert problem.code == "CAT042"
    assert problem.where is not None
    assert (problem.where.span.line, problem.where.span.column) == place
    assert words in f"{problem.message} | {problem.help}"


def test_thousands_of_mistakes_are_cut_short() -> None:
    found, problems = read("a,b\n" * 50_000)
    assert found is None
    assert len(problems) == MAX_PROBLEMS


def test_as_many_keys_as_allowed() -> None:
    found, problems = read("".join(f"M{n:040d}\n" for n in range(MAX_KEYS)))
    assert problems == ()
    assert found is not None
    assert len(found.keys) == MAX_KEYS


@given(st.text(alphabet='Mm1,;"\t \r\n\\=', max_size=60))
def test_any_text_ends_in_a_list_or_in_located_findings(text: str) -> None:
    found, problems = read(text)
    assert (found is None) == bool(problems)
    assert all(problem.where is not None for problem in problems)
    if found is not None:
        assert len(set(found.keys)) == len(found.keys) > 0
        assert all(key == key.strip() and "\n" not in key for key in found.keys)


def write(folder: Path, data: bytes) -> Path:
    (folder / "lists").mkdir()
    (folder / "lists" / "vip.csv").write_bytes(data)
    return folder


@pytest.mark.seed("S1-11")
def test_a_file_as_spreadsheets_save_it(tmp_path: Path) -> None:
    lists, problems = read_lists(write(tmp_path, b"\xef\xbb\xbfid\r\nM1\r\n"), *catalog())
    assert problems == ()
    assert lists["vip"].keys == ("M1",)
    assert lists["vip"].source.path == "lists/vip.csv"


@pytest.mark.parametrize("data", [None, b"M1\xff\n", b"M1\0\n"])
def test_files_that_cannot_be_read(tmp_path: Path, data: bytes | None) -> None:
    if data is not None:
        write(tmp_path, data)
    lists, (problem,) = read_lists(tmp_path, *catalog())
    assert lists == {}
    assert problem.where is not None
    if data is None:
        assert problem.code == "CAT041"
        assert problem.where.span.source.path == "catalog.yaml"
    else:
        assert problem.code.startswith("SRC")
        assert problem.where.span.source.path == "lists/vip.csv"


def test_a_link_that_leads_outside(tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("M1\n")
    inside = tmp_path / "inside"
    (inside / "lists").mkdir(parents=True)
    (inside / "lists" / "vip.csv").symlink_to(tmp_path / "outside.csv")
    lists, (problem,) = read_lists(inside, *catalog())
    assert lists == {}
    assert problem.code == "CAT041"
    assert "outside" in problem.message


@pytest.mark.parametrize("path", ["../vip.csv", "/etc/passwd", "lists/../../vip.csv", "lists//vip.csv", "./vip.csv"])
def test_paths_that_are_not_below_the_workspace(path: str) -> None:
    text = f"customers: {{table: c, key: id, attributes: {{id: {{type: text}}}}}}\nlists: {{vip: {{file: {path}}}}}\n"
    loaded, _, (problem,) = load_catalog(SourceFile("catalog.yaml", text))
    assert loaded is None
    assert problem.code == "CAT005"
