"""Every clause, in every form the grammar knows: the tree it gives."""

from __future__ import annotations

import re

import pytest
from sound_clauses import SOUND
from texts import clause, codes, marked, try_clause


@pytest.mark.parametrize(("start", "body", "wanted"), SOUND, ids=[f"{start}: {body}" for start, body, _ in SOUND])
def test_tree(start: str, body: str, wanted: object) -> None:
    assert clause(start, body) == wanted


@pytest.mark.parametrize(("start", "body", "wanted"), SOUND, ids=[f"{start}: {body}" for start, body, _ in SOUND])
def test_spaces_line_ends_and_comments_may_stand_between_words(start: str, body: str, wanted: object) -> None:
    if '"' in body or ":" in body or "2026-" in body or re.search("(at least|at most|half up)", body):
        return
    spread = "# first\r\n" + body.replace(" ", '  # and "so" { on\r\n\t ') + " # last"
    assert clause(start, spread) == wanted


BROKEN = [
    ("text_clause", "Birthday", "SYN007", "Birthday"),
    ("text_clause", r'"a \q b"', "SYN013", r"\q"),
    ("text_clause", r'"\\\x"', "SYN013", r"\x"),
    ("integer_clause", "1.5", "SYN012", "1.5"),
    ("integer_clause", "1234567890123456789", "SYN012", "1234567890123456789"),
    ("integer_clause", "1__0", "SYN012", "1__0"),
    ("integer_clause", "-1", "SYN007", "-"),
    ("names_clause", "a,", "SYN008", ","),
    ("runs_clause", "from 2026-02-29", "SYN011", "2026-02-29"),
    ("runs_clause", "from 0206-01-01", "SYN011", "0206-01-01"),
    ("runs_clause", "from 2300-01-01", "SYN011", "2300-01-01"),
    ("runs_clause", "from2026-01-01", "SYN007", "from2026"),
    ("runs_clause", "from", "SYN008", "m"),
    ("timezone_clause", "customer", "SYN008", "r"),
    ("misfire_clause", "catch up at most 3 weeks", "SYN012", "3 weeks"),
    ("misfire_clause", "catch up at most 0 days", "SYN012", "0 days"),
    ("misfire_clause", "catch up at most 100 days", "SYN012", "100 days"),
    ("on_clause", "anniversary of birth_date at 09:00", "SYN007", "at"),
    ("on_clause", "anniversary of birth_date, at 24:00", "SYN011", "24:00"),
    ("on_clause", "anniversary of birth_date, at 09:60", "SYN011", "09:60"),
    ("on_clause", "anniversary of birth_date, 7 days, at 09:00", "SYN007", ","),
    ("limit_clause", "once per yearr", "SYN007", "yearr"),
    ("limit_clause", "3per year", "SYN007", "3per"),
    ("budget_clause", "5 tags", "SYN007", "tags"),
    ("award_clause", "500 point to rewards source birthday", "SYN007", "point"),
    ("award_clause", "5 points to a source b, after 1 day, after 2 days", "SYN009", "2 days"),
    ("every_clause", "monday", "SYN008", "y"),
    ("every_clause", "5 purchase", "SYN007", "5"),
    ("once_clause", "at 2026-11-27", "SYN007", "2026-11-27"),
    ("then_clause", "no refund", "SYN008", "d"),
    ("content_head", "for language de, language fr", "SYN009", "fr"),
    ("part_clause", "file a.html", "SYN007", "a.html"),
    ("award_clause", "1,000 points to rewards source birthday", "SYN007", "1,000"),
    ("issue_clause", "half", "SYN007", "half"),
    ("tag_clause", "gift for 30", "SYN008", "0"),
    ("send_clause", "note when", "SYN008", "n"),
    ("message_head", "note", "SYN008", "note"),
    ("quiet_clause", "21:00 to 08:00", "SYN007", "21:00"),
    ("property_entry", "customer.first_name else friend", "SYN007", "friend"),
    ("holdout_clause", "5", "SYN008", "5"),
    ("where_clause", "", "SYN008", ""),
    ("where_clause", "  # nothing", "SYN008", ""),
]


@pytest.mark.parametrize(("start", "body", "code", "place"), BROKEN, ids=[f"{row[0]}: {row[1]}" for row in BROKEN])
def test_what_is_wrong_is_said_once_and_at_its_place(start: str, body: str, code: str, place: str) -> None:
    node, problems = try_clause(start, body)
    assert node is None
    assert codes(problems) == [code]
    assert marked(problems[0]) == place
    assert problems[0].help
