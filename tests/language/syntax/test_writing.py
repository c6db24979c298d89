"""Expressions written as text again."""

from __future__ import annotations

from hypothesis import given
from texts import predicate
from trees import expressions

from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.writing import written


@given(expressions())
def test_reading_what_was_written_gives_the_tree(node: t.Expression) -> None:
    assert predicate(written(node)) == node


@given(expressions())
def test_layout_does_not_matter(node: t.Expression) -> None:
    text = written(node)
    spread = predicate(f"( # so\n{text}\n\t) # it is")
    assert spread == node
    assert written(spread) == text
