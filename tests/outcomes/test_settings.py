import pytest

from campaign_dsl.outcomes.settings import settings_problems


def found(settings, kind="braze"):
    return [(problem.key, problem.message) for problem in settings_problems(kind, settings)]


@pytest.mark.parametrize("key", ["braze_campaign_id", "braze_canvas_id"])
def test_one_id_is_right(key):
    assert found({key: "a3f9c2d1-birthday"}) == []
    assert found({key: "b4d1c8f0-1111-4222-8333-444455556666"}) == []


@pytest.mark.seed("S1-24")
def test_both_is_one_too_many():
    ((key, message),) = found({"braze_campaign_id": "a", "braze_canvas_id": "b"})
    assert key == "braze_canvas_id"
    assert "both" in message


@pytest.mark.parametrize("settings", [{}, {"colour": "a"}])
def test_neither_is_too_few(settings):
    assert found(settings)[-1][0] is None


def test_a_misspelt_id_is_one_problem():
    ((key, _),) = found({"braze_campain_id": "a"})
    assert key == "braze_campain_id"


@pytest.mark.parametrize(
    "value",
    ["{{CAMPAIGN ID}}", "{{ campaign_id }}", "${CAMPAIGN_ID}", "<campaign id>", "TODO", "your-campaign-id", "xxxx"],
)
@pytest.mark.seed("S1-24")
def test_a_placeholder_is_no_id(value):
    ((key, message),) = found({"braze_campaign_id": value})
    assert key == "braze_campaign_id"
    assert "placeholder" in message


@pytest.mark.parametrize("value", ["", "   ", "a b", " a", "a\n", "a\x00", "ä"])
def test_an_id_is_one_plain_word(value):
    ((key, _),) = found({"braze_canvas_id": value})
    assert key == "braze_canvas_id"


def test_an_unknown_key_gets_its_neighbour():
    problem = settings_problems("braze", {"braze_campain_id": "a", "braze_canvas_id": "b"})[0]
    assert problem.key == "braze_campain_id"
    assert "`braze_campaign_id`" in (problem.help or "")


def test_webhooks_have_no_settings():
    assert found({}, "webhook") == []
    assert found({"url": "x"}, "webhook")[0][0] == "url"


def test_of_other_providers_nothing_is_known():
    assert found({"anything": ""}, "carrier_pigeon") == []
