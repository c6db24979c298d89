"""`campaign fmt`, `campaign convert` and `campaign explain`, as a marketer calls them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commandline import Done, call

Campaign = Callable[..., Done]

UGLY = "audience   vip{where tier=gold   # best\n and age>=18\n}\n"
NICE = """\
audience vip {
  where tier = gold  # best
    and age >= 18
}
"""
YAML = """\
audience vip:
  where: |-
    tier = gold  # best
    and age >= 18
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_fmt_writes_what_changes(folder: Path) -> None:
    (folder / "a.campaign").write_text(UGLY)
    (folder / "b.campaign").write_text(NICE)
    done = call("fmt", ".")
    assert (done.code, done.out) == (0, "1 file laid out, 1 file already as it should be\n")
    assert (folder / "a.campaign").read_text() == NICE
    assert sorted(path.name for path in folder.iterdir()) == ["a.campaign", "b.campaign"]


def test_fmt_check_writes_nothing(folder: Path) -> None:
    (folder / "a.campaign").write_text(UGLY)
    done = call("fmt", "--check", "a.campaign")
    assert (done.code, done.out) == (1, "would lay out a.campaign\n1 file would change\n")
    assert (folder / "a.campaign").read_text() == UGLY
    diff = call("fmt", "--diff", "a.campaign")
    assert diff.code == 1
    assert "+  where tier = gold  # best\n" in diff.out
    assert (folder / "a.campaign").read_text() == UGLY


def test_fmt_keeps_the_rights_of_a_file_and_what_a_link_is(folder: Path) -> None:
    file, link = folder / "a.campaign", folder / "link.campaign"
    file.write_text(UGLY)
    file.chmod(0o640)
    link.symlink_to(file)
    assert call("fmt", "link.campaign").code == 0
    assert link.is_symlink()
    assert file.read_text() == NICE
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_mistake_is_shown_and_the_file_left_alone(folder: Path) -> None:
    (folder / "a.campaign").write_text("audience x { whre tier = gold }\n")
    (folder / "b.campaign").write_text(UGLY)
    done = call("fmt", "a.campaign", "b.campaign")
    assert done.code == 1
    assert "did you mean `where`?" in done.err
    assert done.out == "1 file laid out, 1 file with mistakes\n"
    assert (folder / "a.campaign").read_text() == "audience x { whre tier = gold }\n"


@pytest.mark.parametrize(
    "arguments", [("fmt", "nowhere.campaign"), ("fmt", "a.txt"), ("convert", "a.txt", "--to", "yaml")]
)
def test_wrong_use(folder: Path, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.code == 2
    assert done.err.startswith("error: ")


def test_a_file_that_is_not_text(folder: Path) -> None:
    (folder / "a.campaign").write_bytes(b"audience \xff\n")
    assert call("fmt", "a.campaign").code == 1
    assert (folder / "a.campaign").read_bytes() == b"audience \xff\n"


def test_convert_goes_both_ways(folder: Path) -> None:
    (folder / "a.campaign").write_text(UGLY)
    there = call("convert", "a.campaign", "--to", "yaml")
    assert (there.code, there.out) == (0, YAML)
    (folder / "a.campaign.yaml").write_text(there.out)
    back = call("convert", "a.campaign.yaml", "--to", "dsl")
    assert (back.code, back.out) == (0, NICE)
    assert (folder / "a.campaign").read_text() == UGLY


def test_convert_says_what_is_wrong(folder: Path) -> None:
    (folder / "a.campaign").write_text("campaign x { kind }\n")
    done = call("convert", "a.campaign", "--to", "yaml")
    assert (done.code, done.out) == (1, "")
    assert "error[SYN008]" in done.err


def test_explain(campaign: Campaign) -> None:
    done = campaign("explain", "birthday_gift")
    assert done.code == 0
    assert done.out.startswith("# Birthday gift (`birthday_gift`)\n")
    assert campaign("explain", "birthday_gift", "--json").json["text"] == done.out
    assert campaign("explain", "birthday_gft").code == 2


def test_fmt_leaves_alone_what_a_link_in_the_folder_leads_out_to(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.campaign"
    outside.write_text(UGLY)
    inside = folder / "linked"
    inside.mkdir()
    (inside / "a.campaign").symlink_to(outside)
    done = call("fmt", inside)
    assert (done.code, outside.read_text()) == (1, UGLY)
    assert "SRC011" in done.err
    assert "tier" not in done.out + done.err  # nor is it shown


def test_links_that_go_round_in_a_circle(campaign: Campaign, shop: Path) -> None:
    for name in ("vip.csv", "a.campaign"):
        (shop / name).unlink(missing_ok=True)
        (shop / name).symlink_to(name)
    done = campaign("check")
    assert done.code == 1
    assert "`a.campaign` does not exist" in done.err
    assert "`vip.csv` does not exist" in done.err


@pytest.mark.parametrize("command", ["explain", "compile"])
def test_a_mistake_in_a_file_with_content_stands_in_the_way_of_its_campaign(
    campaign: Campaign, shop: Path, command: str
) -> None:
    with (shop / "content" / "win_back.news.html").open("a", encoding="utf-8") as page:
        page.write("{{ customer.nothing_like_it }}\n")
    done = campaign(command, "win_back")
    assert (done.code, done.out) == (1, "")
    assert "content/win_back.news.html" in done.err
    assert campaign(command, "birthday_gift").code == 0
