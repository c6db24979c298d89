"""What outside checks rely on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import sqlglot
from commandline import Done, call

from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.ir.funnel import FUNNEL
from campaign_dsl.run.sample import DEFAULT_TODAY, SPECIAL

AS_OF = "2026-06-15"
Campaign = Callable[..., Done]


def files_of(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_check_json(campaign: Campaign, shop: Path) -> None:
    (shop / "bad.campaign").write_text("campaign bad {\n  kind promtion\n}\n", encoding="utf-8")
    done = campaign("check", "bad.campaign", "--format", "json")
    assert done.code == 1
    finding = next(item for item in done.json["diagnostics"] if item["code"] == "CMP001")
    assert finding["severity"] == "error"
    assert finding["path"] == "bad.campaign"
    assert (finding["line"], finding["column"], finding["end_line"], finding["end_column"]) == (2, 8, 2, 16)
    assert finding["help"] == "did you mean `promotion`?"
    assert "promtion" in finding["message"]


def test_check_json_of_a_sound_workspace(campaign: Campaign) -> None:
    done = campaign("check", "--format", "json")
    assert (done.code, done.err) == (0, "")
    assert done.json["diagnostics"] == []


def test_compile_prints_sql_only(campaign: Campaign, shop: Path) -> None:
    done = campaign("compile", "birthday_gift", "--dialect", "duckdb", "--as-of", AS_OF)
    assert (done.code, done.err) == (0, "")
    assert len(sqlglot.parse(done.out, dialect="duckdb")) == 1
    with duckdb.connect(str(shop / "data/warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute(done.out).fetchone() is not None
    assert "birthday_gift.campaign:" in done.out


def test_compile_for_an_engine_that_is_not_here_says_so(campaign: Campaign) -> None:
    done = campaign("compile", "birthday_gift", "--dialect", "snowflake", "--as-of", AS_OF)
    assert done.code == 0
    assert done.err.startswith("note: compiled, never run here")
    assert "-- compiled, never run here" in done.out
    assert "-- before it: ALTER SESSION SET TIMEZONE = 'UTC';" in done.out
    assert len(sqlglot.parse(done.out, dialect="snowflake")) == 1


def test_compile_refuses_what_a_dialect_lacks(campaign: Campaign, shop: Path) -> None:
    text = (shop / "birthday_gift.campaign").read_text(encoding="utf-8")
    written = text.replace("campaign birthday_gift", "campaign matching").replace(
        "where status = good", 'where status = good and first_name matches "^A"'
    )
    (shop / "matching.campaign").write_text(written, encoding="utf-8")
    assert campaign("compile", "matching", "--dialect", "mysql").code == 0
    done = campaign("compile", "matching", "--dialect", "tsql")
    assert (done.code, done.out) == (1, "")
    assert "CMP016" in done.err
    assert "regular expressions: `tsql` does not have that" in done.err
    assert "there are none before SQL Server 2025" in done.err
    assert "matching.campaign:" in done.err


def test_compile_names_the_nearest_dialect(campaign: Campaign) -> None:
    done = campaign("compile", "birthday_gift", "--dialect", "snowflak")
    assert (done.code, done.out) == (2, "")
    assert "did you mean `snowflake`?" in done.err


def test_compile_lists_the_dialects(campaign: Campaign) -> None:
    done = campaign("compile", "birthday_gift", "--dialect", "cobol")
    assert (done.code, done.out) == (2, "")
    assert all(name in done.err for name in DIALECTS)
    assert all(name in campaign("compile", "--help").out for name in DIALECTS)


def test_compile_into_a_folder(campaign: Campaign, shop: Path) -> None:
    assert campaign("compile", "birthday_gift", "-o", "build").code == 0
    assert sorted(path.name for path in (shop / "build").iterdir()) == [
        "birthday_gift.duckdb.sql",
        "birthday_gift.plan.json",
    ]


@pytest.mark.parametrize("command", ["plan", "run"])
def test_json_of_plan_and_run(campaign: Campaign, command: str) -> None:
    done = campaign(command, "birthday_gift", "--as-of", AS_OF, "--json")
    assert (done.code, done.err) == (0, "")
    result = done.json
    assert result["campaign"] == "birthday_gift"
    assert result["as_of"] == "2026-06-15T04:00:00+00:00"
    assert result["digest"].startswith("sha256:")
    assert tuple(result["funnel"]) == FUNNEL
    counts = list(result["funnel"].values())
    assert counts == sorted(counts, reverse=True)
    decided = result["funnel"]["decided"]
    assert decided > 10
    assert {kind: given["count"] for kind, given in result["outcomes"].items()} == dict.fromkeys(
        ("points", "offer", "tag", "message"), decided
    )
    assert 500 * decided < result["outcomes"]["points"]["sum"] < 1000 * decided
    assert result["messages"] == {"birthday_note": decided}


def test_plan_and_run_agree_and_plan_leaves_no_trace(campaign: Campaign, shop: Path) -> None:
    before = files_of(shop)
    planned = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json
    assert files_of(shop) == before
    done = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json
    assert planned == done


@pytest.mark.seed("S2-13a")
def test_twice_changes_nothing(campaign: Campaign) -> None:
    first = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json
    report = campaign("report", "--json").json
    again = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json
    assert first["funnel"]["decided"] > 0
    assert again["funnel"]["decided"] == 0
    assert again["already_done"]
    assert campaign("report", "--json").json == report


@pytest.mark.parametrize(
    "second",
    [
        "2026-06-15T13:00:00Z",  # the same instant, written in UTC
        "2026-06-15T22:00:00+09:00",  # the same instant, written in Tokyo
        "2026-06-16T01:00:00+12:00",  # the same instant, where it is tomorrow
        "2026-06-15T09:00:00+09:00",  # nine o'clock in Tokyo
        "2026-06-15T23:30:00-08:00",  # late in the day, far west
        "2026-06-15T00:00:00+14:00",  # as early as that day begins anywhere
        "2026-06-15",
    ],
)
def test_a_run_in_a_second_zone_of_the_same_day(campaign: Campaign, second: str) -> None:
    assert campaign("run", "birthday_gift", "--as-of", "2026-06-15T09:00:00-04:00", "--json").json["funnel"]["decided"]
    assert campaign("run", "birthday_gift", "--as-of", second, "--json").json["funnel"]["decided"] == 0


def test_the_process_zone_does_not_matter(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    digests = set()
    for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        result = campaign("plan", "birthday_gift", "--as-of", "2026-06-15T09:00", "--json").json
        digests.add((result["as_of"], result["digest"], tuple(result["funnel"].values())))
    monkeypatch.delenv("TZ")
    time.tzset()
    assert len(digests) == 1


def test_audience_json(campaign: Campaign) -> None:
    done = campaign("audience", "age = 13 and birth_date is known", "--as-of", f"{DEFAULT_TODAY}T12:00Z", "--json")
    assert (done.code, done.err) == (0, "")
    assert set(SPECIAL.turns_13_today) <= set(done.json["ids"])
    assert done.json["count"] == len(done.json["ids"])
    assert campaign("audience", "active_buyers", "--as-of", AS_OF, "--json").json["count"] > 100
    assert campaign("audience", "not everyone", "--json").json["ids"] == []


def decided_customers(shop: Path) -> set[str]:
    import sqlite3

    connection = sqlite3.connect(shop / "data/ledger.sqlite")
    try:
        return {row[0] for row in connection.execute("SELECT customer_id FROM decision WHERE lost IS NULL")}
    finally:
        connection.close()


@pytest.mark.seed("S0-03")
def test_who_gets_the_birthday_gift(campaign: Campaign, shop: Path) -> None:
    campaign("run", "birthday_gift", "--as-of", "2026-06-15T12:00Z")
    decided = decided_customers(shop)
    held_out = set(SPECIAL.birthday_in_a_week) - decided
    assert len(held_out) <= 3  # the holdout takes five in a hundred
    for who in (
        SPECIAL.birthday_in_a_week_employee,
        SPECIAL.birthday_in_a_week_suspended,
        SPECIAL.birthday_in_a_week_blocked,
        SPECIAL.birthday_in_a_week_suppressed,
        SPECIAL.birthday_in_a_week_refuses_email,
        SPECIAL.birthday_in_a_week_consent_unknown,
        SPECIAL.birthday_in_a_week_turns_13,
        SPECIAL.birthday_in_a_week_invalid_zone,
    ):
        assert not {who} & decided if isinstance(who, str) else not set(who) & decided


@pytest.mark.parametrize(("policy", "day"), [("feb_28", date(2026, 2, 21)), ("mar_1", date(2026, 2, 22))])
def test_leap_day_members_are_greeted_in_common_years(campaign: Campaign, shop: Path, policy: str, day: date) -> None:
    settings = shop / "workspace.yaml"
    settings.write_text(settings.read_text("utf-8").replace("leap_day: feb_28", f"leap_day: {policy}"), "utf-8")
    for other in (date(2026, 2, 21), date(2026, 2, 22)):
        campaign("run", "birthday_gift", "--as-of", other.isoformat())
        found = decided_customers(shop) & set(SPECIAL.leap_day)
        assert bool(found) == (day <= other)


def test_a_campaign_that_is_not_running_decides_nothing(campaign: Campaign) -> None:
    result = campaign("plan", "birthday_gift", "--as-of", "2025-06-15", "--json").json
    assert result["funnel"]["behavior"] == 0
    assert result["funnel"]["audience"] > 0


def test_missed_days_are_made_up_for_when_the_policy_says_so(campaign: Campaign, shop: Path) -> None:
    settings = shop / "workspace.yaml"
    text = settings.read_text("utf-8")
    daily = {}
    for day in (16, 17, 18):
        daily[day] = campaign("plan", "birthday_gift", "--as-of", f"2026-06-{day}", "--json").json["funnel"]["behavior"]
    settings.write_text(text.replace("misfire: skip", "misfire: catch up at most 2 days"), "utf-8")
    campaign("run", "birthday_gift", "--as-of", "2026-06-13")
    late = campaign("plan", "birthday_gift", "--as-of", "2026-06-18", "--json").json["funnel"]["behavior"]
    assert late == sum(daily.values())
    campaign("run", "birthday_gift", "--as-of", "2026-06-17")
    next_day = campaign("plan", "birthday_gift", "--as-of", "2026-06-18", "--json").json["funnel"]["behavior"]
    assert next_day == daily[18]


class TestRename:
    """A new name for an old campaign must not give everything again."""

    @staticmethod
    def rename(shop: Path, extra: str = "") -> None:
        (shop / "birthday_gift.campaign.yaml").unlink()
        file = shop / "birthday_gift.campaign"
        text = file.read_text("utf-8").replace("campaign birthday_gift {", "campaign birthday_treat {" + extra)
        file.write_text(text, "utf-8")

    def test_unsaid(self, campaign: Campaign, shop: Path) -> None:
        campaign("run", "birthday_gift", "--as-of", AS_OF)
        self.rename(shop)
        for command in ("plan", "run"):
            done = campaign(command, "birthday_treat", "--as-of", "2026-06-16")
            assert done.code == 1
            assert "GATE002" in done.err
            assert "formerly birthday_gift" in done.err

    def test_said(self, campaign: Campaign, shop: Path) -> None:
        assert campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"] > 0
        self.rename(shop, "\n  formerly birthday_gift")
        assert campaign("run", "birthday_treat", "--as-of", AS_OF, "--json").json["funnel"]["decided"] == 0
        assert campaign("run", "birthday_treat", "--as-of", "2026-06-16", "--json").json["funnel"]["decided"] > 0

    def test_another_campaign_after_one_that_ended(self, campaign: Campaign, shop: Path) -> None:
        campaign("run", "birthday_gift", "--as-of", AS_OF)
        self.rename(shop)
        settings = shop / "workspace.yaml"
        settings.write_text(settings.read_text("utf-8") + "\nretired: [birthday_gift]\n", "utf-8")
        assert campaign("run", "birthday_treat", "--as-of", AS_OF, "--json").json["funnel"]["decided"] > 0


class TestGate:
    """More offers than anyone approved."""

    @staticmethod
    def lower(shop: Path, gate: int, budget: str = "1_000_000 offers") -> None:
        settings = shop / "workspace.yaml"
        settings.write_text(settings.read_text("utf-8").replace("offers: 1_000_000 ", f"offers: {gate} "), "utf-8")
        for name in ("birthday_gift.campaign", "birthday_gift.campaign.yaml"):
            file = shop / name
            file.write_text(file.read_text("utf-8").replace("1_000_000 offers", budget), "utf-8")

    @pytest.mark.seed("S0-21")
    def test_one_more_stops_and_exactly_as_many_pass(self, campaign: Campaign, shop: Path) -> None:
        number = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
        self.lower(shop, number - 1, f"{number - 1} offers")
        before = files_of(shop)
        for command in ("plan", "run"):
            done = campaign(command, "birthday_gift", "--as-of", AS_OF)
            assert done.code == 1
            assert "GATE001" in done.err
        assert campaign("report").code == 3 or campaign("report", "--json").json
        assert {k: v for k, v in files_of(shop).items() if "ledger" not in k} == {
            k: v for k, v in before.items() if "ledger" not in k
        }

    def test_as_many_as_the_gate_pass(self, campaign: Campaign, shop: Path) -> None:
        number = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
        self.lower(shop, number, f"{number} offers")
        assert campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"] == number

    def test_an_approver_opens_it(self, campaign: Campaign, shop: Path) -> None:
        number = campaign("plan", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
        self.lower(shop, 5, '1_000_000 offers approved by "cfo@footwear.example"')
        assert campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"] == number

    def test_a_budget_above_the_gate_needs_an_approver_to_compile(self, campaign: Campaign, shop: Path) -> None:
        self.lower(shop, 999_999)
        done = campaign("check")
        assert done.code == 1
        assert "BEH006" in done.err


def test_yaml_may_name_a_zone_alone(campaign: Campaign, shop: Path) -> None:
    text = (
        "campaign z:\n  kind: promotion\n  timezone: Asia/Tokyo\n  audience: {where: age >= 18}\n"
        "  behavior: {on: 'anniversary of birth_date, at 09:00'}\n  outcomes: {tag: birthday_gift for 3 days}\n"
    )
    (shop / "z.campaign.yaml").write_text(text, "utf-8")
    assert campaign("check", "z.campaign.yaml").code == 0
    (shop / "z.campaign.yaml").write_text(text.replace("Tokyo", "Tokio"), "utf-8")
    assert "did you mean `Asia/Tokyo`" in campaign("check", "z.campaign.yaml").err


def test_init_takes_the_options_of_all_commands(tmp_path: Path) -> None:
    assert call("init", "--workspace", tmp_path / "a", "--target", "local").code == 0
    assert call("check", "--workspace", tmp_path / "a").code == 0
    compared = call("check", "--workspace", tmp_path / "a", "--target", "local")
    assert (compared.code, "error[ENV002]" in compared.err) == (3, True)  # there is no warehouse yet
    assert call("init", tmp_path / "b", "--target", "prod").code == 2
    assert not (tmp_path / "b").exists()
