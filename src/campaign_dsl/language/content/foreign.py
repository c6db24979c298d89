"""Placeholders of other products, pasted into content: they would reach the customer as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaign_dsl.language.content.report import Report

OURS = {
    "first_name": "customer.first_name",
    "last_name": "customer.last_name",
    "email_address": "customer.email",
    "user_id": "customer.customer_id",
    "language": "language",
    "offer_id": "offer.id",
    "offer_title": "offer.title",
    "user_offer_id": "offer.user_offer_id",
    "expiration_date": "offer.expires_at",
    "points": "outcome.points.amount",
    "point_award_amount": "outcome.points.amount",
    "point_account_name": "outcome.points.account",
    "campaign_id": "campaign.id",
    "campaign_name": "campaign.name",
    "available_points": "wallet.available_points",
}
"""What names of other products are called here."""


MOST = 20
"""So many are reported at most."""


@dataclass(frozen=True, slots=True)
class _Sign:
    pattern: re.Pattern[str]
    whose: str
    help: str
    what: str = "a placeholder"


def _sign(pattern: str, whose: str, help: str, what: str = "a placeholder") -> _Sign:
    return _Sign(re.compile(pattern), whose, help, what)


_LIQUID = (
    "assign|capture|unless|case|when|cycle|increment|decrement|tablerow|liquid|comment|connected_content|"
    "abort_message|content_blocks|catalog_items|message_extras|render|style|section|schema"
)
SIGNS = (
    _sign(r"\{\{[^{}\n]{0,80}\$\{\s*(?P<name>[A-Za-z_][\w.]{0,60})?\s*\}?[^{}\n]{0,80}\}{0,2}", "Braze", ""),
    _sign(r"\$\{\s*(?P<name>[A-Za-z_][\w.]{0,60})\s*\}", "Braze", ""),
    _sign(rf"\{{%-?\s*(?:{_LIQUID})\b", "Liquid", "write `{% if ... %}` with names of this campaign", "a tag"),
    _sign(
        r"\{\{[^{}\n|]{0,120}\|\s*(?P<filter>[a-z_]+)\s*:",
        "Liquid",
        'a filter takes its argument in parentheses: `| default("friend")`',
        "a filter",
    ),
    _sign(r"\{\{\{", "Handlebars", "write `{{ customer.first_name }}`; values are escaped in HTML"),
    _sign(
        r"\{\{\s*(?:[#/>&^]|else\s*\}\})",
        "Handlebars",
        "write `{% if ... %} ... {% endif %}`",
        "a tag",
    ),
    _sign(r"\*\|(?P<name>[A-Za-z][\w:.]{0,60})\|\*", "Mailchimp", ""),
    _sign(r"%%=?\s*(?P<name>[A-Za-z][\w.]{0,60})\s*=?%%", "Salesforce", ""),
    _sign(r"(?<![{$])\{\s*(?P<name>(?:customer|event|outcome|offer|reward|campaign|wallet)\.[\w.]{1,60})\s*\}", "", ""),
)


def foreign(text: str, report: Report) -> None:
    """Reports placeholders that this language would pass on, or misread."""
    taken: list[tuple[int, int]] = []
    enough = len(report) + MOST
    for sign in SIGNS:
        for found in sign.pattern.finditer(text):
            start, end = found.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))
            _report(sign, found, report)
            if len(report) >= enough:
                return


def _report(sign: _Sign, found: re.Match[str], report: Report) -> None:
    name = found.groupdict().get("name")
    if not sign.whose:
        message, help = "one brace is not enough for a placeholder", f"write `{{{{ {name} }}}}`"
        report.add("CNT001", message, *found.span(), help=help)
        return
    help = sign.help
    if not help:
        known = OURS.get((name or "").lower().rpartition(".")[2] or "")
        help = (
            f"write `{{{{ {known} }}}}`"
            if known
            else "write `{{ customer.first_name }}` or another name of this campaign"
        )
        if sign.whose == "Braze":
            help += "; content that Braze holds is named with `template`"
    report.add(
        "CNT010",
        f"this is {sign.what} of {sign.whose}",
        *found.span(),
        why="it means nothing here, and the customer would read it as it stands",
        help=help,
    )
