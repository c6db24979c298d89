"""Catalog and workspace settings: what is read, what is refused, and where the finding points."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign_dsl.language.catalog.checking import check_catalog
from campaign_dsl.language.catalog.loading import load_catalog, load_workspace_settings
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.catalog.shapes import MAX_PROBLEMS
from campaign_dsl.language.catalog.types import Kind
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import SourceFile, decode, read_source

SAMPLE = Path(__file__).parents[3] / "campaigns"

CUSTOMERS = "customers: {table: c, key: id, attributes: {id: {type: text, nullable: false}}}\n"
WORKSPACE = """\
name: footwear
timezone: America/New_York
policies: {leap_day: feb_28, misfire: skip, consent: required, quiet: "21:00 to 08:00"}
default_target: local
targets:
  local: {engine: {kind: duckdb, database: w}, ledger: {kind: sqlite, path: l}, delivery: sandbox}
"""
LEDGER = "ledger: {kind: sqlite, path: l}"


def marked(text: str) -> tuple[str, str | None, int]:
    """``text`` without its markers «», what they marked, and where that is."""
    if "«" not in text:
        return text, None, -1
    before, _, rest = text.partition("«")
    inner, _, after = rest.partition("»")
    return before + inner + after, inner, len(before)


def show(problems: tuple[Diagnostic, ...]) -> list[str]:
    """A finding a line, for a readable failure."""
    return [f"{problem.code} {problem.message}" for problem in problems]


def the_one(problems: tuple[Diagnostic, ...]) -> Diagnostic:
    assert len(problems) == 1, show(problems)
    return problems[0]


def check(problem: Diagnostic, code: str, inner: str | None, at: int, words: str) -> None:
    assert problem.code == code
    assert problem.where is not None
    span = problem.where.span
    assert (span.start, span.source.text[span.start : span.end]) == (at, inner)
    assert words in f"{problem.message} | {problem.help}"


def sample(name: str) -> SourceFile:
    source = read_source(SAMPLE / name)
    assert isinstance(source, SourceFile)
    return source


def test_a_ledger_in_postgres_is_one_entry() -> None:
    entry = "ledger: {kind: postgres, host: h, database: m, port: 5433, password: {env: LEDGER}, schema: of_stride}"
    settings, _, problems = load_workspace_settings(SourceFile("w", WORKSPACE.replace(LEDGER, entry)))
    assert show(problems) == []
    assert settings is not None
    ledger = settings.targets["local"].ledger
    assert (ledger.kind, ledger.host, ledger.port, ledger.in_schema, ledger.path) == (
        "postgres", "h", 5433, "of_stride", None,
    )  # fmt: skip


def test_the_sample_workspace_loads_without_a_finding() -> None:
    catalog, positions, problems = load_catalog(sample("catalog.yaml"))
    assert problems == ()
    settings, _, more = load_workspace_settings(sample("workspace.yaml"))
    assert more == ()
    assert isinstance(catalog, Catalog)
    assert isinstance(settings, WorkspaceSettings)
    assert check_catalog(catalog, positions, settings) == ()
    assert catalog.customers.attributes["tier"].values == ("member", "silver", "gold", "platinum")
    assert catalog.customers.attributes["tier"].type is Kind.ENUM
    assert catalog.offers["birthday_half_price"].percent == 50
    assert settings.gates.offers == 1_000_000
    assert settings.policies.quiet == "21:00 to 08:00"


def test_positions() -> None:
    source = sample("catalog.yaml")
    _, positions, _ = load_catalog(source)

    def text(span) -> str:
        return source.text[span.start : span.end]

    path = ("offers", "birthday_half_price", "percent")
    assert text(positions.key(*path)) == "percent"
    assert text(positions.value(*path)) == "50"
    assert text(positions.value("point_accounts", "rewards", "sources", 1)) == "purchase"
    assert text(positions.key("point_accounts", "rewards", "sources", 1)) == "purchase"
    assert text(positions.key("point_accounts", "rewards", "sources", 99)) == "sources"
    assert text(positions.value("offers", "birthday_half_price", "amount")) == "birthday_half_price"
    assert text(positions.value("offers", "none", "at", "all")) == "offers"
    assert text(positions.key("nothing")) == ""
    assert positions.key().start == source.text.index("customers:")
    _, nowhere, _ = load_catalog(SourceFile("f", ""))
    assert (nowhere.key("a").start, nowhere.value("a", 1).end) == (0, 0)


@pytest.mark.parametrize(
    ("code", "text", "words"),
    [
        ("CAT001", "«ofers»: {}\n", "did you mean `offers`?"),
        ("CAT001", "tags: {vip: {«titel»: x}}\n", "did you mean `title`?"),
        ("CAT001", "channels: {email: {«x»: y}}\n", "its keys are `address`, `consent` and `type`"),
        ("CAT002", "offers:\n  «half»: {form: buy_x_get_y}\n", "add `title: ...`"),
        ("CAT002", "variants: {«v»: {channel: c}}\n", "add `provider: ...` (a key of `providers` in workspace.yaml)"),
        ("CAT002", "point_accounts: {«r»: {title: x}}\n", "add `sources: [...]`"),
        ("CAT002", "offers: {«o»: {title: x}}\n", "add `form: percentage_off_check`"),
        ("CAT003", "«tags»: [vip]\n", "expected entries, found a list"),
        ("CAT003", "tags: «vip»\n", "expected entries, found `vip`"),
        ("CAT003", "tags: {vip: «title:x»}\n", "write `title: x`, with a space after the colon"),
        ("CAT003", "tags: {vip: {«title»: [x]}}\n", "expected a text, found a list"),
        ("CAT003", "tags: {vip: {«title»: {x: y}}}\n", "expected a text, found entries"),
        ("CAT003", "point_accounts: {r: {title: x, sources: «birthday»}}\n", "write `[birthday]`"),
        ("CAT003", "point_accounts: {r: {title: x, «sources»: {a: b}}}\n", "expected a list, found entries"),
        ("CAT003", "point_accounts: {r: {title: x, sources: [a], active: «yes»}}\n", "write `true`"),
        ("CAT003", "point_accounts: {r: {title: x, sources: [a], active: «True»}}\n", "write `true`"),
        ("CAT003", "point_accounts: {r: {title: x, sources: [a], active: «'true'»}}\n", "remove the quotes: `true`"),
        ("CAT003", "point_accounts: {r: {title: x, sources: [a], active: «1»}}\n", "write `true` or `false`"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «many»}}\n", "expected an integer"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «'50'»}}\n", "remove the quotes: `50`"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «5e1»}}\n", "expected an integer"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «50%»}}\n", "expected an integer"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «012»}}\n", "write `12`"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «5_»}}\n", "expected an integer"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, percent: «٥٠»}}\n", "expected an integer"),
        ("CAT003", "offers: {o: {title: x, form: percentage_off_item, «percent»: [5]}}\n", "found a list"),
        (
            "CAT003",
            "offers: {o: {title: x, form: buy_x_get_y, valid_until: «2023-02-29»}}\n",
            "not a day of the calendar",
        ),
        ("CAT003", "offers: {o: {title: x, form: buy_x_get_y, valid_until: «0000-01-01»}}\n", "not a day"),
        ("CAT003", "offers: {o: {title: x, form: buy_x_get_y, valid_until: «31.12.2026»}}\n", "as in `2026-12-31`"),
        ("CAT003", "offers: {o: {title: x, form: buy_x_get_y, valid_until: «20261231»}}\n", "as in `2026-12-31`"),
        ("CAT004", "offers: {o: {title: x, form: «buy_x_gets_y»}}\n", "did you mean `buy_x_get_y`?"),
        ("CAT004", "events: {e: {table: t, properties: {p: {type: «Text»}}}}\n", "did you mean `text`?"),
        ("CAT004", "variants: {v: {provider: p, channel: c, include: [offer, «offers»]}}\n", "did you mean `offer`?"),
        ("CAT004", "variants: {v: {provider: p, channel: c, identifier: «x»}}\n", "`email` and `external_user_id`"),
        *(
            ("CAT005", f"suppression_lists: {{gone: {{table: «{table}»}}}}\n", "one to three parts with points between")
            for table in ("../secret.csv", "a..b", "a.b.c.d", ".x", "x.", ".")
        ),
        ("CAT005", "profile: {tags: {table: «a..b»}}\n", "as in `orders`, `shop.orders`"),
        ("CAT005", "tags: {«Very Important»: {}}\n", "as in `very_important`"),
        ("CAT005", "tags: {«'9'»: {}}\n", "a name begins with a lower case letter"),
        ("CAT005", "tags: {«" + "x" * 64 + "»: {}}\n", "has 64 characters; at most 63"),
        ("CAT005", "tags: {vip: {title: «" + "x" * 4001 + "»}}\n", "at most 4,000"),
        ("CAT005", "offers: {o: {title: x, form: amount_off_item, amount: «5.123»}}\n", "looks like `5` or `12.50`"),
        ("CAT005", "offers: {o: {title: x, form: amount_off_item, amount: «٥»}}\n", "looks like `5` or `12.50`"),
        ("CAT005", "offers: {o: {title: x, form: buy_x_get_y, logo: «http://x»}}\n", "must begin with `https://`"),
        ("CAT006", "offers: {o: {title: x, form: percentage_off_item, percent: «0»}}\n", "at least 1"),
        ("CAT006", "offers: {o: {title: x, form: percentage_off_item, percent: «-5»}}\n", "at least 1"),
        ("CAT006", "offers: {o: {title: x, form: percentage_off_item, percent: «101»}}\n", "at most 100"),
        (
            "CAT006",
            "offers: {o: {title: x, form: percentage_off_item, percent: «" + "9" * 5000 + "»}}\n",
            "5,000 digits",
        ),
        ("CAT007", "offers: {o: {title: x, form: «percentage_off_item»}}\n", "needs `percent`"),
        ("CAT007", "offers: {o: {title: x, form: buy_x_get_y, percent: «5»}}\n", "takes no `percent`"),
        ("CAT007", "events: {e: {table: t, properties: {p: {type: «enum»}}}}\n", "an enum needs `values`"),
        ("CAT007", "events: {e: {table: t, properties: {p: {type: text, values: «[a]»}}}}\n", "`type: enum` only"),
        ("CAT007", "events: {e: {table: t, properties: {p: {type: text, ordered: «true»}}}}\n", "`type: enum` only"),
        ("CAT008", "point_accounts: {r: {title: x, sources: [a, b, «a»]}}\n", "`a` is listed twice"),
        ("CAT008", "events: {e: {table: t, properties: {p: {type: enum, values: [a, «'a'»]}}}}\n", "listed twice"),
        ("CAT009", "tags: {vip: {title: «~»}}\n", "`~` is not a value"),
        ("CAT009", "tags: {vip: {title: «null»}}\n", "put it in quotes to mean the word"),
        ("CAT009", "tags: {vip: {title: «''»}}\n", "`title` is empty"),
        ("CAT009", "tags: {vip: {title:«» }}\n", "`title` has no value"),
        ("CAT009", "offers: {o: {title: x, form:«» }}\n", "write one of `percentage_off_check`"),
        ("CAT009", "point_accounts: {r: {title: x, sources: «[]»}}\n", "write at least one"),
        ("YML016", "tags: {vip: {}, «vip»: {}}\n", "given twice"),
        ("YML013", "tags: {vip: «&x» {}}\n", "write each value out"),
    ],
)
def test_one_finding_at_the_tight_place(code: str, text: str, words: str) -> None:
    clean, inner, at = marked(text)
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", CUSTOMERS + clean))
    assert catalog is None
    check(the_one(problems), code, inner, len(CUSTOMERS) + at, words)


@pytest.mark.parametrize(
    ("code", "old", "new", "words"),
    [
        ("WSP001", "", "«catalogue»: x\n", "did you mean `catalog`?"),
        ("WSP002", ", consent: required", "", "add `consent: required` (whether messages need"),
        ("WSP002", ", delivery: sandbox", "", "add `delivery: sandbox`"),
        ("WSP003", "", "«gates»: [x]\n", "expected entries"),
        ("WSP003", "", "gates: {offers: «1e6»}\n", "as in `1_000_000`"),
        ("WSP003", "", "gates: {offers: «1.000.000»}\n", "as in `1_000_000`"),
        ("WSP004", "feb_28", "«feb_29»", "did you mean `feb_28`?"),
        ("WSP004", "kind: sqlite", "kind: «sqlight»", "did you mean `sqlite`?"),
        ("WSP005", "America/New_York", "«America/NewYork»", "did you mean `America/New_York`"),
        ("WSP005", "America/New_York", "«EST5»", "not a zone"),
        ("WSP005", "name: footwear", "name: «Foot Wear»", "as in `foot_wear`"),
        ("WSP005", "skip", "«catch up»", "as in `catch up at most 3 days`"),
        ("WSP005", '"21:00 to 08:00"', "«21:00 to 8:00»", 'as in `"21:00 to 08:00"`'),
        ("WSP005", "", "providers: {p: {kind: braze, endpoint: «rest.braze.com»}}\n", "must begin with `https://`"),
        ("WSP006", "", "sandbox: {port: «0»}\n", "`port` is at least 1"),
        ("WSP007", "default_target: local", "default_target: «locla»", "did you mean `local`?"),
        (
            "WSP007",
            "",
            "providers: {p: {kind: b, endpoint: http://x, «secret»: {env: A, file: b}}}\n",
            "exactly one of",
        ),
        ("WSP009", "timezone: America/New_York", "timezone:«»", "`timezone` has no value"),
        ("WSP007", LEDGER, "«ledger»: {kind: postgres, database: m}", "add `host: ...`"),
        ("WSP007", LEDGER, "«ledger»: {kind: sqlite}", "add `path: ...`"),
        ("WSP007", "path: l}", "path: l, host: «x»}", "there is only `path`"),
        (
            "WSP007",
            LEDGER,
            "ledger: {kind: postgres, host: h, database: m, path: «x»}",
            "`schema`, `sslmode` and `user`",
        ),
        ("WSP001", LEDGER, "ledger: {kind: postgres, «hots»: h, database: m}", "did you mean `host`?"),
        ("WSP004", LEDGER, "ledger: {kind: «postgresql», host: h, database: m}", "did you mean `postgres`?"),
        ("WSP005", LEDGER, "ledger: {kind: postgres, host: h, database: m, schema: «My Ledger»}", "as in `my_ledger`"),
    ],
)
def test_one_finding_in_the_workspace(code: str, old: str, new: str, words: str) -> None:
    text = WORKSPACE.replace(old, new, 1) if old else WORKSPACE + new
    clean, inner, at = marked(text)
    settings, _, problems = load_workspace_settings(SourceFile("workspace.yaml", clean))
    assert settings is None
    problem = the_one(problems)
    if inner is None:
        assert problem.code == code
        assert words in str(problem.help)
    else:
        check(problem, code, inner, at, words)


def test_an_empty_list_of_targets_is_refused() -> None:
    text = WORKSPACE.partition("targets:")[0] + "targets: {}\n"
    assert the_one(load_workspace_settings(SourceFile("w", text))[2]).code == "WSP009"


@pytest.mark.parametrize(
    "secret",
    [
        "api_key: hunter2",
        "api_key: [hunter2]",
        "api_key: {env: hunter2}",
        "secret: 'hunter2'",
    ],
)
def test_a_secret_in_the_file_is_not_repeated(secret: str) -> None:
    line = f"providers: {{p: {{kind: braze, endpoint: http://x, {secret}}}}}\n"
    _, _, problems = load_workspace_settings(SourceFile("w", WORKSPACE + line))
    assert "hunter2" not in repr(problems)
    assert problems


def test_all_problems_are_reported_at_once() -> None:
    text = """\
