"""Cutting a campaign file into blocks and clauses, and getting over what is wrong in one of them."""

from __future__ import annotations

import re
import textwrap

import pytest
from texts import SAMPLE, codes, file, marked, text_of, tree_nodes, try_file

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.language.syntax.blocks import Block, Clause, read_blocks

DSL = (SAMPLE / "birthday_gift.campaign").read_text("utf-8")


def shape(block: Block | Clause) -> object:
    """A block as nested tuples of keywords and bodies."""
    if isinstance(block, Clause):
        return f"{block.keyword.text}: {' '.join(block.body.text.split())}".strip()
    return (f"{block.keyword.text} {block.head.text}".strip(), *map(shape, block.items))


def shapes(text: str) -> list[object]:
    problems = Problems()
    found = read_blocks(SourceFile("x.campaign", textwrap.dedent(text)), problems)
    assert problems.sorted() == ()
    return list(map(shape, found))


def test_clauses_end_where_the_next_one_begins() -> None:
    text = """
    campaign x {          # a comment
      title "a { b # c"   # not a comment inside, but this is
      # alone
      kind promotion
      audience {
        where a = 1
          and (b = 2    # inside
            or c = 3)
          or d in [
            1,
            2
          ]
        exclude where e
      }
    }
    """
    assert shapes(text) == [
        (
            "campaign x",
            'title: "a { b # c"',
            "kind: promotion",
            ("audience", "where: a = 1 and (b = 2 # inside or c = 3) or d in [ 1, 2 ]", "exclude: where e"),
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "campaign x { kind promotion audience_of { } }",
        "audience x { where a\n}",
        "audience x {\nwhere a }",
        "audience x {where a}",
        "audience\tx\t{\n\twhere\ta\t}",
        "audience x\n{\n  where a\n}",
        "audience x { # where b\n where a }",
    ],
)
def test_blocks_may_be_written_on_one_line_or_on_several(text: str) -> None:
    if "audience_of" in text:
        assert codes(try_file(text)[1]) == ["SYN007"]
    else:
        assert shapes(text) == [("audience x", "where: a")]


def test_flat_files_are_fine() -> None:
    """Indentation means nothing."""
    flat = "\n".join(line.strip() for line in DSL.splitlines())
    assert file(flat) == file(DSL)


def test_line_ends_do_not_matter() -> None:
    crlf = DSL.replace("\n", "\r\n")
    tree = file(crlf)
    assert tree == file(DSL)
    assert all("\r" not in text_of(node.span)[-1:] for node in tree_nodes(tree) if hasattr(node, "span"))


def test_comments_may_stand_on_every_line() -> None:
    commented = "\n".join(line + ' # what } follows " is { not read' for line in DSL.splitlines())
    assert file(f"# first\n#\n{commented}\n# last") == file(DSL)


def test_nothing_and_nothing_but_comments() -> None:
    for text in ("", "\n\n", "# nothing", "  \t\r\n"):
        assert file(text).campaigns == ()


# --------------------------------------------------------------------------------------------------------- recovery

CAMPAIGN = """\
campaign x {
  title "x"
  kind promotion

  audience {
    where a = 1
      and b = 2
    exclude audience c
    segments {
      gold    where d
      others  otherwise
    }
    holdout 5%
  }

  behavior {
    on anniversary of birth_date, at 09:00
    limit once per year
  }

  outcomes {
    award 5 points to a source b
    send m
  }

  message m external {
    via braze variant v
    settings { key "value" }
    properties {
      first  customer.first_name
      second offer.title
    }
    quiet none
  }
}

audience y {
  where z
}
"""

