"""Disks, locks, files and users as they should not be: a plain problem, nothing lost, and the next run completes."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from children import Children
from worlds import crowd, dump, execute, open_ledger, run

from campaign_dsl.run.ledger import Ledger, preview_run
from campaign_dsl.run.ledger.store import SCHEMA_VERSION
from campaign_dsl.run.problems import EnvironmentProblem

pytestmark = pytest.mark.store("sqlite")


def problem(path: Path, **options: Any) -> EnvironmentProblem:
    with pytest.raises(EnvironmentProblem) as caught:
        open_ledger(path, **options)
    assert str(path) in caught.value.message
    return caught.value


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The ledger of an undisturbed run."""
    path = tmp_path_factory.mktemp("undisturbed") / "ledger.sqlite"
    with open_ledger(path) as ledger:
        run(ledger, crowd(400))
    return dump(path)


def pages(ledger: Ledger) -> int:
    (count,) = execute(ledger, "PRAGMA page_count").fetchone()
    return int(count)


def completes(path: Path, expected: dict[str, Any]) -> None:
    with open_ledger(path) as ledger:
        run(ledger, crowd(400))
    assert dump(path) == expected
    assert not [file.name for file in path.parent.iterdir() if file.name.startswith((".", path.name + "-"))]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_full_disk_loses_nothing(tmp_path: Path, expected: dict[str, Any], share: float) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        empty = pages(ledger)
        with open_ledger(tmp_path / "sample.sqlite") as sample:
            run(sample, crowd(400))
            limit = empty + int((pages(sample) - empty) * share)
        execute(ledger, f"PRAGMA max_page_count = {limit}")
        with pytest.raises(EnvironmentProblem) as caught:
            run(ledger, crowd(400))
    assert caught.value.code == "LED006"
    assert caught.value.help is not None
    completes(path, expected)


@pytest.mark.parametrize("kilobytes", [8, 40, 150, 300, 500, 700])
def test_a_file_that_cannot_grow_loses_nothing(
    tmp_path: Path, children: Children, expected: dict[str, Any], kilobytes: int
) -> None:
    """The limit hits whichever file grows: the ledger, its write-ahead log, or the staging file."""
    path = tmp_path / "ledger.sqlite"
    open_ledger(path).close()
    code, answer = children.run(path=str(path), rows=400, biggest_file=kilobytes * 1024)
    assert (code, answer["error"]) == (1, "EnvironmentProblem"), answer
    assert answer["code"] in ("LED006", "LED009"), answer
    completes(path, expected)


def test_a_locked_ledger_is_a_problem_after_the_timeout(tmp_path: Path, expected: dict[str, Any]) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as other, open_ledger(path, busy_timeout=0.05) as ledger:
        with other.writing(), pytest.raises(EnvironmentProblem) as caught:
            run(ledger, crowd(400))
        assert caught.value.code == "LED007"
        run(ledger, crowd(400))
    assert dump(path) == expected


def test_a_reader_does_not_stop_a_run(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as other, open_ledger(path, busy_timeout=0.05) as ledger, other.reading():
        assert other.value("last_effect") == 0
        run(ledger, crowd(5))
        assert other.value("last_effect") == 0


@pytest.mark.parametrize("content", [b"not a database at all, and long enough to be read as one" * 20, b"SQLite"])
def test_something_else_is_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    assert problem(path).code == "LED008"
    assert path.read_bytes() == content


def test_another_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE meta (key, value)")
    connection.close()
    content = path.read_bytes()
    assert problem(path).code == "LED002"
    assert path.read_bytes() == content


def test_a_damaged_ledger_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        run(ledger, crowd(400))
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(content)
    with pytest.raises(EnvironmentProblem) as caught, open_ledger(path) as ledger:
        run(ledger, crowd(401))
    assert caught.value.code == "LED008"


def test_a_newer_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        execute(ledger, "UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(SCHEMA_VERSION + 1),))
    found = problem(path)
    assert (found.code, found.help) == ("LED003", "upgrade campaign-dsl")


def test_an_older_ledger_is_refused(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "l.sqlite") as ledger:
        execute(ledger, "UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(SCHEMA_VERSION - 1),))
    found = problem(tmp_path / "l.sqlite")
    assert found.code == "LED013"
    assert "a new ledger would not know what was given" in (found.help or "")


def test_a_missing_ledger_is_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "ledger.sqlite"
    assert problem(path, create=False).code == "LED001"
    assert not path.parent.exists()
    open_ledger(path).close()
    open_ledger(path, create=False).close()


def test_an_empty_file_is_no_ledger_yet(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    assert problem(path, create=False).code == "LED001"
    open_ledger(path).close()
    open_ledger(path, create=False).close()


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    assert problem(tmp_path).code == "LED005"


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    assert problem(tmp_path / "data" / "ledger.sqlite").code == "LED005"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user who may not write here")
@pytest.mark.parametrize("present", [True, False])
def test_a_read_only_folder(tmp_path: Path, children: Children, present: bool) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "ledger.sqlite"
    if present:
        open_ledger(path).close()
    for above in (folder, *folder.parents):
        if above.stat().st_uid == 0 and str(above).startswith("/tmp/"):
            above.chmod(0o755)
    code, answer = children.run(path=str(path), rows=3, user=65534)
    assert (code, answer["error"]) == (1, "EnvironmentProblem"), answer
    assert answer["code"] in ("LED005", "LED010")


@pytest.mark.parametrize("content", [b"", b"x" * 5000])
def test_a_preview_of_no_ledger(tmp_path: Path, content: bytes) -> None:
    from worlds import AS_OF, RUN_DAY, plan, reader, totals

    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)

    def see() -> Any:
        rows = crowd(3)
        return preview_run(path, plan(), as_of=AS_OF, run_day=RUN_DAY, totals=totals(rows), candidates=reader(rows))

    if content:
        with pytest.raises(EnvironmentProblem):
            see()
    else:
        assert see().funnel["decided"] == 3
    assert path.read_bytes() == content


def test_the_same_ledger_through_a_path_with_odd_characters(tmp_path: Path) -> None:
    from worlds import AS_OF, RUN_DAY, plan, reader, totals

    path = tmp_path / "a b?c#d%41 'ü" / "le dger?mode=memory.sqlite"
    with open_ledger(path) as ledger:
        run(ledger, crowd(3))
    shown = preview_run(
        path, plan(title="x"), as_of=AS_OF, run_day=RUN_DAY, totals=totals([]), candidates=reader(crowd(4))
    )
    assert shown.funnel["decided"] == 1
    assert [file.name for file in path.parent.iterdir()] == [path.name]
