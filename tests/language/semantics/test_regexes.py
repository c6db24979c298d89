"""Regular expressions that every engine understands alike."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_dsl.language.diagnostics.model import Problems
from campaign_dsl.language.ir import nodes as ir
from campaign_dsl.language.semantics.expressions import predicate
from campaign_dsl.language.semantics.regexes import MAX_LENGTH, Unfit, portable
from campaign_dsl.language.source.files import Snippet, SourceFile
from campaign_dsl.language.syntax.assemble import parse_expression
from wide_catalog import NAMES, caret, refused, sound, valued


@pytest.mark.parametrize(
    ("pattern", "rewritten"),
    [
        ("abc", "abc"),
        ("a.c", "a.c"),
        ("^a$", "^a$"),
        ("a*b+c?d{2}e{2,}f{2,5}", "a*b+c?d{2}e{2,}f{2,5}"),
        ("a{02,3}", "a{2,3}"),
        ("a|b|c", "a|b|c"),
        ("(ab)+", "(?:ab)+"),
        ("(?:ab|c)*", "(?:ab|c)*"),
        ("[a-z0-9_]", "[a-z0-9_]"),
        ("[^a-z]", "[^a-z]"),
        ("[a-]", r"[a\-]"),
        ("[-a]", r"[\-a]"),
        ("[a^]", r"[a\^]"),
        ("[a&&b]", r"[a\&\&b]"),
        ("[a[b]", r"[a\[b]"),
        ("[a|b~]", r"[a\|b\~]"),
        (r"[a\]b]", r"[a\]b]"),
        (r"\d\w\s", r"[0-9][A-Za-z0-9_][ \t\n\r\f]"),
        (r"[\d.]", "[0-9.]"),
        (r"[\d\w]", "[0-9A-Za-z0-9_]"),
        (r"\.\*\\", r"\.\*\\"),
        (r"\@\-", "@-"),
        ("a]b}", r"a\]b\}"),
        ("é😀", "é😀"),
        ("a\nb", r"a\nb"),
        (r"a\nb\tc", r"a\nb\tc"),
        ("(ab)+c+", "(?:ab)+c+"),
        ("(a+){3}", "(?:a+){3}"),
        ("(a{2}){3}", "(?:a{2}){3}"),
        ("((a))", "(?:(?:a))"),
        ("[+--]", r"[+-\-]"),
    ],
)
def test_what_is_rewritten(pattern: str, rewritten: str) -> None:
    assert portable(pattern) == rewritten
    re.compile(rewritten)
    assert portable(rewritten) == rewritten or "\\n" in rewritten or "\\t" in rewritten


@pytest.mark.parametrize(
    ("pattern", "part", "message"),
    [
        ("", "", "an empty pattern fits every text"),
        ("ab|", "", "there is nothing on this side"),
        ("|ab", "|", "there is nothing on this side"),
        ("a()", ")", "there is nothing on this side"),
        ("*a", "*", "`*` repeats nothing"),
        ("a|+", "+", "`+` repeats nothing"),
        ("{2}", "{", "`{` repeats nothing"),
        ("a**", "**", "`**` is not the same everywhere"),
        ("ba+?", "+?", "`+?` is not the same everywhere"),
        ("a++", "++", "`++` is not the same everywhere"),
        ("a{2}{3}", "{2}{", "`{2}{` is not the same everywhere"),
        ("^*a", "*", "an end of the text cannot be repeated"),
        ("x(a+)*", "(a+)*", "this repeats without end what repeats without end itself"),
        ("x(a*|b){2,}", "(a*|b){2,}", "this repeats without end what repeats without end itself"),
        ("x((a+){2})+", "((a+){2})+", "this repeats without end what repeats without end itself"),
        ("a{256}", "{256}", "this repeats more than 255 times"),
        ("(a{16}){16}", "{16}", "this repeats more than 255 times"),
        ("a{3,2}", "{3,2}", "the second number is below the first"),
        ("a{,3}", "{,3}", "this is no number of times"),
        ("a{x}", "{x}", "this is no number of times"),
        ("a{", "{", "this is no number of times"),
        ("b(a", "(", "this group is not closed"),
        ("a)b", ")", "this `)` closes nothing"),
        ("a[bc", "[", "this class is not closed"),
        ("a[]b]", "[]", "this class has no characters"),
        ("a[^]b]", "[^]", "this class has no characters"),
        ("[z-a]", "z-a", "this range is empty: its low end is above its high end"),
        (r"[a-\d]", r"a-\d", "a class of its own does not end a range"),
        (r"[\d-z]", r"\d-", "a class of its own does not begin a range"),
        ("x[[:alpha:]]", "[:", "named classes are not known everywhere"),
        ("a(?=b)", "(?=", "a group that looks ahead is not known everywhere"),
        ("a(?!b)", "(?!", "a group that looks ahead is not known everywhere"),
        ("(?<=a)b", "(?<=", "a group that looks back is not known everywhere"),
        ("(?<x>a)b", "(?<", "a group that has a name is not known everywhere"),
        ("(?P<x>a)b", "(?P<", "a group that has a name is not known everywhere"),
        ("(?>a)b", "(?>", "a group that never gives back is not known everywhere"),
        ("(?i)b", "(?", "a group that sets a flag is not known everywhere"),
        (r"(a)\1", r"\1", "a pattern cannot refer back to a group"),
        (r"\bfoo", r"\b", "`\\b` does not mean the same everywhere"),
        (r"foo\Z", r"\Z", "`\\Z` does not mean the same everywhere"),
        (r"\D", r"\D", "`\\D` does not mean the same everywhere"),
        (r"[\W]", r"\W", "`\\W` does not mean the same everywhere"),
        (r"\p{L}", r"\p", "`\\p` does not mean the same everywhere"),
        (r"\é", r"\é", "`\\é` does not mean the same everywhere"),
        ("a\\", "\\", "a backslash escapes nothing here"),
        ("(" * 21 + "a" + ")" * 21, "(", "groups are more than 20 deep"),
        ("a" * (MAX_LENGTH + 1), "a", "this pattern has 201 characters; at most 200 are possible"),
    ],
)
def test_what_is_refused(pattern: str, part: str, message: str) -> None:
    found = portable(pattern)
    assert isinstance(found, Unfit)
    assert (pattern[found.start : found.end], found.message) == (part, message)
    assert found.help


ALPHABET = st.sampled_from([*"ab01.^$|*+?{}()[]\\-,:=<!&", r"\d", r"\w", "(?:", "{2}", "{1,}", "é", "\n"])


@given(st.lists(ALPHABET, max_size=12).map("".join), st.text("ab01 .\n-é", max_size=8))
def test_no_pattern_fails_and_what_is_let_through_means_what_it_says(pattern: str, text: str) -> None:
    found = portable(pattern)
    if isinstance(found, Unfit):
        assert 0 <= found.start <= found.end <= len(pattern)
        assert found.message
        assert found.help
        return
    mine = re.search(found.replace("$", r"\Z") if "[" not in found else found, text, re.DOTALL)
    theirs = re.search(pattern.replace("$", r"\Z") if "[" not in found else pattern, text, re.DOTALL | re.ASCII)
    assert (mine is None) == (theirs is None)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('note matches "ab(?=c)"', "(?="),
        (r'note matches "\"\\\\ (?=c)"', "(?="),
        (r'note matches "a\\bc"', r"\\b"),
        ('note matches "a\\tb*+"', "*+"),
    ],
)
def test_the_place_lies_inside_of_the_literal(text: str, part: str) -> None:
    (item,) = refused(text)
    assert item.code == "TYP010"
    assert caret(item) == part


def test_where_a_scalar_of_yaml_has_escapes_of_its_own_the_literal_is_the_place() -> None:
    whole = r'where: "note matches \"a\\\\bc\""'
    text = 'note matches "a\\\\bc"'
    start = whole.index("note")
    offsets = [start + index for index in range(13)]
    offsets += list(range(start + 13, start + 13 + 2 * (len(text) - 13) + 1, 2))
    problems = Problems()
    node = parse_expression(Snippet(SourceFile("x.yaml", whole), text, 0, offsets[: len(text) + 1]), problems)
    assert node is not None
    assert predicate(node, NAMES, problems) is None
    (item,) = problems.sorted()
    assert item.code == "TYP010"
    assert item.where is not None
    assert item.where.span.start >= start + 13


def test_what_is_typed() -> None:
    note = ir.Attribute("note", "note", valued("note").type)
    assert sound(r'note matches "\\d+$"') == ir.Matches(note, "[0-9]+$", False, False)
    assert sound('note does not match "a" ignoring case') == ir.Matches(note, "a", True, True)
