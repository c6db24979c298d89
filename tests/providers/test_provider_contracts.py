import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from campaign_dsl.run.providers import contracts

EXAMPLES = Path(__file__).parent / "contracts" / "examples"
MANIFEST = json.loads((EXAMPLES / "manifest.json").read_text(encoding="utf-8"))
CASES = [(name, file, note) for name, notes in MANIFEST.items() for file, note in notes.items()]


def read(name, file):
    return json.loads((EXAMPLES / name / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "file", "note"), CASES, ids=[f"{name}/{file}" for name, file, _ in CASES])
def test_example(name, file, note):
    problems = contracts.validate(name, read(name, file))
    assert bool(problems) == (note["expect"] == "invalid"), problems


@pytest.mark.parametrize(("name", "file"), [(n, f) for n, f, note in CASES if note.get("by") == "x-keyword"])
def test_only_our_own_keywords_catch_these(name, file):
    schema = json.loads((Path(contracts.__file__).parent / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert Draft202012Validator(schema, format_checker=FormatChecker()).is_valid(read(name, file))


def test_every_contract_has_examples_of_both_kinds():
    assert set(contracts.names()) == set(MANIFEST)
    for name, notes in MANIFEST.items():
        assert {note["expect"] for note in notes.values()} == {"valid", "invalid"}, name
        assert {path.name for path in (EXAMPLES / name).glob("*.json")} == set(notes)


def test_an_unknown_contract_is_said():
    with pytest.raises(ValueError, match="no contract"):
        contracts.validate("braze", {})


def test_problems_name_the_place_and_never_the_value():
    document = read("messaging-variant", "valid-1.json")
    document["email"] = "canary without an address sign"
    document["customer_identifier"] = {"external_user_id": "canary", "email": "canary@example.com"}
    document["offer"]["expiration_date"] = "canary"
    document["campaign"]["campaign_runtime"] = "canary"
    problems = contracts.validate("messaging-variant", document)
    assert {problem.split(":")[0] for problem in problems} == {
        "email",
        "customer_identifier",
        "offer/expiration_date",
        "campaign/campaign_runtime",
    }
    assert "canary" not in str(problems)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"canvas_id": "c"}, "forms"),
        ({"surprise": 1}, "unknown key `surprise`"),
        ({"campaign_id": ""}, "too small"),
        ({"broadcast": "no"}, "must be boolean"),
        ({"event_trigger": []}, "event_trigger: must be object"),
        (
            {"customer_identifier": {}},
            "customer_identifier: needs exactly one of `external_user_id`, `user_alias`, `email`",
        ),
        ({"offer": {}}, "offer: lacks `offer_id`"),
    ],
)
def test_the_words_of_a_problem(change, said):
    problems = contracts.validate("messaging-variant", read("messaging-variant", "valid-1.json") | change)
    assert any(said in problem for problem in problems), problems


def test_what_may_not_be_there_is_named():
    problems = contracts.validate(
        "braze-campaigns-trigger-send.request", read("braze-campaigns-trigger-send.request", "invalid-2.json")
    )
    assert problems == ["recipients: is not allowed here"]


def test_hostile_documents_end_in_problems():
    deep: object = 1
    for _ in range(5000):
        deep = {"a": deep}
    assert contracts.validate("braze-campaigns-trigger-send.request", {"campaign_id": "c", "trigger_properties": deep})
    for name in contracts.names():
        for document in (None, [], "text", 1, {}, [[]]):
            assert contracts.validate(name, document)
    assert contracts.validate(
        "standard-webhooks-payload", {"type": "a", "timestamp": "\ud800", "data": {"a": "\udfff"}}
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_compact_refuses_what_json_cannot_say(value):
    with pytest.raises(ValueError, match=r"JSON|surrogates"):
        contracts.compact({"a": value})


def test_compact_is_short_and_utf8():
    assert contracts.compact({"a": ["ä", 1]}) == '{"a":["ä",1]}'.encode()
