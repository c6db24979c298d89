"""The table of forms is the grammar: nothing is missing, and each example is of the form it stands for."""

from __future__ import annotations

import pytest
from lark import Tree
from texts import clause

from campaign_dsl.language.syntax import grammar
from campaign_dsl.language.syntax.forms import CLAUSES, CONDITIONS, VALUES, WINDOWS, Form
from campaign_dsl.language.syntax.writing import written

PARSER = grammar.build((grammar.grammar_dir() / "campaign.lark").read_text("utf-8"))


def alternatives(*rules: str) -> set[str]:
    return {rule.alias for rule in PARSER.rules if str(rule.origin.name) in rules and rule.alias}


def rules(forms: tuple[Form, ...]) -> set[str]:
    return {each.rule for each in forms}


def test_every_form_of_a_condition_is_there() -> None:
    there = set().union(*map(rules, CONDITIONS.values()))
    assert there == alternatives("test", "negation") | {"group"}


def test_every_form_of_a_value_is_there() -> None:
    there = set().union(*map(rules, VALUES.values()))
    wanted = alternatives("operand", "sum", "product", "factor", "primary", "literal", "length", "ago", "moment_word")
    assert there == wanted - {"group"}


def test_every_form_of_a_window_is_there() -> None:
    assert rules(WINDOWS) == alternatives("window")


def test_every_form_of_a_clause_is_there() -> None:
    for start, forms in CLAUSES.items():
        assert rules(forms) == alternatives(start), start


def names_in(tree: Tree) -> set[str]:
    return {str(each.data) for each in tree.iter_subtrees()}


EXPRESSIONS = [
    *((form, form.example) for forms in CONDITIONS.values() for form in forms),
    *((form, f"{form.example} = 1") for forms in VALUES.values() for form in forms),
    *((form, f"did purchase {form.example}") for form in WINDOWS),
]


@pytest.mark.parametrize(("form", "text"), EXPRESSIONS, ids=lambda value: value.rule if isinstance(value, Form) else "")
def test_an_example_of_an_expression_is_of_its_form(form: Form, text: str) -> None:
    if form.rule == "number_of" or form.rule == "aggregate_of":
        text = f"({form.example}) = 1"  # a filter without a window goes on as far as it can
    assert form.rule in names_in(PARSER.parse(text, start="where_clause"))
    node = clause("where_clause", text)
    assert clause("where_clause", written(node)) == node


IN_CLAUSES = {
    "condition": ("send_clause", "note {}"),
    "option": ("award_clause", "5 points to a source b, {}"),
}


@pytest.mark.parametrize(
    ("start", "form"), [(start, form) for start, forms in CLAUSES.items() for form in forms], ids=str
)
def test_an_example_of_a_clause_is_of_its_form(start: str, form: Form) -> None:
    symbol, frame = IN_CLAUSES.get(start, (start, "{}"))
    text = frame.format(form.example)
    assert form.rule in names_in(PARSER.parse(text, start=symbol))
    assert clause(symbol, text)
