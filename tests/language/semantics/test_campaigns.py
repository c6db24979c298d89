"""The rules of a campaign as a whole: head, behavior, limits, budgets and the gate, outcomes, former names, twins."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from desk import check, findings, sound, text_of
from texts import SAMPLE

from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.workspace import Workspace

HEAD = 'kind messaging\n  timezone customer else "America/New_York"'


def test_a_sound_campaign() -> None:
    campaign = sound()
    assert (campaign.name, campaign.title, campaign.kind, campaign.priority) == ("gift", "gift", "messaging", 0)
    assert (campaign.leap_day, campaign.catch_up_days) == ("feb_28", 0)
    assert campaign.zone.default == "America/New_York"
    assert campaign.zone.attribute is not None
    assert campaign.zone.attribute.name == "zone"


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        (HEAD, []),
        ('timezone "UTC"', ["CMP003"]),
        ('kind sale\n timezone "UTC"', ["CMP001"]),
        ("kind messaging", ["CMP008"]),
        ('kind messaging\n timezone "New York"', ["CMP009"]),
        ('kind messaging\n timezone customer else "EST5"', ["CMP009"]),
        ('kind messaging\n timezone "america/new_york"', ["CMP009"]),
        (f"{HEAD}\n priority 1000", []),
        (f"{HEAD}\n priority 1001", ["CMP007"]),
        (f"{HEAD}\n runs from 2026-01-01 until 2026-01-01", []),
        (f"{HEAD}\n runs from 2026-01-02 until 2026-01-01", ["CMP005"]),
        (f"{HEAD}\n leap_day mar_1", []),
        (f"{HEAD}\n leap_day feb_29", ["CMP001"]),
        (f"{HEAD}\n misfire catch up at most 3 days", []),
        (f"{HEAD}\n formerly gift", ["CMP006"]),
        (f"{HEAD}\n formerly once, again", []),
        (f"{HEAD}\n formerly gift, present", []),  # it has its first name back
        (f"{HEAD}\n formerly present, gift", ["CMP006"]),
        (f'{HEAD}\n title "x"\n title "y"', ["SYN009"]),
    ],
)
def test_heads(head: str, wanted: list[str]) -> None:
    assert findings(head=head) == wanted


@pytest.mark.parametrize("name", ["Gift", "gift-2", "_gift", "g" * 64, "größe"])
def test_names_of_campaigns(name: str) -> None:
    text = text_of().replace("campaign gift", f"campaign {name}")
    assert {each.code for each in check(text)[1]} <= {"CMP002", "SYN007"}
    assert check(text)[1]


def test_policies_of_the_workspace_and_of_the_campaign() -> None:
    campaign, _ = check(text_of(), misfire="catch up at most 3 days", leap_day="mar_1")
    assert campaign is not None
    assert (campaign.catch_up_days, campaign.leap_day) == (3, "mar_1")
    overruled, _ = check(
        text_of(head=f"{HEAD}\n misfire skip\n leap_day feb_28"), misfire="catch up at most 3 days", leap_day="mar_1"
    )
    assert overruled is not None
    assert (overruled.catch_up_days, overruled.leap_day) == (0, "feb_28")


@pytest.mark.parametrize(
    ("behavior", "wanted"),
    [
        ("", ["BEH001"]),
        ("limit once per year", ["BEH001"]),
        ("on anniversary of nothing, at 09:00", ["NAM001"]),
        ("on anniversary of text, at 09:00", ["TYP003"]),
        ("on anniversary of seen, at 09:00", ["TYP003"]),
        ("on anniversary of born, 180 days before, at 09:00", []),
        ("on anniversary of born, 181 days before, at 09:00", ["BEH002"]),
        ("on anniversary of born, 26 weeks after, at 09:00", ["BEH002"]),
        ("on anniversary of born, 3 hours before, at 09:00", ["BEH002"]),
        ("on anniversary of born, 1 month before, at 09:00", ["BEH002"]),
    ],
)
def test_behaviors(behavior: str, wanted: list[str]) -> None:
    assert findings(behavior=behavior) == wanted


@pytest.mark.parametrize(
    ("shift", "days"), [("", 0), ("7 days before, ", 7), ("2 weeks before, ", 14), ("1 day after, ", -1)]
)
def test_shifts(shift: str, days: int) -> None:
    assert sound(behavior=f"on anniversary of born, {shift}at 9:05").triggers[0].days_before == days


@pytest.mark.parametrize(
    ("limit", "wanted"),
    [
        ("once per year", ir.Limit(1, 1, "year")),
        ("3 per 30 days", ir.Limit(3, 30, "day")),
        ("1000 per 3660 weeks", ir.Limit(1000, 3660, "week")),
        ("once per customer", ir.Limit(1, 1, "ever")),
        ("2 ever", ir.Limit(2, 1, "ever")),
        ("0 per day", None),
        ("1001 per day", None),
        ("1 per 0 days", None),
        ("1 per 3661 days", None),
        ("once per hour", None),
    ],
)
def test_limits(limit: str, wanted: ir.Limit | None) -> None:
    behavior = f"on anniversary of born, at 09:00\n limit {limit}"
    if wanted is None:
        assert findings(behavior=behavior) == ["BEH003"]
    else:
        assert sound(behavior=behavior).limits == (wanted,)


GIVES = "award 5 points to rewards source birthday\n issue offer half\n send note"


@pytest.mark.parametrize(
    ("budget", "wanted"),
    [
        ("5 points, 5 offers", []),
        ("5 points\n budget 5 offers", []),
        ("5 points, 6 points", ["BEH004"]),
        ("0 points", ["BEH004"]),
        ("1_000_000 offers", []),
        ("1_000_001 offers", ["BEH006"]),
        ('1_000_001 offers approved by "jo"', []),
        ('1_000_001 offers approved by " "', ["BEH006", "BEH006"]),
        ('5 offers approved by ""', ["BEH006"]),
        ("999_999_999_999 points", []),
    ],
)
def test_budgets_and_the_gate(budget: str, wanted: list[str]) -> None:
    behavior = f"on anniversary of born, at 09:00\n budget {budget}"
    assert findings(behavior=behavior, outcomes=GIVES) == wanted


@pytest.mark.parametrize("budget", ["5 points", "5 offers"])
def test_a_budget_of_what_is_not_given(budget: str) -> None:
    assert findings(behavior=f"on anniversary of born, at 09:00\n budget {budget}") == ["BEH005"]


@pytest.mark.parametrize(
    ("outcomes", "wanted"),
    [
        ("award 5 points to rewards source birthday", []),
        ("award 5 points to nothing source birthday", ["NAM005"]),
        ("award 5 points to rewards source nothing", ["NAM006"]),
        ("award 5 points to closed source birthday", ["OUT001"]),
        ("award 0 points to rewards source birthday", ["OUT002"]),
        ("award 1_000_000_000 points to rewards source birthday", []),
        ("award 1_000_000_001 points to rewards source birthday", ["OUT002"]),
        ("award 5 points to rewards source birthday, expires after 1 month", ["TYP007"]),
        ("award 5 points to rewards source birthday, expires after 0 days", ["TYP006"]),
        ("award 5 points to rewards source birthday when segment gold", ["OUT003"]),
        ("award 5 points to rewards source birthday when nothing", ["NAM001"]),
        ("award 5 points to rewards source birthday when whole", ["TYP002"]),
        ("award 5 points to rewards source birthday as Big", ["NAM016"]),
        ("issue offer nothing", ["NAM007"]),
        ("issue offer ended", ["OUT001"]),
        ("tag nothing for 1 day", ["NAM008"]),
        ("tag gift for 0 days", ["TYP006"]),
        ("tag gift for 101 weeks as a\n tag gift for 1 day as b", []),
        ("tag gift for 1 day\n tag gift for 2 days", ["OUT004"]),
        ("tag gift for 1 day as x\n tag gift for 2 days as x", ["OUT004"]),
        ("tag gift for 1 day when yes\n tag gift for 2 days when not yes", ["OUT004"]),
        ("issue offer half\n issue offer full", []),
    ],
)
def test_outcomes(outcomes: str, wanted: list[str]) -> None:
    assert findings(outcomes=f"{outcomes}\n send note") == wanted


def test_outcomes_of_different_segments_exclude_each_other() -> None:
    segments = "everyone\n segments {\n gold where tier = high\n others otherwise\n}"
    award = "award 5 points to rewards source birthday when segment"
    pair = f"{award} {{}}\n {award} {{}}\n send note"
    assert findings(audience=segments, outcomes=pair.format("gold", "others")) == []
    assert findings(audience=segments, outcomes=pair.format("gold", "gold")) == ["OUT004"]
    mixed = pair.format("gold", "others").replace(" when segment gold", "")
    assert findings(audience=segments, outcomes=mixed) == ["OUT004"]


def test_how_many_outcomes_fit() -> None:
    tags = "\n".join(f"tag gift for 1 day as t{number}" for number in range(62))
    assert findings(outcomes=tags.partition("\n")[2] + "\n send note") == []
    assert findings(outcomes=f"{tags}\n send note") == ["OUT005"]


def test_there_has_to_be_an_outcome() -> None:
    assert [code for code in findings(outcomes="") if code != "MSG003"] == ["CMP004"]


def test_the_identity_of_an_outcome_is_what_it_gives() -> None:
    from campaign_dsl.language.semantics.campaigns import outcome_identity

    campaign = sound(outcomes=f"{GIVES}\n tag gift for 1 day as again\n issue offer half as more")
    assert [outcome_identity(each) for each in campaign.outcomes] == [
        *("points/rewards/birthday", "offer/half", "message/note", "tag/gift/again", "offer/half/more"),
    ]


# ------------------------------------------------------------------------------------------------------ whole folders


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path in (SAMPLE / name for name in ("workspace.yaml", "catalog.yaml", "audiences.campaign", "vip.csv")):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


GIFT = (SAMPLE / "birthday_gift.campaign").read_text("utf-8")
TWIN = (SAMPLE / "birthday_gift.campaign.yaml").read_text("utf-8")


def named(name: str, former: str = "", text: str = GIFT) -> str:
    more = f"\n  formerly {former}" if former else ""
    return re.sub(r"campaign birthday_gift \{", f"campaign {name} {{{more}", text)


def checked(root: Path) -> list[str]:
    return [each.code for each in Workspace.load(root).check()]


def test_two_campaigns_of_one_name(root: Path) -> None:
    (root / "a.campaign").write_text(named("a"), "utf-8")
    (root / "b.campaign").write_text(named("a"), "utf-8")
    assert checked(root) == ["NAM012"]
    assert Workspace.load(root).plan("a") is None


def test_two_audiences_of_one_name(root: Path) -> None:
    (root / "a.campaign").write_text("audience employees { everyone }", "utf-8")
    assert checked(root) == ["NAM012"]
    (root / "b.campaign").write_text(GIFT, "utf-8")
    assert sorted(checked(root)) == ["NAM012", "NAM015"]


def test_former_names_are_free(root: Path) -> None:
    (root / "a.campaign").write_text(named("a", "z, y"), "utf-8")
    (root / "b.campaign").write_text(named("b", "x"), "utf-8")
    assert checked(root) == []
    (root / "b.campaign").write_text(named("b", "a"), "utf-8")
    assert checked(root) == ["CMP006"]
    (root / "b.campaign").write_text(named("b", "y"), "utf-8")
    assert checked(root) == ["CMP006"]


def test_twins(root: Path) -> None:
    (root / "birthday_gift.campaign").write_text(GIFT, "utf-8")
    (root / "birthday_gift.campaign.yaml").write_text(TWIN, "utf-8")
    assert checked(root) == []
    (root / "birthday_gift.campaign.yaml").write_text(TWIN.replace("500 points", "501 points"), "utf-8")
    assert checked(root) == ["NAM014"]
    (root / "birthday_gift.campaign.yaml").rename(root / "other.campaign.yaml")
    assert checked(root) == ["NAM012"]


def test_twins_of_a_file_with_audiences(root: Path) -> None:
    (root / "birthday_gift.campaign").write_text(f"{GIFT}\naudience loyal {{\n where tier >= gold\n}}\n", "utf-8")
    (root / "birthday_gift.campaign.yaml").write_text(f"{TWIN}\naudience loyal:\n  where: tier >= gold\n", "utf-8")
    assert checked(root) == []
    (root / "birthday_gift.campaign.yaml").write_text(f"{TWIN}\naudience loyal:\n  where: tier > gold\n", "utf-8")
    assert checked(root) == ["NAM014"]


def test_a_damaged_campaign_is_no_campaign(root: Path) -> None:
    for damage in ("exclude audiences employees", "exclude audience employees !", "suppress"):
        (root / "a.campaign").write_text(GIFT.replace("exclude audience employees", damage), "utf-8")
        workspace = Workspace.load(root)
        assert [each.code[:3] for each in workspace.check()] == ["SYN"]
        assert workspace.typed("birthday_gift") is None
        assert workspace.plan("birthday_gift") is None
    (root / "a.campaign").unlink()
    twice = TWIN.replace(
        "    exclude: audience employees\n", "    exclude: audience employees\n    exclude: where tier = gold\n"
    )
    (root / "a.campaign.yaml").write_text(twice, "utf-8")
    workspace = Workspace.load(root)
    assert [each.code for each in workspace.check()] == ["YML016"]
    assert workspace.plan("birthday_gift") is None