PLANTED = [
    # what is replaced, by what, the code, and what the finding points at
    ('title "x"', "titel", "SYN001", "titel"),
    ('title "x"', 'title "x', "SYN006", '"x'),
    ("kind promotion", "kind 5", "SYN007", "5"),
    ("kind promotion", "kind", "SYN008", ""),
    ("kind promotion", "kind promotion\n  kind messaging", "SYN009", "kind"),
    ("and b = 2", "and b = = 2", "SYN007", "="),
    ("and b = 2", "and (b = 2", "SYN008", "("),
    ("and b = 2", "and b = 2)", "SYN007", ")"),
    ("and b = 2", "and b in [2", "SYN008", "["),
    ("and b = 2", "and b = [2)", "SYN007", "["),
    ("where a = 1\n      and b = 2", "where", "SYN008", ""),
    ("exclude audience c", "exclude c", "SYN007", "c"),
    ("exclude audience c", "{", "SYN007", "{"),
    ("gold    where d", "gold    whre d", "SYN007", "whre"),
    ("gold    where d", "5 where d", "SYN002", "5"),
    ("holdout 5%", "holdout 5", "SYN008", "5"),
    ("    holdout 5%\n  }", "    holdout 5%", "SYN004", "{"),
    ("      others  otherwise\n    }", "      others  otherwise", "SYN004", "{"),
    ("  behavior {", "  behavior", "SYN003", "behavior"),
    ("  behavior {", "  behaviour {", "SYN001", "behaviour"),
    ("limit once per year", "limit once pr year", "SYN007", "pr"),
    ("limit once per year", "limits once per year", "SYN001", "limits"),
    ("award 5 points to a source b", "award 5 points to", "SYN008", "o"),
    ("award 5 points to a source b", "award 1__5 points to a source b", "SYN012", "1__5"),
    ("    send m\n  }", "    send m\n    }\n  }", "SYN002", "}"),
    ("send m", "send m when", "SYN008", "n"),
    ("message m external {", "message m {", "SYN008", "m"),
    ("message m external {", "message {", "SYN008", "message"),
    ('settings { key "value" }', "settings { key value }", "SYN007", "value"),
    ('settings { key "value" }', 'settings { key "value"', "SYN004", "{"),
    ('settings { key "value" }', 'setings { key "value" }', "SYN001", "setings"),
    ("second offer.title", "second offer. title.", "SYN008", "."),
    ("second offer.title", "second offer.title else", "SYN008", "e"),
    ("quiet none", "quiet 21:00", "SYN007", "21:00"),
    ("audience y {\n  where z\n}", "audience y {\n  where z", "SYN004", "{"),
    ("audience y {\n  where z\n}", "audience y {\n  where z\n}\n}", "SYN002", "}"),
]


def plant(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def test_the_campaign_without_mistakes() -> None:
    file(CAMPAIGN)


@pytest.mark.parametrize(("old", "new", "code", "place"), PLANTED, ids=[repr(row[1]) for row in PLANTED])
def test_one_mistake_is_one_finding(old: str, new: str, code: str, place: str) -> None:
    _, problems = try_file(plant(CAMPAIGN, old, new))
    assert codes(problems) == [code], [each.message for each in problems]
    assert marked(problems[0]).endswith(place)
    assert problems[0].help


@pytest.mark.parametrize(("old", "new", "code", "place"), PLANTED, ids=[repr(row[1]) for row in PLANTED])
def test_what_is_sound_is_read_all_the_same(old: str, new: str, code: str, place: str) -> None:
    tree, _ = try_file(plant(CAMPAIGN, old, new))
    assert [each.name.text for each in tree.campaigns] == ["x"]
    assert [each.name.text for each in tree.audiences if each.name] == ["y"]
    found = tree.campaigns[0]
    clause = old.split()[0].strip("{")
    if clause not in ("behavior", "limit"):
        assert found.behavior is not None
        assert found.behavior.limits != ()
    if clause not in ("award", "send"):
        assert len(found.outcomes) == 2
    if clause not in ("message",):
        assert len(found.messages) == 1


def compatible(rows: list[int]) -> bool:
    return len({PLANTED[row][0] for row in rows}) == len(rows)


SETS = [
    [0, 2, 5, 11, 13, 15, 20, 23, 25, 28, 31, 33],
    [1, 3, 6, 14, 21, 22, 26, 29, 32],
    [4, 8, 17, 18, 27, 30],
    [1, 7, 16, 20, 24, 34],
    [9, 17, 19, 26, 35],
    [10, 13, 15, 19, 22, 25, 28, 32, 33],
]


@pytest.mark.parametrize("rows", SETS, ids=str)
def test_several_mistakes_are_all_found(rows: list[int]) -> None:
    assert compatible(rows)
    text = CAMPAIGN
    for row in rows:
        text = plant(text, PLANTED[row][0], PLANTED[row][1])
    _, problems = try_file(text)
    assert sorted(codes(problems)) == sorted(PLANTED[row][2] for row in rows), [each.message for each in problems]


def test_every_clause_of_a_file_may_be_wrong() -> None:
    """A mistake in each of the twelve clauses that stand on one line: twelve findings, one a line."""
    lines = CAMPAIGN.splitlines()
    broken = [
        number
        for number, line in enumerate(lines)
        if re.match(r" +(title|kind|exclude|holdout|on|limit|award|send|via|quiet|gold|others|first|second) ", line)
    ]
    for number in broken:
        lines[number] += " !"
    _, problems = try_file("\n".join(lines))
    assert [each.where.span.line - 1 for each in problems if each.where] == broken
    assert len(broken) == 14
