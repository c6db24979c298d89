"""A campaign in both spellings gives one tree."""

from __future__ import annotations

import textwrap

import full_campaign
import pytest
from texts import SAMPLE, codes, file, marked, try_file

from campaign_dsl.language.syntax import tree as t


def both(dsl: str, yaml: str) -> tuple[t.File, t.File]:
    return file(textwrap.dedent(dsl)), file(textwrap.dedent(yaml), "x.campaign.yaml")


def test_the_sample() -> None:
    dsl, yaml = (SAMPLE / f"birthday_gift.{kind}" for kind in ("campaign", "campaign.yaml"))
    assert file(dsl.read_text("utf-8")) == file(yaml.read_text("utf-8"), "x.campaign.yaml")


def test_every_clause() -> None:
    dsl, yaml = both(full_campaign.DSL, full_campaign.YAML)
    assert dsl.audiences == yaml.audiences
    for one, other in zip(dsl.campaigns, yaml.campaigns, strict=True):
        for name in t.Campaign.__dataclass_fields__:
            if name != "span":
                assert getattr(one, name) == getattr(other, name), name
    assert dsl == yaml


@pytest.mark.parametrize(
    ("dsl", "yaml"),
    [
        pytest.param(
            'campaign x { title "Half price: \\"shoes\\" & more" }',
            "campaign x:\n  title: 'Half price: \"shoes\" & more'",
            id="a title with punctuation",
        ),
        pytest.param(
            'campaign x { title "two\\nlines" }',
            "campaign x:\n  title: |-\n    two\n    lines",
            id="a title of two lines",
        ),
        pytest.param('campaign x { title "" }', 'campaign x:\n  title: ""', id="an empty title"),
        pytest.param('campaign x { title "5" }', "campaign x:\n  title: 5", id="a title that looks like a number"),
        pytest.param('campaign x { title "yes" }', "campaign x: {title: yes}", id="a title that looks like a boolean"),
        pytest.param(
            "campaign x {\n formerly a, b\n formerly c\n}", "campaign x:\n  formerly: [a, b, c]", id="a list of names"
        ),
        pytest.param(
            'audience x {\n where country in ["US", "CA"]\n}',
            'audience x:\n  where: country in ["US", "CA"]',
            id="a list inside plain text",
        ),
        pytest.param("audience x { everyone }", "audience x: {everyone: true}", id="everyone: true"),
        pytest.param("audience x { everyone }", "audience x: [everyone]", id="a block as a list of clauses"),
        pytest.param(
            "audience x {\n where a # first\n and b\n}",
            "audience x:\n  where: |\n    a # first\n    and b",
            id="a comment in a literal value",
        ),
        pytest.param(
            "audience x {\n where a\n and b\n}",
            "audience x:\n  # above\n  where: >-  # here\n    a\n    and b\n  # below",
            id="comments of YAML",
        ),
        pytest.param(
            "campaign x { audience { segments {\n gold where tier = gold\n others otherwise\n} } }",
            "campaign x:\n  audience:\n    segments:\n      - gold where tier = gold\n      - others: otherwise",
            id="entries as a list",
        ),
        pytest.param(
            'campaign x { message m external { settings { key "v" } } }',
            'campaign x:\n  message m external:\n    settings:\n      - key "v"',
            id="a setting as a whole clause",
        ),
        pytest.param(
            "campaign x { outcomes {\n tag a for 1 day\n send m\n tag b for 1 day\n} }",
            "campaign x:\n  outcomes:\n    - tag: a for 1 day\n    - send m\n    - tag b for 1 day",
            id="outcomes keep their order",
        ),
        pytest.param(
            "campaign x { behavior {\n budget 5 points\n budget 1 offers\n} }",
            "campaign x:\n  behavior:\n    budget: [5 points, 1 offers]",
            id="a budget in two lines",
        ),
        pytest.param(
            "campaign x { priority 1_000 }\ncampaign y { kind promotion }",
            "campaign x:\n  priority: 1_000\ncampaign y:\n  kind: promotion",
            id="two campaigns in one file",
        ),
        pytest.param(
            'audience x { where a = "\\"quoted\\" \\\\ \\t" }',
            'audience x:\n  where: "a = \\"\\\\\\"quoted\\\\\\" \\\\\\\\ \\\\t\\""',
            id="escapes within escapes",
        ),
        pytest.param(
            "campaign x { runs from 2026-01-01 }",
            "campaign x:\r\n  runs: from\r\n    2026-01-01\r\n",
            id="CRLF",
        ),
        pytest.param("campaign x { audience { } }", "campaign x:\n  audience: {}", id="an empty block"),
    ],
)
def test_small_ones(dsl: str, yaml: str) -> None:
    one, other = both(dsl, yaml)
    assert one == other


@pytest.mark.parametrize(
    ("yaml", "code", "place"),
    [
        ("- campaign x", "SYN010", "- campaign x"),
        ("campaign x: 5", "SYN010", "5"),
        ("campaign x:", "SYN010", "campaign"),
        ("campaign: {kind: promotion}", "SYN008", "campaign"),
        ("campain x: {kind: promotion}", "SYN001", "campain"),
        ("campaign x: {titel: y}", "SYN001", "titel"),
        ("campaign x: {title y: z}", "SYN001", "title"),
        ("campaign x: {title: }", "SYN008", ""),
        ("campaign x: {kind: }", "SYN008", ""),
        ("campaign x: {title: {a: b}}", "SYN010", "{a: b}"),
        ("campaign x: {kind: [a, b]}", "SYN009", "b"),
        ("campaign x: {formerly: [a, [b]]}", "SYN010", "[b]"),
        ("campaign x: {outcomes: [[a]]}", "SYN010", "[a]"),
        ("campaign x: {outcomes: [5]}", "SYN010", "5"),
        ("campaign x: {outcomes: [give 5]}", "SYN001", "give"),
        ("campaign x: {message m external: {settings: {a-b: c}}}", "SYN010", "a-b"),
        ("campaign x: {message m external: {settings: {a: [b, {c: d}]}}}", "SYN010", "{c: d}"),
        ("audience x: {everyone: false}", "SYN007", "false"),
        ("audience x: {where: a =}", "SYN008", "="),
        ("audience x: {where: ''}", "SYN008", ""),
        ("audience x: {where: a, exclude: b}", "SYN007", "b"),
        ("audience x:\n  where: >-\n    a # not b\n    and c", "SYN015", "# not b\n    and c"),
        ('audience x:\n  where: "a # not b\n    and c"', "SYN015", "# not b\n    and c"),
        ("audience x:\n  exclude:\n    - >\n      where a # b\n      or c", "SYN015", "# b\n      or c"),
    ],
)
def test_what_is_wrong_in_yaml_is_said_once_and_at_its_place(yaml: str, code: str, place: str) -> None:
    _, problems = try_file(yaml + "\n", "x.campaign.yaml")
    assert codes(problems) == [code]
    assert marked(problems[0]) == place


@pytest.mark.parametrize(
    "yaml",
    [
        "audience x: {where: 'a = \"# no comment\"'}",
        "audience x:\n  where: >-\n    a # the last line",
        "audience x:\n  where: |\n    a # one\n    # two\n    and b # three",
        'audience x:\n  where: "a # one\\n and b"',
    ],
)
def test_comments_that_hide_nothing_are_fine(yaml: str) -> None:
    file(yaml + "\n", "x.campaign.yaml")
