"""Bad input: one clear finding, the right exit code, no traceback, no partial effect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import Done, call

Campaign = Callable[..., Done]

SOUND = """campaign x {
  kind promotion
  timezone "UTC"
  audience { where age >= 18 }
  behavior { on anniversary of birth_date, at 09:00 }
  outcomes { tag birthday_gift for 3 days }
}
"""

HOSTILE: dict[str, tuple[str, bytes]] = {
    "not utf-8": ("x.campaign", b'campaign x {\n  title "\xff"\n}\n'),
    "a line of 10 MB": ("x.campaign", b"# " + b"x" * 10_000_000 + b"\n"),
    "a deep nest": ("x.campaign", SOUND.replace("age >= 18", "(" * 500 + "age >= 18" + ")" * 500).encode()),
    "deep not": ("x.campaign", SOUND.replace("age >= 18", "not " * 2000 + "age >= 18").encode()),
    "deep yaml": ("x.campaign.yaml", b"[" * 15_000),
    "alias bomb": (
        "x.campaign.yaml",
        b"a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n",
    ),
    "a merge key": ("x.campaign.yaml", b"a: {b: c}\nd:\n  <<: *a\n"),
    "a tag": ("x.campaign.yaml", b"campaign x: !!python/object/apply:os.system ['true']\n"),
    "hidden direction": ("x.campaign", SOUND.replace("promotion", "promotion # \u202e").encode()),
    "a zero byte": ("x.campaign", b"campaign x {\x00}\n"),
    "a line separator": ("x.campaign", SOUND.replace("18", "18 # \u2028").encode()),
    "no braces": ("x.campaign", b"campaign x\n"),
    "only a brace": ("x.campaign", b"}\n"),
    "not a mapping": ("x.campaign.yaml", b"- campaign\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(campaign: Campaign, shop: Path, name: str) -> None:
    file, data = HOSTILE[name]
    (shop / file).write_bytes(data)
    done = campaign("check", file)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert f"{file}:" in done.err
    findings = campaign("check", file, "--format", "json").json["diagnostics"]
    assert findings
    for finding in findings:
        assert finding["path"] == file
        assert finding["line"] >= 1
        assert finding["column"] >= 1
        assert finding["help"]


def test_a_link_out_of_the_workspace(campaign: Campaign, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.campaign").write_text(SOUND, encoding="utf-8")
    (shop / "x.campaign").symlink_to(tmp_path / "outside.campaign")
    assert [each["code"] for each in campaign("check", "--format", "json").json["diagnostics"]] == ["SRC011"]
    assert campaign("plan", "x").code == 2


WRONG = {
    "key": ("kind promotion", "knid promotion", "SYN001", 2),
    "type": ("age >= 18", 'age >= "18"', "TYP001", 4),
    "name": ("birth_date,", "birthdate,", "NAM001", 5),
    "date": ("kind promotion", "kind promotion\n  runs from 2026-02-30", "SYN011", 3),
    "zone": ('"UTC"', '"America/NewYork"', "CMP009", 3),
    "value": ("age >= 18", "tier = golden", "TYP004", 4),
    "unit": ("for 3 days", "for 3 months", "TYP007", 6),
    "time": ("at 09:00", "at 25:00", "SYN011", 5),
    "tag": ("birthday_gift for", "birthday_gfit for", "NAM008", 6),
}


@pytest.mark.parametrize("name", WRONG)
def test_one_mistake_one_finding(campaign: Campaign, shop: Path, name: str) -> None:
    good, bad, code, line = WRONG[name]
    assert good in SOUND
    (shop / "x.campaign").write_text(SOUND, encoding="utf-8")
    assert campaign("check", "x.campaign").code == 0
    (shop / "x.campaign").write_text(SOUND.replace(good, bad), encoding="utf-8")
    done = campaign("check", "x.campaign", "--format", "json")
    assert done.code == 1
    assert [(each["code"], each["line"]) for each in done.json["diagnostics"]] == [(code, line)]
    text = campaign("check", "x.campaign").err
    assert f"x.campaign:{line}:" in text
    assert "^" in text


@pytest.mark.seed("S2-14")
def test_a_campaign_with_errors_does_not_run(campaign: Campaign, shop: Path) -> None:
    (shop / "x.campaign").write_text(SOUND.replace("age", "agee"), encoding="utf-8")
    for command in ("run", "plan", "compile"):
        done = campaign(command, "x")
        assert done.code == 1
        assert "NAM001" in done.err
    assert not (shop / "data/ledger.sqlite").exists()
    assert campaign("plan", "birthday_gift", "--as-of", "2026-06-15").code == 0  # others are not held up


USAGE = [
    ("run", "birthday_gfit"),
    ("run", "birthday_gift", "--target", "prod"),
    ("run", "birthday_gift", "--as-of", "tomorrow"),
    ("run", "birthday_gift", "--as-of", "2026-02-29"),
    ("run", "birthday_gift", "--as-of", "0001-01-01"),
    ("compile",),
    ("run", "birthday_gift", "--workspace", "/nonexistent"),
    ("compile", "birthday_gift", "--dialect", "duckbd"),
    ("frobnicate",),
    ("init", "."),
]


@pytest.mark.parametrize("arguments", USAGE, ids=" ".join)
def test_wrong_use(campaign: Campaign, arguments: tuple[str, ...]) -> None:
    done = campaign(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.err


def test_outside_a_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("check").code == 2
    assert call("plan", "x").code == 2
    (tmp_path / "x.campaign").write_text(SOUND.replace("promotion", "promotion promotion"), encoding="utf-8")
    done = call("check", "x.campaign", "--format", "json")
    assert done.code == 1
    assert "SYN007" in {each["code"] for each in done.json["diagnostics"]}


class TestEnvironment:
    """Databases that are missing, locked or something else."""

    def test_no_database(self, campaign: Campaign, shop: Path) -> None:
        (shop / "data/warehouse.duckdb").unlink()
        for command in ("plan", "run"):
            done = campaign(command, "birthday_gift", "--as-of", "2026-06-15")
            assert done.code == 3
            assert "warehouse.duckdb" in done.err

    def test_not_a_database(self, campaign: Campaign, shop: Path) -> None:
        (shop / "data/warehouse.duckdb").write_text("hello", encoding="utf-8")
        assert campaign("run", "birthday_gift", "--as-of", "2026-06-15").code == 3

    def test_a_missing_table(self, campaign: Campaign, shop: Path) -> None:
        import duckdb

        with duckdb.connect(str(shop / "data/warehouse.duckdb")) as connection:
            connection.execute("DROP TABLE suppressions")
        done = campaign("run", "birthday_gift", "--as-of", "2026-06-15")
        assert done.code == 3
        assert "DAT002" in done.err
        assert "suppressions" in done.err

    def test_a_database_somebody_writes_to(self, campaign: Campaign, shop: Path) -> None:
        import subprocess
        import sys

        script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", script, str(shop / "data/warehouse.duckdb")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            other.stdout.readline()
            done = campaign("run", "birthday_gift", "--as-of", "2026-06-15")
            other.communicate()
        assert done.code == 3
        assert "another process" in done.err
        assert campaign("run", "birthday_gift", "--as-of", "2026-06-15").code == 0

    def test_no_ledger_yet(self, campaign: Campaign) -> None:
        done = campaign("report")
        assert done.code == 3
        assert "run" in done.err


class TestInit:
    """A workspace is made whole or not at all."""

    def test_skeleton(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert call("init", "mine").code == 0
        assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
            "birthday.campaign",
            "catalog.yaml",
            "workspace.yaml",
        ]
        assert call("check", "--workspace", "mine").code == 0

    def test_nothing_is_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / "note.txt").write_text("mine", encoding="utf-8")
        assert call("init", tmp_path).code == 2
        assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]

    def test_an_empty_folder_will_do(self, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        assert call("init", tmp_path / "empty").code == 0
        assert call("check", "--workspace", tmp_path / "empty").code == 0

    def test_a_failure_leaves_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from campaign_dsl.run import sample
        from campaign_dsl.run.problems import EnvironmentProblem

        def full(*_: object, **__: object) -> None:
            raise EnvironmentProblem("no space left on device")

        monkeypatch.setattr(sample, "generate_world", full)
        assert call("init", tmp_path / "shop", "--sample").code == 3
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command", ["init", "check", "compile", "audience", "plan", "run", "dispatch", "report", "sandbox"]
)
def test_help_is_worth_reading(command: str) -> None:
    done = call(command, "--help")
    assert done.code == 0
    assert "Example" in done.out
    assert len(done.out.splitlines()) > 12
