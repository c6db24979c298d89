"""From the outbox to the provider, through the commands."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from commandline import Done, call

from campaign_dsl.run.sandbox import counts

Campaign = Callable[..., Done]
AS_OF = "2026-06-15"
CLOCK = ("2026-06-15T06:00Z", "2026-06-15T12:00Z", "2026-06-15T20:30Z")


def edit(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def edit_both(shop: Path, dsl: tuple[str, str], yaml: tuple[str, str]) -> None:
    edit(shop / "birthday_gift.campaign", dsl)
    edit(shop / "birthday_gift.campaign.yaml", yaml)


def states(campaign: Campaign, *arguments: str) -> dict[str, int]:
    found: dict[str, int] = campaign("report", "--json", *arguments).json["campaigns"][0]["messages"]["birthday_note"]
    return found


def test_everything_reaches_the_sandbox_once(campaign: Campaign, shop: Path) -> None:
    decided = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
    accepted = [campaign("dispatch", "--as-of", moment, "--json").json["accepted"] for moment in CLOCK]
    assert all(accepted)  # some in the morning of Asia, of Europe, of America
    assert sum(accepted) == decided
    assert states(campaign) == {"accepted": decided}
    caught = counts(shop / "data/sandbox.sqlite")
    assert (caught.accepted, caught.refused, caught.repeated) == (decided, 0, 0)
    assert campaign("dispatch", "--as-of", CLOCK[-1], "--json").json["requests"] == 0
    assert counts(shop / "data/sandbox.sqlite") == caught


@pytest.mark.seed("S1-26")
def test_a_canvas_and_a_signed_webhook(campaign: Campaign, shop: Path) -> None:
    edit_both(
        shop,
        ('braze_campaign_id "a3f9c2d1-birthday"', 'braze_canvas_id "c0ffee00-birthday"'),
        ("braze_campaign_id: a3f9c2d1-birthday", "braze_canvas_id: c0ffee00-birthday"),
    )
    first = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
    edit_both(
        shop,
        (
            'via braze variant birthday_triggered\n    settings { braze_canvas_id "c0ffee00-birthday" }',
            "via middleware variant middleware_notice",
        ),
        (
            "via: braze variant birthday_triggered\n    settings:\n      braze_canvas_id: c0ffee00-birthday",
            "via: middleware variant middleware_notice",
        ),
    )
    second = campaign("run", "birthday_gift", "--as-of", "2026-06-16", "--json").json["funnel"]["decided"]
    assert second > 0
    for moment in (*CLOCK, *(moment.replace("-15T", "-16T") for moment in CLOCK)):
        assert campaign("dispatch", "--as-of", moment).code == 0
    caught = counts(shop / "data/sandbox.sqlite")
    assert (caught.accepted, caught.refused, caught.repeated) == (first + second, 0, 0)


def test_suppressed_since_it_was_queued(campaign: Campaign, shop: Path) -> None:
    decided = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
    ledger = sqlite3.connect(shop / "data/ledger.sqlite")
    (address,) = ledger.execute("SELECT address FROM decision WHERE lost IS NULL AND address IS NOT NULL").fetchone()
    ledger.close()
    with duckdb.connect(str(shop / "data/warehouse.duckdb")) as connection:
        connection.execute("INSERT INTO suppressions VALUES (?, 'complaint', now())", [f" {address.upper()} "])
    for moment in CLOCK:
        campaign("dispatch", "--as-of", moment)
    found = states(campaign)
    assert found["cancelled"] >= 1
    assert found["accepted"] + found["cancelled"] == decided


def test_too_late(campaign: Campaign) -> None:
    decided = campaign("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"]
    done = campaign("dispatch", "--as-of", "2026-06-30T12:00Z", "--json").json
    assert (done["accepted"], done["expired"]) == (0, decided)


class TestRealProviders:
    """A target that delivers for real, with nobody at the other end."""

    @pytest.fixture
    def real(self, shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        edit(
            shop / "workspace.yaml",
            ("https://rest.iad-01.braze.com", "http://127.0.0.1:9\n    allow_private_addresses: true"),
            ("data/production-ledger.sqlite", "data/ledger.sqlite"),
        )
        monkeypatch.setenv("BRAZE_API_KEY", "canary-5f1e")
        # Due and awake: the run's day is today, the quiet hours are none.
        edit_both(shop, ("quiet from 21:00 to 08:00", "quiet none"), ("quiet: from 21:00 to 08:00", "quiet: none"))
        edit_both(shop, ("at 09:00", "at 00:00"), ("at 09:00", "at 00:00"))
        return shop

    def test_a_provider_that_is_down(self, campaign: Campaign, real: Path) -> None:
        decided = campaign("run", "birthday_gift", "--target", "production", "--json").json["funnel"]["decided"]
        done = campaign("dispatch", "--target", "production")
        assert done.code == 3
        assert "could not be reached" in done.out
        assert states(campaign, "--target", "production") == {"queued": decided}
        assert "canary-5f1e" not in done.out + done.err
        # Its target changed to the sandbox, everything arrives.
        edit(real / "workspace.yaml", ("delivery: providers", "delivery: sandbox"))
        later = campaign("dispatch", "--target", "production", "--json").json
        assert later["accepted"] + later["queued"] == decided

    def test_a_missing_secret(self, campaign: Campaign, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("BRAZE_API_KEY")
        decided = campaign("run", "birthday_gift", "--target", "production", "--json").json["funnel"]["decided"]
        done = campaign("dispatch", "--target", "production")
        assert done.code == 3
        assert "BRAZE_API_KEY" in done.out + done.err
        assert states(campaign, "--target", "production") == {"queued": decided}

    def test_a_false_clock_is_refused(self, campaign: Campaign, real: Path) -> None:
        done = campaign("dispatch", "--target", "production", "--as-of", "2030-01-01")
        assert done.code == 2
        assert "quiet hours" in done.err


def dump(shop: Path) -> list[tuple[object, ...]]:
    """What the ledger says, but for who did it and when by the wall clock."""
    connection = sqlite3.connect(shop / "data/ledger.sqlite")
    try:
        rows: list[tuple[object, ...]] = []
        for table, columns in (
            ("decision", "customer_id, occurrence, segment, lost, steps"),
            ("point_transfer", "customer_id, amount, expires_at"),
            ("wallet_offer", "customer_id, user_offer_id, expires_at"),
            ("profile_tag", "customer_id, tag, from_at, until_at"),
        ):
            rows += [(table, *row) for row in connection.execute(f"SELECT {columns} FROM {table}")]
        return sorted(rows, key=repr)
    finally:
        connection.close()


def test_killed_and_run_again(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SIGKILL somewhere in a run, again and again; then once to the end: as if nothing had happened."""
    monkeypatch.chdir(shop)
    command = [sys.executable, "-m", "campaign_dsl", "run", "birthday_gift", "--as-of", AS_OF]
    began = time.monotonic()
    assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0
    whole = time.monotonic() - began
    undisturbed = dump(shop)
    for file in (shop / "data").glob("ledger*"):
        file.unlink()
    for share in (0.3, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
            time.sleep(whole * share)
            child.send_signal(signal.SIGKILL)
    assert call("run", "birthday_gift", "--as-of", AS_OF).code == 0
    assert dump(shop) == undisturbed
    assert call("run", "birthday_gift", "--as-of", AS_OF, "--json").json["funnel"]["decided"] == 0
    assert [path.name for path in (shop / "data").iterdir() if "staging" in path.name] == []
