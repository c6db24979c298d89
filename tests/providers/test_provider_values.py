"""Requests, secrets and the finding of providers."""

import os
import tomllib
from pathlib import Path

import pytest
from provider_world import BRAZE_KEY, settings

from campaign_dsl.run.problems import EnvironmentProblem
from campaign_dsl.run.providers import (
    Item,
    Request,
    Response,
    SandboxProvider,
    WorkspaceSecrets,
    load_provider,
    load_sandboxed,
    provider_kinds,
)
from campaign_dsl.run.providers.braze import BrazeProvider

# ------------------------------------------------------------------------------------------------------ requests


@pytest.mark.parametrize("value", ["a\r\nx: y", "a\nb", "a\x00", "ä", "a\u2028"])
def test_a_header_cannot_end_early(value):
    with pytest.raises(ValueError, match="header"):
        Request("POST", "https://a.example", {"x": value}, b"")
    with pytest.raises(ValueError, match="header"):
        Request("POST", "https://a.example", {value: "x"}, b"")


@pytest.mark.parametrize(
    ("method", "url"),
    [("POST /", "https://a"), ("POST", "https://a\r\n"), ("POST", "file:///etc"), ("POST", "https://a b")],
)
@pytest.mark.seed("S1-08b")
def test_method_and_url_cannot_either(method, url):
    with pytest.raises(ValueError, match="method or URL"):
        Request(method, url, {}, b"")


def test_values_do_not_show_what_they_hold():
    shown = repr(Request("POST", "https://a.example/canary", {"authorization": "canary"}, b"canary"))
    shown += repr(Response(200, {"x": "canary"}, b"canary")) + repr(Item("m", {"email": "canary"}))
    assert "canary" not in shown


# ------------------------------------------------------------------------------------------------------- secrets


def resolver(root, environment=None, **reference):
    return WorkspaceSecrets("crm", settings(api_key=reference or None), root, environment or {})


@pytest.mark.seed("S1-01", "S1-04")
def test_a_secret_from_the_environment_is_read_when_asked_for(tmp_path):
    environment = {}
    secrets = resolver(tmp_path, environment, env="KEY")
    with pytest.raises(EnvironmentProblem, match="`KEY` is not set"):
        secrets("api_key")
    environment = {"KEY": BRAZE_KEY}
    assert resolver(tmp_path, environment, env="KEY")("api_key") == BRAZE_KEY
    assert BRAZE_KEY not in repr(resolver(tmp_path, environment, env="KEY"))


def test_a_secret_from_a_file(tmp_path):
    (tmp_path / "key").write_text(BRAZE_KEY + "\n")
    assert resolver(tmp_path, file="key")("api_key") == BRAZE_KEY
    assert resolver(tmp_path, file="./key")("api_key") == BRAZE_KEY


@pytest.mark.parametrize("content", ["", "\n", "two words", "canary\x00", "canä", "a\nb"])
def test_what_cannot_be_a_secret_is_said_and_not_shown(tmp_path, content):
    (tmp_path / "key").write_text(content)
    for secrets in (resolver(tmp_path, file="key"), resolver(tmp_path, {"KEY": content}, env="KEY")):
        with pytest.raises(EnvironmentProblem) as caught:
            secrets("api_key")
        assert "can" not in caught.value.message.replace("cannot", "")
        assert caught.value.help


def test_files_that_are_none(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    (tmp_path / "large").write_bytes(b"x" * 20_000)
    (tmp_path / "link").symlink_to("/etc/hostname")
    for name in (
        "fifo",
        "folder",
        "large",
        "link",
        "missing",
        "../key",
        "/etc/hostname",
        "a\x00b",
        "/dev/zero",
        "x" * 300,
    ):
        with pytest.raises(EnvironmentProblem, match="secret file"):
            resolver(tmp_path, file=name)("api_key")


def test_a_link_inside_the_workspace_is_followed(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "key").write_text("k")
    (tmp_path / "key").symlink_to("data/key")
    assert resolver(tmp_path, file="key")("api_key") == "k"


def test_no_reference_at_all(tmp_path):
    with pytest.raises(EnvironmentProblem, match="provider `crm` has no `api_key`") as caught:
        resolver(tmp_path)("api_key")
    assert "providers.crm.api_key.env" in (caught.value.help or "")


# ------------------------------------------------------------------------------------------------------- finding


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Puts distributions with these entry points on the path, beside whatever is installed."""

    def install(name, text):
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (folder / "entry_points.txt").write_text("[campaign_dsl.providers]\n" + text + "\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    ours = project["entry-points"]["campaign_dsl.providers"]
    install("campaign_dsl", "\n".join(f"{kind} = {value}" for kind, value in ours.items()))
    return install


def no_secrets(key):
    raise AssertionError(key)


@pytest.mark.usefixtures("installed")
@pytest.mark.seed("S1-04")
def test_every_declared_kind_loads_without_reading_a_secret():
    assert set(provider_kinds()) >= {"braze", "webhook"}
    for kind in ("braze", "webhook"):
        assert load_provider(kind, settings(kind), no_secrets).name == kind


def test_a_kind_of_another_package_loads(installed):
    installed("pigeons", "carrier_pigeon = campaign_dsl.run.providers.braze:BrazeProvider")
    assert isinstance(load_provider("carrier_pigeon", settings("carrier_pigeon"), no_secrets), BrazeProvider)


def test_a_kind_that_two_packages_offer_is_not_guessed(installed):
    installed("pigeons", "braze = pigeons:Provider")
    with pytest.raises(EnvironmentProblem, match="two installed packages"):
        load_provider("braze", settings(), no_secrets)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("kind", "help"), [("brace", "did you mean `braze`?"), ("smtp", "installed providers are")])
@pytest.mark.seed("S1-05")
def test_an_unknown_kind_gets_its_neighbour(kind, help):
    with pytest.raises(EnvironmentProblem, match=f"the provider `{kind}`") as caught:
        load_provider(kind, settings(), no_secrets)
    assert help in (caught.value.help or "")


@pytest.mark.usefixtures("installed")
def test_a_sandboxed_provider_never_asks_for_a_secret():
    assert isinstance(load_sandboxed("webhook", settings("webhook"), "http://127.0.0.1:8420"), SandboxProvider)