customers:
  table: customers
  key: customer_id
  attributes:
    customer_id: {type: txt, nullable: False}
    Email: {type: text, pii: yes}
    level: {type: enum}
    size: {type: text, values: [x, x], colum: y}
    born:
offers:
  half:
    form: percentage_of_check
    percent: "50"
  third: {title: x, form: percentage_off_item, percent: 300, logo: x}
point_accounts:
  miles: {title: x, sources: [Road]}
ofers: {}
"""
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert catalog is None
    found = [
        (problem.code, problem.where.span.line, problem.where.span.column) for problem in problems if problem.where
    ]
    assert found == [
        ("CAT004", 5, 25),
        ("CAT003", 5, 40),
        ("CAT005", 6, 5),
        ("CAT003", 6, 30),
        ("CAT007", 7, 19),
        ("CAT008", 8, 36),
        ("CAT001", 8, 40),
        ("CAT003", 9, 5),
        ("CAT002", 11, 3),
        ("CAT004", 12, 11),
        ("CAT003", 13, 14),
        ("CAT006", 14, 57),
        ("CAT005", 14, 68),
        ("CAT005", 16, 31),
        ("CAT001", 17, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "catalog\n",
        "- a\n",
        "{}",
        "[]",
        "customers:\n",
        "customers: []\n",
        "a: b\n",
        "'customers': x\n",
    ],
)
def test_files_that_are_no_catalog(text: str) -> None:
    for load in (load_catalog, load_workspace_settings):
        model, _, problems = load(SourceFile("f", text))
        assert model is None
        assert problems
        assert all(problem.where is not None for problem in problems)


def test_what_people_write_is_accepted() -> None:
    text = """\
