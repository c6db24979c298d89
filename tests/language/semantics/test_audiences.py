"""Named audiences: what they mean, circles, how large they may grow; segments, exclusions, suppression, holdout."""

from __future__ import annotations

from decimal import Decimal

import pytest
from desk import LOADED, check, codes, desk, findings, sound, text_of, typed
from texts import SAMPLE

from campaign_dsl.compile.plan.build import build_plan, render
from campaign_dsl.compile.sql.campaign import audience_query
from campaign_dsl.compile.sql.dialects.registry import DIALECTS
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.ir.walk import measure
from campaign_dsl.language.semantics.checks import MAX_DEPTH, MAX_NODES
from campaign_dsl.workspace import Workspace


def resolve(name: str, text: str) -> tuple[ir.Predicate | None, list[str]]:
    return typed(f"in audience {name}", text)


def test_an_audience_is_what_its_clauses_say() -> None:
    text = "audience a {\n where yes\n exclude audience b\n exclude where whole > 1\n}\naudience b {\n everyone\n}"
    found, problems = resolve("a", text)
    assert problems == []
    yes, _ = typed("yes")
    more, _ = typed("whole > 1")
    assert yes is not None
    assert more is not None
    assert found == ir.InAudience("a", ir.AllOf((yes, ir.Negate(ir.Always()), ir.Negate(more))))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("audience a { }", ["AUD001"]),
        ("audience a { exclude where yes }", ["AUD001"]),
        ("audience a {\n where yes\n everyone\n}", ["AUD002"]),
        ("audience a { where nothing }", ["NAM001"]),
        ("audience a { where in audience b }", ["NAM013"]),
        ("audience a {\n where yes\n exclude audience b\n}", ["NAM013"]),
        ("audience A { where yes }", ["NAM016"]),
        ("audience a { where yes and }", ["SYN008"]),
        ("audience a {\n where yes\n exclude where }", ["SYN008"]),
    ],
)
def test_an_audience_with_errors_means_nobody_and_nothing(text: str, wanted: list[str]) -> None:
    workspace = desk(text)
    name = next(iter(workspace.audiences))
    assert [each.code for each in workspace.check()] == wanted
    assert workspace.expression(f"in audience {name}") is None
    assert [each.code for each in workspace.problems.sorted() if each.code not in wanted] == ["NAM015"]


def test_a_campaign_that_names_it_has_errors_too() -> None:
    text = text_of(audience="where in audience a", after="audience a {\n where yes\n exclude where\n}")
    campaign, found = check(text)
    assert campaign is None
    assert [each.code for each in found] == ["NAM015", "SYN008"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("audience a { where in audience a }", {"AUD007": 1}),
        ("audience a { where in audience b }\naudience b { where in audience a }", {"AUD007": 1, "NAM015": 1}),
        (
            "audience a { where yes and not in audience b }\naudience b {\n everyone\n exclude audience a\n}",
            {"AUD007": 1},
        ),
        (
            "audience a { where in audience b }\naudience b { where in audience c }\n"
            "audience c { where in audience a }",
            {"AUD007": 1},
        ),
    ],
)
def test_circles(text: str, wanted: dict[str, int]) -> None:
    workspace = desk(text)
    found = workspace.check()
    assert {each.code for each in found} <= {"AUD007", "NAM015"}
    assert sum(each.code == "AUD007" for each in found) == wanted["AUD007"]
    (circle,) = [each for each in found if each.code == "AUD007"]
    chain = (circle.why or "").split(" -> ")
    assert chain[0] == chain[-1]
    for name in workspace.audiences:
        assert workspace.expression(f"in audience {name}") is None


def test_a_long_chain() -> None:
    """Resolved without a stack of its own length; refused when it is nested too deeply to be compiled."""
    count = 3_000
    links = [f"audience a{number} {{ where yes and in audience a{number + 1} }}" for number in range(count)]
    workspace = desk("\n".join([*links, f"audience a{count} {{ everyone }}"]))
    found = workspace.check()
    assert {each.code for each in found} == {"AUD008", "NAM015"}
    assert sum(each.code == "AUD008" for each in found) == 1
    assert workspace.expression(f"in audience a{count - 20}") is not None


def test_doubling() -> None:
    """Thirty audiences that each name the one before twice would be a billion parts."""
    links = [
        f"audience a{number} {{ where in audience a{number - 1} or yes and in audience a{number - 1} }}"
        for number in range(1, 31)
    ]
    workspace = desk("\n".join(["audience a0 { where yes }", *links]))
    found = workspace.check()
    assert {each.code for each in found} == {"AUD008", "NAM015"}
    assert workspace.expression("in audience a5") is not None


def test_a_campaign_may_grow_too_large_by_what_it_names() -> None:
    audience = "where " + " or ".join(["in audience big"] * 200)
    big = "audience big { where " + " and ".join(["whole > 1"] * 100) + " }"
    assert findings(audience=audience, after=big) == ["AUD008"]
    assert findings(audience=audience.replace("big", "small"), after="audience small { where yes }") == []


