"""Several campaigns in one command: each gets what it gets alone, and what goes wrong with one leaves the others be."""

from __future__ import annotations

from pathlib import Path

from commandline import call

T = "2026-06-15"


def test_each_gets_what_it_gets_alone(world: Path) -> None:
    done = call("plan", "--workspace", world, "--as-of", T, "--explain", "--json")
    assert done.code == 0, done.err
    assert done.json["together"]["together"]
    ways = {each["way"] for each in done.json["together"]["atoms"]}
    assert ways == {"row", "walk", "query"}
    together = {each["campaign"]: each for each in done.json["plans"]}
    assert len(together) > 20
    excluding = {"movie_night", "trailer", "tier_upgrade"}
    assert excluding <= together.keys()
    some = sorted({*sorted(together)[::4], *excluding})
    alone = {name: call("plan", name, "--workspace", world, "--as-of", T, "--json").json for name in some}
    assert {name: together[name] for name in some} == alone


def test_they_come_by_priority_and_then_by_name(shop: Path) -> None:
    text = (shop / "birthday_gift.campaign").read_text()
    (shop / "birthday_gift.campaign.yaml").unlink()
    for name, priority in (("zebra", 90), ("apple", 90), ("middle", 91)):
        other = text.replace("campaign birthday_gift", f"campaign {name}").replace(
            "priority  50", f"priority {priority}"
        )
        assert f"priority {priority}" in other
        (shop / f"{name}.campaign").write_text(other)
    done = call("plan", "zebra", "birthday_gift", "middle", "apple", "--workspace", shop, "--as-of", T, "--json")
    assert [each["campaign"] for each in done.json] == ["middle", "apple", "zebra", "birthday_gift"]


def test_a_run_of_several_does_what_their_plans_say(shop: Path) -> None:
    plans = {each["campaign"]: each for each in call("plan", "--workspace", shop, "--as-of", T, "--json").json}
    able = [name for name, each in plans.items() if not each["cannot_run"]]
    unable = next(name for name, each in plans.items() if each["cannot_run"])
    assert len(able) > 1
    first = call("run", *able, unable, "--workspace", shop, "--as-of", T, "--json")
    assert first.code == 1
    done = {each["campaign"]: each for each in first.json}
    assert done.pop(unable)["error"]["code"] == "GATE004"
    assert {name: each["funnel"] for name, each in done.items()} == {name: plans[name]["funnel"] for name in able}
    again = call("run", *able, "--workspace", shop, "--as-of", T, "--json")
    assert again.code == 0
    assert all(each["already_done"] and each["funnel"]["decided"] == 0 for each in again.json)
    said = call("run", able[0], unable, "--workspace", shop, "--as-of", T)
    assert said.code == 1
    assert f"error[GATE004] {unable}" in said.err
    assert f"run of {able[0]}" in said.out


def test_what_is_wrong_with_one_leaves_the_others_be(shop: Path) -> None:
    (shop / "broken.campaign").write_text('campaign broken {\n  title "Broken"\n  colour "red"\n}\n')
    done = call("plan", "--workspace", shop, "--as-of", T, "--json")
    assert done.code == 1
    assert "broken.campaign" in done.err
    assert len(done.json) > 20
    named = call("plan", "broken", "birthday_gift", "--workspace", shop, "--as-of", T, "--json")
    assert named.code == 1
    assert [each["campaign"] for each in named.json] == ["birthday_gift"]
    assert call("plan", "brithday_gift", "birthday_gift", "--workspace", shop).code == 2


def test_a_workspace_without_campaigns_says_so(shop: Path) -> None:
    for path in (*shop.rglob("*.campaign"), *shop.rglob("*.campaign.yaml")):
        path.unlink()
    done = call("plan", "--workspace", shop)
    assert done.code == 2
    assert "has no campaign" in done.err


def test_explained_to_people(world: Path) -> None:
    done = call("plan", "birthday_gift", "win_back", "--workspace", world, "--as-of", T, "--explain")
    assert done.code == 0, done.err
    assert done.out.startswith("2 audiences, ")
    assert "one by one" in done.out
    assert 'status = "good"\n' in done.out
    alone = call("plan", "birthday_gift", "--workspace", world, "--as-of", T, "--explain")
    assert "asked alone: there is one audience" in alone.out
