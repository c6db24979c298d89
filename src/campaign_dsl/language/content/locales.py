"""How numbers, money and days are written in a language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

_NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Locale:
    """The habits of one language, as in CLDR.

    Attributes:
        least: digits before the point from which on thousands are set apart.
        symbol_first: whether the currency stands in front.
        apart: what stands between an amount and its currency.
    """

    months: tuple[str, ...]
    days: tuple[str, ...]
    point: str
    thousands: str
    least: int = 4
    symbol_first: bool = False
    apart: str = _NBSP


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LOCALES: Mapping[str, Locale] = {
    "en": Locale(
        _words("January February March April May June July August September October November December"),
        _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        ".",
        ",",
        symbol_first=True,
        apart="",
    ),
    "de": Locale(
        _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        _words("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        ",",
        ".",
    ),
    "fr": Locale(
        _words("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        _words("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        ",",
        _NBSP,
    ),
    "es": Locale(
        _words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        _words("lunes martes miércoles jueves viernes sábado domingo"),
        ",",
        ".",
        least=5,
    ),
    "it": Locale(
        _words("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        _words("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        ",",
        ".",
    ),
    "nl": Locale(
        _words("januari februari maart april mei juni juli augustus september oktober november december"),
        _words("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        ",",
        ".",
        symbol_first=True,
    ),
    "pt": Locale(
        _words("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        _words("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        ",",
        ".",
        symbol_first=True,
    ),
}
"""By the first part of a language code."""

CURRENCIES: Mapping[str, tuple[str, int]] = {
    "AED": ("AED", 2),
    "AUD": ("A$", 2),
    "BRL": ("R$", 2),
    "CAD": ("CA$", 2),
    "CHF": ("CHF", 2),
    "CLP": ("CLP", 0),
    "CNY": ("CN¥", 2),
    "COP": ("COP", 2),
    "CZK": ("CZK", 2),
    "DKK": ("DKK", 2),
    "EUR": ("€", 2),
    "GBP": ("£", 2),
    "HKD": ("HK$", 2),
    "HUF": ("HUF", 2),
    "ILS": ("₪", 2),
    "INR": ("₹", 2),
    "JPY": ("¥", 0),
    "KRW": ("₩", 0),
    "KWD": ("KWD", 3),
    "MXN": ("MX$", 2),
    "NOK": ("NOK", 2),
    "NZD": ("NZ$", 2),
    "PLN": ("PLN", 2),
    "RON": ("RON", 2),
    "SAR": ("SAR", 2),
    "SEK": ("SEK", 2),
    "SGD": ("SGD", 2),
    "THB": ("THB", 2),
    "TRY": ("TRY", 2),
    "USD": ("$", 2),
    "ZAR": ("ZAR", 2),
}
"""Code of a currency: what is shown, and how many digits after the point it has."""


def locale_of(language: str | None) -> Locale | None:
    """The habits of `de-AT` are those of `de`; without a language those of English; None when unknown."""
    return LOCALES["en"] if language is None else LOCALES.get(language.partition("-")[0])


def written_number(value: int | Decimal, digits: int | None, locale: Locale) -> str:
    """A number with thousands set apart; ``digits`` None: as many as it has."""
    exact = Decimal(value).copy_abs()  # `abs` would round to 28 digits
    text = f"{exact:f}" if digits is None else f"{exact:.{digits}f}"
    whole, _, fraction = text.partition(".")
    if digits is None:
        fraction = fraction.rstrip("0")
    if len(whole) >= locale.least:
        whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", locale.thousands, whole)
    nothing = not whole.strip("0") and not fraction.strip("0")
    sign = "-" if value < 0 and not nothing else ""
    return sign + whole + (locale.point + fraction if fraction else "")


def written_money(value: int | Decimal, currency: str, locale: Locale) -> str:
    """An amount in a currency, `$1,234.50` or `1.234,50 €`."""
    symbol, digits = CURRENCIES[currency]
    amount = written_number(value, digits, locale)
    if not locale.symbol_first:
        return amount + locale.apart + symbol
    sign = "-" if amount.startswith("-") else ""
    apart = locale.apart or (_NBSP if symbol.isalpha() else "")
    return sign + symbol + apart + amount.removeprefix("-")


# ------------------------------------------------------------------------------------------------------------- days

DAY_FIELDS = {"%d": "05", "%-d": "5", "%m": "03", "%-m": "3", "%B": "March", "%Y": "2026", "%A": "Thursday", "%%": "%"}
"""What a format of a day may hold, with an example."""
TIME_FIELDS = DAY_FIELDS | {"%H": "09", "%-H": "9", "%I": "09", "%-I": "9", "%M": "30", "%p": "AM"}
"""What a format of an instant may hold."""
IN_WORDS = ("%B", "%A")
"""These are words of a language."""
_FIELD = re.compile(r"%-?.?", re.DOTALL)


def unknown_fields(pattern: str, known: Mapping[str, str]) -> list[str]:
    """The fields of a format that are not known."""
    return [found for found in _FIELD.findall(pattern) if found not in known]


def written_date(value: date, pattern: str, locale: Locale) -> str:
    """A day or an instant as ``pattern`` says."""

    def field(found: re.Match[str]) -> str:
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        name = found[0]
        half = moment.hour % 12 or 12
        made = {
            "d": f"{value.day:02}",
            "m": f"{value.month:02}",
            "Y": f"{value.year:04}",
            "B": locale.months[value.month - 1],
            "A": locale.days[value.weekday()],
            "H": f"{moment.hour:02}",
            "I": f"{half:02}",
            "M": f"{moment.minute:02}",
            "p": "AM" if moment.hour < 12 else "PM",
            "%": "%",
        }[name[-1]]
        return made.lstrip("0") or "0" if name[1] == "-" else made

    return _FIELD.sub(field, pattern)
