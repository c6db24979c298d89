"""How many messages an SMS is."""

from __future__ import annotations

import pytest

from campaign_dsl.language.content.sms import sms_length

LENGTHS = [
    ("", 0, 1, False),
    ("a" * 160, 160, 1, False),
    ("a" * 161, 161, 2, False),
    ("a" * 306, 306, 2, False),
    ("a" * 307, 307, 3, False),
    ("a" * 459, 459, 3, False),
    ("a" * 460, 460, 4, False),
    ("€" * 80, 160, 1, False),
    ("€" * 81, 162, 2, False),
    # An escape and its character are never parted: 153 units hold 76 of them, one is left free.
    ("€" * 152, 304, 2, False),
    ("€" * 153, 306, 3, False),
    ("a" * 152 + "€" + "a" * 20, 174, 2, False),
    ("a" * 152 + "€" + "a" * 151, 305, 2, False),
    ("a" * 152 + "€" + "a" * 152, 306, 3, False),
    ("ä" * 160, 160, 1, False),
    ("É@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæß¤¡ÄÖÑÜ§¿äöñüà", 42, 1, False),
    ("[]{}\\~^|€\f", 20, 1, False),
    ("ç" * 70, 70, 1, True),
    ("`", 1, 1, True),
    ("é" * 160, 160, 1, False),
    ("ê" + "a" * 69, 70, 1, True),
    ("ê" + "a" * 70, 71, 2, True),
    ("’" + "a" * 133, 134, 2, True),
    ("’" + "a" * 134, 135, 3, True),
    ("🎂" * 35, 70, 1, True),
    ("🎂" * 36, 72, 2, True),
    # A pair of code units is never parted: 67 hold 33 of them.
    ("🎂" * 66, 132, 2, True),
    ("🎂" * 67, 134, 3, True),
    ("\u00a0", 1, 1, True),
    ("\n\r", 2, 1, False),
    ("\t", 1, 1, True),
]


@pytest.mark.parametrize(("text", "units", "messages", "wide"), LENGTHS)
def test_lengths(text: str, units: int, messages: int, wide: bool) -> None:
    length = sms_length(text)
    assert (length.units, length.messages, length.wide) == (units, messages, wide)
    assert (length.odd is not None) == wide


def test_the_first_odd_character_is_named() -> None:
    assert sms_length("50% off – today’s deal").odd == "–"


# 3GPP TS 23.038, table 6.2.1.
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)


@pytest.mark.parametrize("char", GSM)
def test_the_alphabet_of_gsm(char: str) -> None:
    assert sms_length(char).units == 1
    assert not sms_length(char).wide


def test_the_alphabet_has_as_many_characters_as_seven_bits_without_the_escape() -> None:
    assert len(set(GSM)) == 127
    assert sum(not sms_length(chr(code)).wide for code in range(0x3000)) == 127 + 10
