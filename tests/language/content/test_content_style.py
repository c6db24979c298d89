"""What is said about content keeps to the style of all messages."""

from __future__ import annotations

import pytest
from press import MAIL, TEXT, checked
from styles import well_styled
from test_content_hostile import HUGE, OUT
from test_content_pages import UNSAFE
from test_content_reading import FOREIGN, UNREADABLE
from test_content_types import MISSING, REFUSED

WRONG = [each[0] for table in (UNREADABLE, FOREIGN, MISSING, REFUSED, UNSAFE) for each in table]


@pytest.mark.parametrize("text", [*WRONG, *HUGE.values(), *OUT.values()], ids=lambda text: ascii(text[:40]))
def test_messages_keep_to_one_style(text: str) -> None:
    findings = [*checked(text, TEXT).findings, *checked(text, MAIL).findings]
    assert findings
    for finding in findings:
        well_styled(finding)
