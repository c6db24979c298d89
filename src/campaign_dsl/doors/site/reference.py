"""The reference of the language, `docs/language/reference.md`, from its tables.

`python -m campaign_dsl.doors.site.reference` writes it, `--check` says whether it is what it would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from campaign_dsl.doors.site import quoting
from campaign_dsl.doors.site.tables import DOCS, write_or_check
from campaign_dsl.doors.site.tables import code as _code
from campaign_dsl.doors.site.tables import table as _table
from campaign_dsl.language.catalog.types import COMPUTED, Kind
from campaign_dsl.language.content.filters import FILTERS
from campaign_dsl.language.ir import operators as o
from campaign_dsl.language.syntax.forms import CLAUSES, CONDITIONS, VALUES, WINDOWS, Form
from campaign_dsl.language.syntax.spec import DISPLAYS, MESSAGE_TYPES, BlockSpec, named_blocks

PAGE = DOCS / "language" / "reference.md"
_COMMAND = "python -m campaign_dsl.doors.site.reference"

HEADS = {
    "group_head": "of within 30 days",
    "sequence_head": "within 7 days",
    "choice_head": "of",
    "content_head": "for language de",
    "message_head": "NAME TYPE",
    "word_clause": "NAME",
}
"""How what stands before the brace of a block looks, by its start symbol."""

_KINDS: dict[Kind, str] = {
    Kind.TEXT: "Unicode text, compared by code point.",
    Kind.INTEGER: "A whole number of 64 bits.",
    Kind.DECIMAL: "An exact decimal with up to 38 digits, never a binary float.",
    Kind.BOOLEAN: "`true` or `false`.",
    Kind.DATE: "A calendar day, without a zone.",
    Kind.TIMESTAMP: "An instant.",
    Kind.ENUM: "One of the words that the catalog lists; `ordered: true` gives them an order.",
    Kind.LIST: "Several values of one type, `of: text`.",
    Kind.RECORD: "Named fields, `fields: {city: text}`; reached as `address.city`.",
    Kind.GEO: "A place on the map, from a column of latitudes and one of longitudes.",
    Kind.DURATION: "An exact length of time: `30 days` are 30 times 24 hours.",
    Kind.TIME: "A time of day: `09:00`.",
}


def page() -> str:
    """The whole page."""
    sections = [
        "# Reference\n",
        f"<!-- Generated from the tables of the language by `{_COMMAND}`. Do not edit. -->\n",
        "Everything a campaign file can say, in the order in which one meets it. The [tutorial](tutorial.md) begins "
        "with less, [the catalog](catalog.md) has the keys of its neighbours, and [decisions](decisions.md) says why "
        "things are as they are.\n",
        *_blocks(),
        *_clauses(),
        *_messages(),
        "## Conditions\n",
        "A condition is about one customer at one instant, T. A test on a missing value is false, and `not` is the "
        "complement. A `where` reaches as far to the right as it can; parentheses end it.\n",
        *_sections(CONDITIONS),
        "## Values\n",
        "A path names an attribute (`tier`, `customer.tier`), a field of a record (`address.city`), or, through a key, "
        "a column of a dimension (`home_store.city`). Inside a `where` it names what the row has, and `occurred_at`, "
        "which every event has. `age` and `tier_multiplier` are known of every customer whose birth date and tier "
        "are.\n",
        *_sections(VALUES),
        "## Windows\n",
        _table(("form", "meaning"), ((_code(each.example), each.summary) for each in WINDOWS)),
        "## Operators\n",
        *_operators(),
        "## Types\n",
        _table(
            ("type", "meaning", "in the catalog"),
            ((f"`{kind.value}`", _KINDS[kind], "" if kind in COMPUTED else "yes") for kind in Kind),
        ),
        "Each value may be missing unless its attribute is `nullable: false`. Numbers are compared with numbers, "
        "days with days and instants, words of an enum with words of the same enum, and everything else with its "
        "own type.\n",
        "## Filters of content\n",
        'Behind a value in a template, as in `{{ customer.birth_date | date("%d %B") }}`. What may be missing needs '
        "`default(...)`, or a `{% if %}` around it.\n",
        _table(
            ("filter", "behind", "gives"),
            (
                (_code(each.example), ", ".join(kind.value for kind in each.takes) or "anything", _gives(each.gives))
                for each in FILTERS.values()
            ),
        ),
        "## What messages can quote\n",
        *quoting.section(),
    ]
    return "\n".join(sections)


def _gives(kind: Kind | None) -> str:
    return "the same" if kind is None else kind.value


def _blocks() -> Iterator[str]:
    yield "## Blocks and clauses\n"
    yield (
        "A clause begins on a line of its own with its keyword, and goes on until the next line that begins one. In "
        "YAML a block is a mapping under its keyword, a clause a key, and several clauses of one kind a list under "
        "their key; where the order matters, as in `outcomes`, a block may be a list of whole clauses.\n"
    )
    for name, spec in named_blocks():
        yield f"### `{name}`\n" if name != "file" else "### A file\n"
        yield f"{spec.summary}\n"
        rows = [
            (_code(f"{keyword} {clause.example}".strip()), clause.summary, "yes" if clause.many else "")
            for keyword, clause in spec.clauses.items()
        ]
        rows += [
            (opened(word, child), child.summary, "yes" if child.many else "") for word, child in spec.blocks.items()
        ]
        if spec.entry is not None:
            rows.append((_code(" ".join(spec.entry_example.split())), _entry(spec), "yes"))
        yield _table(("clause", "meaning", "several"), rows)


def opened(word: str, spec: BlockSpec) -> str:
    """How a block begins: `message NAME TYPE { }`."""
    return _code(f"{word} {HEADS[spec.head]} {{ }}" if spec.head is not None else f"{word} {{ }}")


def _entry(spec: BlockSpec) -> str:
    return "A name of yours, and its text." if spec.entry_text else "An entry, with a name of yours before it." \
        if spec.entry != "goal_entry" else "An event, with what it has to be like."  # fmt: skip


def _clauses() -> Iterator[str]:
    titles = {
        "on_clause": "`on`",
        "every_clause": "`every`",
        "issue_clause": "`issue`",
        "condition": "Conditions of outcomes",
        "option": "Options of outcomes",
        "part_clause": "Parts of a content",
    }
    yield "## Clauses that have several forms\n"
    for start, forms in CLAUSES.items():
        yield f"### {titles[start]}\n"
        yield _table(("form", "meaning"), ((_code(each.example), each.summary) for each in forms))


def _messages() -> Iterator[str]:
    yield "## Types of messages\n"
    yield _table(
        ("type", "meaning", "parts it needs", "parts it may have"),
        (
            (
                f"`{name}`",
                kind.summary + (" It needs `visible`." if kind.visible else ""),
                ", ".join(kind.required),
                ", ".join(kind.optional),
            )
            for name, kind in MESSAGE_TYPES.items()
        ),
    )
    shown = (f"`display {name}` needs {', '.join(parts)}" for name, parts in DISPLAYS.items())
    yield f"An in-app message says how it shows: {'; '.join(shown)}.\n"


def _sections(forms: Mapping[str, tuple[Form, ...]]) -> Iterator[str]:
    for title, rows in forms.items():
        yield f"### {title}\n"
        yield _table(("form", "meaning"), ((_code(each.example), each.summary) for each in rows))


def _operators() -> Iterator[str]:
    tables = {
        "Comparisons": (o.COMPARISONS, "{}"),
        "Text": (o.TEXT_TESTS, "{}"),
        "Regular expressions": (o.PATTERN_TESTS, "{}"),
        "Lists": (o.LIST_TESTS, "contains {} of"),
        "Elements of lists": (o.QUANTIFIERS, "{} of"),
        "Calculations": (o.ARITHMETIC, "{}"),
        "Rounding": (o.ROUNDINGS, "round {} to"),
        "Functions": (o.FUNCTIONS, "{}"),
        "Aggregates": (o.AGGREGATES, "{} of"),
    }
    for title, (table, form) in tables.items():
        yield f"### {title}\n"
        rows = (
            (_code(form.format(each.symbol)), each.summary, ", ".join(sorted(kind.value for kind in each.takes)))
            for each in table.values()
        )
        yield _table(("operator", "meaning", "of"), rows)


if __name__ == "__main__":
    write_or_check(PAGE, page(), _COMMAND, check="--check" in sys.argv[1:])