def test_measuring() -> None:
    small, _ = typed("yes and not yes")
    assert small is not None
    assert (measure(small).nodes, measure(small).depth) == (6, 4)
    wide, _ = typed(f"whole in [{', '.join(map(str, range(5_000)))}]")
    assert wide is not None
    assert measure(wide).nodes < 10
    named = ir.InAudience("a", small)
    assert measure(ir.AllOf((named, named))).nodes == 1 + 2 * (1 + 6)
    assert measure(ir.AllOf((named, named))).depth == 2 + 4
    assert MAX_NODES > 1_000
    assert MAX_DEPTH > 100


def test_what_is_just_small_enough_compiles() -> None:
    deep = "not (yes and (yes or " * 15 + "yes" + "))" * 15
    chain = [f"audience a{number} {{ where not (yes and in audience a{number - 1}) }}" for number in range(1, 30)]
    campaign = sound(
        audience=f"where {deep} and in audience a29 and " + " and ".join(["whole + 1 > 2"] * 900),
        after="\n".join(["audience a0 { where yes }", *chain]),
    )
    assert build_plan(campaign, LOADED[0], 5, ()).digest
    query = audience_query(campaign.audience, campaign.zone, "mar_1", LOADED[0], DIALECTS["duckdb"])
    assert "NOT" in render(query, "duckdb")


# ----------------------------------------------------------------------------------------- the audience of a campaign


@pytest.mark.parametrize(
    ("audience", "wanted"),
    [
        ("", ["AUD001"]),
        ("exclude where yes", ["AUD001"]),
        ("holdout 5%", ["AUD001"]),
        ("everyone\n where yes", ["AUD002"]),
        ("everyone", []),
        ("where everyone", []),
        ("everyone\n exclude audience nobody", ["NAM013"]),
        ("everyone\n exclude where nothing", ["NAM001"]),
        ("everyone\n exclude where whole", ["TYP002"]),
        ("everyone\n suppress listed", []),
        ("everyone\n suppress unlisted, listed", ["NAM004"]),
        ("everyone\n holdout 0%", ["AUD006"]),
        ("everyone\n holdout 100%", ["AUD006"]),
        ("everyone\n holdout 5.0001%", ["AUD006"]),
        ("everyone\n holdout 99999999999999999999999999999999999999999%", ["AUD006"]),
        ("everyone\n holdout 5.00000000000000000000000000000000000000001%", ["AUD006"]),
        ("everyone\n holdout 99.999%", []),
        ("everyone\n segments {\n a where yes\n b otherwise\n}", []),
        ("everyone\n segments {\n a otherwise\n}", []),
        ("everyone\n segments {\n a where yes\n}", ["AUD005"]),
        ("everyone\n segments {\n a otherwise\n b otherwise\n}", ["AUD004"]),
        ("everyone\n segments {\n a where yes\n a where not yes\n b otherwise\n}", ["AUD003"]),
        ("everyone\n segments {\n a where nothing\n b otherwise\n}", ["NAM001"]),
        ("everyone\n segments {\n A where yes\n b otherwise\n}", ["NAM016"]),
    ],
)
def test_audience_blocks(audience: str, wanted: list[str]) -> None:
    assert findings(audience=audience) == wanted


def test_there_has_to_be_one() -> None:
    text = text_of().replace("audience {\n    everyone\n  }\n", "")
    assert [each.code for each in check(text)[1]] == ["AUD001"]


@pytest.mark.parametrize("percent", ["5", "0.001", "12.5", "99.999"])
def test_the_holdout_is_exact(percent: str) -> None:
    assert sound(audience=f"everyone\n holdout {percent}%").holdout_percent == Decimal(percent)


def test_exclusions_say_what_the_author_wrote() -> None:
    campaign = sound(
        audience="everyone\n exclude where (whole>1 or yes) # so\n and yes\n exclude audience a",
        after="audience a { everyone }",
    )
    assert [each.says for each in campaign.excludes] == ["where (whole > 1 or yes) and yes", "audience a"]


def test_suppression_needs_an_address_to_match() -> None:
    pushed = {"via": "via braze variant pushed", "audience": "everyone\n suppress listed"}
    campaign, found = check(text_of(**pushed), consent="not_required")
    assert campaign is None
    assert [each.code for each in found] == ["AUD009"]
    assert check(text_of(**(pushed | {"audience": "everyone"})), consent="not_required")[1] == ()


def test_predicates_of_an_audience_and_of_a_campaign_are_typed_alike() -> None:
    assert codes("in audience a and whole > 1", "audience a { where tier >= mid }") == []
    assert codes("in audience a", "audience a { where tier >= gold }") == ["NAM015", "TYP004"]


def test_the_holdout_of_the_workspace_is_that_of_every_campaign() -> None:
    workspace = Workspace.load(SAMPLE)
    assert workspace.settings is not None
    workspace.settings = workspace.settings.model_copy(update={"holdout": "2.5%"})
    found = workspace.typed("birthday_gift")
    assert found is not None
    assert (found.workspace_holdout, found.holdout_percent) == (Decimal("2.5"), Decimal(5))
