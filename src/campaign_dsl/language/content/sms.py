"""How many messages an SMS is on its way: 160 characters of the GSM alphabet, or 70 of any other."""

from __future__ import annotations

from dataclasses import dataclass

# 3GPP TS 23.038: the default alphabet, and what it reaches with an escape that counts as a character.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")

GSM_ALONE, GSM_JOINED = 160, 153
WIDE_ALONE, WIDE_JOINED = 70, 67
"""Several are joined by a header that takes room in each."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long an SMS is.

    Attributes:
        units: septets of the GSM alphabet, or UTF-16 code units.
        messages: how many it is sent and paid as.
        wide: whether a character is not of the GSM alphabet.
        odd: the first such character.
    """

    units: int
    messages: int
    wide: bool
    odd: str | None


def sms_length(text: str) -> Length:
    """The length of a text as SMS. A character never straddles two messages."""
    odd = next((char for char in text if char not in _BASIC and char not in _EXTENDED), None)
    if odd is not None:
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
        return _counted(sizes, WIDE_ALONE, WIDE_JOINED, odd)
    sizes = [2 if char in _EXTENDED else 1 for char in text]
    return _counted(sizes, GSM_ALONE, GSM_JOINED, None)


def _counted(sizes: list[int], alone: int, joined: int, odd: str | None) -> Length:
    units = sum(sizes)
    if units <= alone:
        return Length(units, 1, odd is not None, odd)
    messages, room = 1, joined
    for size in sizes:
        if size > room:
            messages, room = messages + 1, joined
        room -= size
    return Length(units, messages, odd is not None, odd)
