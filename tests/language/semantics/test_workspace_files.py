"""Files beside campaigns: content, contracts, static lists; where they may lie, and what a plan records of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign_dsl.language.diagnostics.model import Diagnostic
from campaign_dsl.workspace import Workspace

SETTINGS = """\
name: shop
timezone: UTC
policies: {leap_day: feb_28, misfire: skip, consent: not_required, quiet: none}
default_target: local
targets:
  local:
    engine: {kind: duckdb, database: data/warehouse.duckdb}
    ledger: {kind: sqlite, path: data/ledger.sqlite}
    delivery: sandbox
providers:
  hooks: {kind: webhook, endpoint: "https://hooks.shop.example", secret: {env: SECRET}}
"""
CATALOG = """\
customers:
  table: customers
  key: id
  birth_date: born
  attributes:
    id: {type: text, nullable: false}
    born: {type: date}
    mail: {type: text}
lists:
  friends: {file: lists/friends.txt}
channels:
  mail: {type: email, address: mail}
variants:
  strict: {provider: hooks, channel: mail, contract: contracts/strict.json}
conversations:
  news: {title: News, channel: mail, from: news@shop.example}
tags:
  gift: {}
"""
CAMPAIGN = """\
campaign gift {
  kind promotion
  timezone "UTC"
  audience { where in list friends }
  behavior { on anniversary of born, at 09:00 }
  outcomes {
    tag gift
    send note
    send hook
  }
  message note email {
    conversation news
    content {
      subject "Hello"
      body file "content/hello.html"
    }
  }
  message hook external {
    via hooks variant strict
    properties { id customer.id }
  }
}
"""
FILES = {
    "workspace.yaml": SETTINGS,
    "catalog.yaml": CATALOG,
    "gift.campaign": CAMPAIGN,
    "content/hello.html": "<p>Hello</p>",
    "contracts/strict.json": '{"type": "object", "required": ["id"]}',
    "lists/friends.txt": "ada\nbob\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lay_out(tmp_path / "shop", FILES)
    return tmp_path / "shop"


def lay_out(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")


def checked(root: Path) -> list[tuple[str, str]]:
    return [(each.code, each.where.span.source.path if each.where else "") for each in Workspace.load(root).check()]


def test_a_plan_records_every_file_the_campaign_depends_on(root: Path) -> None:
    workspace = Workspace.load(root)
    assert workspace.check() == ()
    assert sorted(each.path for each in workspace._digests("gift")) == sorted(FILES)


@pytest.mark.parametrize("path", ["content/hello.html", "contracts/strict.json", "lists/friends.txt"])
def test_another_byte_is_another_digest(root: Path, path: str) -> None:
    def digests() -> dict[str, str]:
        workspace = Workspace.load(root)
        assert workspace.check() == ()
        return {each.path: each.sha256 for each in workspace._digests("gift")}

    before = digests()
    (root / path).write_text(FILES[path].replace("Hello", "Hallo").replace("bob", "ben") + "\n", "utf-8")
    after = digests()
    assert {name for name in before if before[name] != after[name]} == {path}


def test_files_that_are_not_there(root: Path) -> None:
    for path in ("content/hello.html", "contracts/strict.json"):
        (root / path).unlink()
    assert checked(root) == [("MSG024", "gift.campaign"), ("MSG027", "gift.campaign")]
    (root / "lists/friends.txt").unlink()
    assert ("NAM015", "gift.campaign") in checked(root)


@pytest.mark.parametrize(
    "path", ["../secret.html", "/etc/hostname", "content/../../secret.html", "content//hello.html", "", ".", "content"]
)
def test_content_lies_in_the_workspace(root: Path, path: str) -> None:
    (root.parent / "secret.html").write_text("secret", "utf-8")
    (root / "gift.campaign").write_text(CAMPAIGN.replace("content/hello.html", path), "utf-8")
    workspace = Workspace.load(root)
    (found,) = workspace.check()
    assert found.code == "MSG024"
    assert "secret\n" not in found.message
    assert isinstance(workspace.read_text(path), Diagnostic)


def test_a_link_that_leads_outside_is_no_content(root: Path) -> None:
    (root.parent / "secret.html").write_text("secret", "utf-8")
    (root / "content/hello.html").unlink()
    (root / "content/hello.html").symlink_to(root.parent / "secret.html")
    assert checked(root) == [("MSG024", "gift.campaign")]
    (root / "content/hello.html").unlink()
    (root / "content").rmdir()
    (root / "content").symlink_to(root.parent)
    (root.parent / "hello.html").write_text("secret", "utf-8")
    assert checked(root) == [("MSG024", "gift.campaign")]


@pytest.mark.parametrize(
    ("data", "code"), [(b"\xff\xfe", "SRC003"), (b"a\x00b", "SRC004"), (b"x" * 1_000_001, "SRC005")]
)
def test_content_is_text(root: Path, data: bytes, code: str) -> None:
    (root / "content/hello.html").write_bytes(data)
    assert [found for found, _ in checked(root)] == [code]


def test_a_file_is_read_once(root: Path) -> None:
    workspace = Workspace.load(root)
    workspace.check()
    first = workspace.read_text("content/hello.html")
    (root / "content/hello.html").write_text("<p>Other</p>", "utf-8")
    assert workspace.read_text("content/hello.html") is first
