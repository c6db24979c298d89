"""Random text, and the sample files with something changed: nothing raises, and every finding has its place."""

from __future__ import annotations

import re

import full_campaign
import pytest
from hypothesis import given
from hypothesis import strategies as st
from texts import SAMPLE

from campaign_dsl.language.diagnostics.model import Diagnostic, Problems
from campaign_dsl.language.source.files import SourceFile, decode
from campaign_dsl.workspace import Workspace, parse

EMPTY = Workspace.load(SAMPLE)
"""The sample's catalog and settings."""
SOURCES = {
    "birthday_gift.campaign": (SAMPLE / "birthday_gift.campaign").read_text("utf-8"),
    "birthday_gift.campaign.yaml": (SAMPLE / "birthday_gift.campaign.yaml").read_text("utf-8"),
    "everything.campaign": full_campaign.DSL,
    "everything.campaign.yaml": full_campaign.YAML,
}
TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|[0-9][0-9_.:-]*|\n *|[^\sA-Za-z0-9_]|[ \t]+')


def run(text: str, path: str) -> tuple[Diagnostic, ...]:
    """What the whole compiler says about a file. A plan is made of what is sound, and of nothing else."""
    source = decode(path, text.encode("utf-8", "surrogatepass"))
    if isinstance(source, Diagnostic):
        return (source,)
    workspace = Workspace(SAMPLE, settings=EMPTY.settings, catalog=EMPTY.catalog)
    workspace.audiences = dict(EMPTY.audiences)
    tree = parse(source, workspace.problems)
    for audience in tree.audiences:
        assert audience.name is not None
        workspace.audiences.setdefault(audience.name.text, (audience, source))
    for each in tree.campaigns:
        workspace.campaigns.setdefault(each.name.text, (each, source))
    found = workspace.check()
    for name, (node, _) in workspace.campaigns.items():
        plan = workspace.plan(name)
        spans = [item.where.span for item in found if item.where and item.severity == "error"]
        inside = any(node.span.start <= span.start < node.span.end for span in spans if span.source is source)
        assert (plan is not None) <= (not inside)
        assert plan is None or plan.digest
    return found


def check(text: str, path: str) -> None:
    for each in run(text, path):
        assert re.fullmatch(r"[A-Z]{3}[0-9]{3}", each.code)
        assert each.message
        assert len(each.message) < 1_000
        if each.where is None:
            assert each.code == "SRC002"
            continue
        span = each.where.span
        assert span.source.path in (path, "audiences.campaign")
        assert 0 <= span.start <= span.end <= len(span.source.text)
        assert all(0 <= other.span.start <= other.span.end <= len(other.span.source.text) for other in each.see_also)


@given(st.text(max_size=200), st.sampled_from(("x.campaign", "x.campaign.yaml")))
def test_any_text(text: str, path: str) -> None:
    check(text, path)


WORDS = sorted({word for text in SOURCES.values() for word in TOKEN.findall(text) if word.strip()})


@given(st.lists(st.sampled_from([*WORDS, " ", "\n", "\n  ", "{", "}", "# "]), max_size=60), st.booleans())
def test_any_words(words: list[str], spaced: bool) -> None:
    check((" " if spaced else "").join(words), "x.campaign")


@pytest.mark.parametrize("path", SOURCES)
@given(data=st.data())
def test_samples_with_something_changed(path: str, data: st.DataObject) -> None:
    tokens = TOKEN.findall(SOURCES[path])
    for _ in range(data.draw(st.integers(1, 4), "changes")):
        at = data.draw(st.integers(0, len(tokens) - 1), "at")
        other = data.draw(st.integers(0, len(tokens) - 1), "other")
        match data.draw(st.sampled_from(("delete", "double", "swap", "put", "cut", "replace")), "what"):
            case "delete":
                tokens = [*tokens[:at], *tokens[at + 1 :]] or tokens
            case "double":
                tokens.insert(at, tokens[at])
            case "swap":
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case "put":
                tokens.insert(at, data.draw(st.text(max_size=3), "text"))
            case "replace":
                tokens[at] = data.draw(st.sampled_from(WORDS), "word")
            case "cut":
                tokens = tokens[: at + 1]
    check("".join(tokens), path)


@pytest.mark.parametrize("path", SOURCES)
def test_the_tokens_above_make_up_the_file(path: str) -> None:
    assert "".join(TOKEN.findall(SOURCES[path])) == SOURCES[path]


def test_the_sources_are_sound_as_syntax() -> None:
    for path, text in SOURCES.items():
        problems = Problems()
        parse(SourceFile(path, text), problems)
        assert problems.sorted() == ()