customers:
  table: "customers"
  key: 'id'
  attributes:
    id:
      type: "integer"
      nullable: false
events:
  walk:
    table: t
    kind: {column: k, equals: 1}
    properties:
offers:
  five: {title: NO, form: amount_off_item, amount: 5, valid_until: '2028-02-29', active: false}
  quoted: {title: 'null', form: buy_x_get_y}
tags:
  vip:
  big: {}
channels:
"""
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert show(problems) == []
    assert catalog is not None
    assert catalog.offers["five"].title == "NO"
    assert catalog.offers["quoted"].title == "null"
    assert catalog.offers["five"].amount == "5"
    assert catalog.offers["five"].valid_until == date(2028, 2, 29)
    assert list(catalog.tags) == ["vip", "big"]
    assert catalog.channels == {}
    kind = catalog.events["walk"].kind
    assert kind is not None
    assert kind.equals == "1"


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("1_0", 10), ("10", 10), ("1_000_000", 1_000_000)])
def test_integers(text: str, value: int) -> None:
    settings, _, problems = load_workspace_settings(SourceFile("w", WORKSPACE + f"gates: {{offers: {text}}}\n"))
    assert problems == ()
    assert settings is not None
    assert settings.gates.offers == value


@pytest.mark.parametrize(
    "line",
    ["  t{n}: {{titel: x}}\n", "  T{n}: {{}}\n", "  t{n}: {{title: [x]}}\n", "  t{n}: {{title: ''}}\n", "  t{n}: x\n"],
)
def test_thousands_of_mistakes_are_cut_short(line: str) -> None:
    text = CUSTOMERS + "tags:\n" + "".join(line.format(n=n) for n in range(15_000))
    catalog, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert catalog is None
    assert len(problems) == MAX_PROBLEMS


PARTS = [
    b"\n",
    b"  ",
    b": ",
    b"- ",
    b"'",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"#",
    b"&a ",
    b"*a",
    b"!",
    b"\xff",
    b"\0",
    b"~",
    b"-1",
]


@given(
    st.sampled_from(["catalog.yaml", "workspace.yaml"]),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 30), st.sampled_from([*PARTS, b""])), max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_damaged_files_end_in_a_model_or_in_located_findings(name: str, edits: list[tuple[int, int, bytes]]) -> None:
    data = (SAMPLE / name).read_bytes()
    for at, length, part in edits:
        data = data[:at] + part + data[at + length :]
    source = decode(name, data)
    if isinstance(source, SourceFile):
        for load in (load_catalog, load_workspace_settings):
            model, positions, problems = load(source)
            assert (model is None) == bool(problems)
            assert all(problem.where is not None and problem.help for problem in problems)
            if isinstance(model, Catalog):
                assert all(problem.where is not None for problem in check_catalog(model, positions, None))
