"""Names inside the catalog that must fit each other."""

from __future__ import annotations

import pytest

from campaign_dsl.language.catalog.checking import check_catalog
from campaign_dsl.language.catalog.loading import load_catalog, load_workspace_settings
from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.language.source.files import SourceFile

CATALOG = """\
customers:
  table: customers
  key: id
  time_zone: zone
  birth_date: born
  attributes:
    id: {type: text, nullable: false}
    number: {type: integer, nullable: false}
    email: {type: text}
    zone: {type: text}
    born: {type: date}
    email_consent: {type: boolean}
channels:
  email: {address: email, consent: email_consent}
  push: {consent: email_consent}
variants:
  note: {provider: braze, channel: email, identifier: email}
  ping: {provider: hooks, channel: push}
"""
WORKSPACE = """\
name: footwear
timezone: America/New_York
policies: {leap_day: feb_28, misfire: skip, consent: required, quiet: none}
default_target: local
targets:
  local: {engine: {kind: duckdb, database: w}, ledger: {kind: sqlite, path: l}, delivery: sandbox}
providers:
  braze: {kind: braze, endpoint: "https://x.example"}
  hooks: {kind: webhook, endpoint: "https://x.example"}
"""


def findings(text: str, workspace: str | None = WORKSPACE) -> tuple[Diagnostic, ...]:
    catalog, positions, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert problems == ()
    assert catalog is not None
    settings = None
    if workspace is not None:
        settings, _, more = load_workspace_settings(SourceFile("workspace.yaml", workspace))
        assert more == ()
    return check_catalog(catalog, positions, settings)


def test_a_sound_catalog() -> None:
    assert findings(CATALOG) == ()
    assert findings(CATALOG.replace("key: id", "key: number")) == ()


@pytest.mark.parametrize(
    ("code", "old", "new", "words"),
    [
        ("CAT020", "key: id", "key: «ids»", "did you mean `id`"),
        ("CAT020", "time_zone: zone", "time_zone: «zones»", "did you mean `zone`"),
        ("CAT020", "birth_date: born", "birth_date: «birth»", "date attributes: there is only `born`"),
        ("CAT020", "address: email,", "address: «emial»,", "did you mean `email`"),
        ("CAT020", "consent: email_consent}\n  push", "consent: «consent»}\n  push", "email_consent"),
        ("CAT021", "key: id", "key: «born»", "names a date attribute, but needs a text or integer one"),
        ("CAT021", "time_zone: zone", "time_zone: «number»", "names an integer attribute, but needs a text one"),
        ("CAT021", "birth_date: born", "birth_date: «email»", "date attributes: there is only `born`"),
        ("CAT021", "address: email,", "address: «email_consent»,", "text attributes are `email`, `id` and `zone`"),
        (
            "CAT021",
            "consent: email_consent}\n  push",
            "consent: «email»}\n  push",
            "boolean attributes: there is only `email_consent`",
        ),
        ("CAT022", "id: {type: text, nullable: false}", "«id»: {type: text}", "write `nullable: false` for `id`"),
        ("CAT022", "id: {type: text, nullable: false}", "id: {type: text, nullable: «true»}", "may be missing"),
        ("CAT023", "channel: push", "channel: «posh»", "did you mean `push`?"),
        ("CAT024", "provider: braze", "provider: «brace»", "did you mean `braze`?"),
        ("CAT025", "channel: push", "channel: push, identifier: «email»", "`channels.push` has no `address`"),
    ],
)
def test_one_finding_at_the_tight_place(code: str, old: str, new: str, words: str) -> None:
    assert old in CATALOG
    text = CATALOG.replace(old, new, 1)
    start, end = text.index("«"), text.index("»") - 1
    (problem,) = findings(text.replace("«", "").replace("»", ""))
    assert problem.code == code
    assert problem.where is not None
    assert (problem.where.span.start, problem.where.span.end) == (start, end)
    assert words in f"{problem.message} | {problem.help}"


def test_all_are_reported() -> None:
    text = CATALOG.replace("key: id", "key: idd").replace("email,", "mail,").replace("push}", "pull}")
    assert [problem.code for problem in findings(text)] == ["CAT020", "CAT020", "CAT023", "CAT023"]


def test_providers_are_not_checked_without_a_workspace() -> None:
    assert findings(CATALOG.replace("provider: braze", "provider: brace"), None) == ()


def test_names_that_do_not_exist_say_what_could_be_added() -> None:
    text = CATALOG.partition("channels:")[0] + "variants:\n  note: {provider: braze, channel: email}\n"
    (problem,) = findings(text)
    assert problem.help == "add `email` to `channels`"
    (problem,) = findings(CATALOG.partition("  ping")[0], WORKSPACE.partition("providers:")[0])
    assert problem.help == "add `braze` to `providers` of the workspace"
