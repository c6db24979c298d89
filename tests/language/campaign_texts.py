"""Random campaign files: any clause in any form, with comments and blank lines wherever they may stand."""

from __future__ import annotations

from hypothesis import strategies as st
from sound_clauses import SOUND
from trees import expressions

from campaign_dsl.language.syntax.spec import FILE, SEQUENCE, BlockSpec, ClauseSpec
from campaign_dsl.language.syntax.writing import written

BODIES: dict[str, list[str]] = {}
for _start, _body, _ in SOUND:
    if "\n" not in _body:
        BODIES.setdefault(_start, []).append(_body)
COMMENTS = st.sampled_from(("# a", "# a remark: with { and \" and 'quotes'", "#", "# # twice"))
ENTRY_NAMES = ("alpha", "beta", "gamma_2", "d")
DEPTH = 3


def bodies(start: str) -> st.SearchStrategy[str]:
    """A sound body for a start symbol."""
    conditions = expressions().map(written)
    made = {
        "where_clause": conditions,
        "exclude_clause": conditions.map(lambda text: f"where {text}"),
        "segment_entry": conditions.map(lambda text: f"where {text}"),
        "send_clause": conditions.map(lambda text: f"note when {text}"),
        "on_clause": conditions.map(lambda text: f"purchase where {text}"),
        "award_clause": expressions().map(lambda node: f"({written(node)}) points to a source b"),
    }
    known = st.sampled_from(BODIES[start])
    return known | made[start] if start in made else known


def entries(spec: BlockSpec) -> st.SearchStrategy[str]:
    """What may stand behind an event in a goal; a step of a sequence is one event, and only there it has a name."""
    conditions = expressions().map(lambda node: f"where {written(node)}")
    if spec is SEQUENCE:
        return st.sampled_from(("", "as cart")) | conditions.map(lambda text: f"{text} as cart")
    return st.sampled_from(("", "at geofence boston", "at least 3 times within 14 days")) | conditions


@st.composite
def spread(draw: st.DrawFn, body: str) -> str:
    """A body over several lines, with comments between them."""
    words = body.split(" ")
    places = [at for at, word in enumerate(words) if word in ("and", "or", "when", "otherwise") and at]
    if '"' in body or not places or not draw(st.booleans()):
        return body
    at = draw(st.sampled_from(places))
    remark = draw(st.none() | COMMENTS)
    return " ".join(words[:at]) + (f"  {remark}" if remark else "") + "\n      " + " ".join(words[at:])


@st.composite
def items(draw: st.DrawFn, spec: BlockSpec, depth: int) -> list[str]:
    """The lines of a block."""
    lines: list[str] = []
    kinds: list[tuple[str, ClauseSpec | BlockSpec | None]] = [*spec.clauses.items()]
    kinds += list(spec.blocks.items()) if depth < DEPTH else []
    kinds += [(name, None) for name in ENTRY_NAMES] if spec.entry is not None else []
    used: set[str] = set()
    for keyword, kind in draw(st.lists(st.sampled_from(kinds), max_size=5)) if kinds else []:
        if kind is not None and not kind.many and keyword in used:
            continue
        if kind is None and keyword in used and spec.entry != "goal_entry":
            continue
        used.add(keyword)
        lines += [""] * draw(st.integers(0, 2))
        lines += draw(st.lists(COMMENTS, max_size=2))
        behind = draw(st.sampled_from(("", "", "", "  # behind")))
        if isinstance(kind, BlockSpec):
            lines += draw(block(keyword, kind, depth + 1, len(lines)))
            continue
        start = spec.entry if kind is None else kind.start
        known = entries(spec) if start == "goal_entry" else None
        body = "" if start is None else draw((bodies(start) if known is None else known).flatmap(spread))
        lines += f"{keyword} {body}{behind}".split("\n")
    lines += draw(st.lists(COMMENTS, max_size=1))
    return lines


@st.composite
def block(draw: st.DrawFn, keyword: str, spec: BlockSpec, depth: int, number: int) -> list[str]:
    head = draw(bodies(spec.head)) if spec.head is not None else ""
    if spec.head == "word_clause":
        head = f"name_{number}"
    behind = draw(st.sampled_from(("", "", " # opens")))
    ends = draw(st.sampled_from(("", "", " # closes")))
    inside = draw(items(spec, depth))
    indent = draw(st.sampled_from(("  ", "\t", "")))
    return [f"{keyword} {head} {{{behind}", *(indent + line for line in inside), f"}}{ends}"]


campaign_texts = items(FILE, 0).map(lambda lines: "\n".join(lines) + "\n")
