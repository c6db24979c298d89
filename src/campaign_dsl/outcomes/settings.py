"""Advanced settings of a message variant: what a provider would refuse, found before anything runs.

Pure and free of providers' code, so that the compiler can ask; the providers ask the same question of themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from campaign_dsl.language.diagnostics.suggest import did_you_mean, near

BRAZE_CAMPAIGN = "braze_campaign_id"
BRAZE_CANVAS = "braze_canvas_id"
BRAZE_SETTINGS = (BRAZE_CAMPAIGN, BRAZE_CANVAS)
"""The two settings of a Braze variant; each message names exactly one."""

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{%|\$\{|<[^>]*>|\b(?:todo|tbd|changeme|your[ _-]\w+)\b|^x{3,}$", re.IGNORECASE)
_NOT_IN_AN_ID = re.compile(r"[\s\x00-\x1f\x7f]|[^\x20-\x7e]")


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One thing a provider would refuse.

    Attributes:
        key: the setting it is about; None when it is about all of them together.
        message: one sentence, lower case, the user's text in backticks.
        help: what to do about it, if that is known.
    """

    key: str | None
    message: str
    help: str | None = None


def settings_problems(provider_kind: str, settings: Mapping[str, str]) -> tuple[SettingProblem, ...]:
    """What is wrong with a variant's advanced ``settings``, in the order of the settings.

    Args:
        provider_kind: `kind` of the provider in workspace.yaml. Of kinds that are not built in nothing is known here,
            so nothing is found; such a provider says it itself, through `Provider.settings_problems`.
    """
    check = _CHECKS.get(provider_kind)
    return tuple(check(settings)) if check else ()


def _braze(settings: Mapping[str, str]) -> Iterator[SettingProblem]:
    for key, value in settings.items():
        if key not in BRAZE_SETTINGS:
            known = did_you_mean(key, BRAZE_SETTINGS, "settings of Braze")
            yield SettingProblem(key, f"`{key}` is not a setting of Braze", known)
        elif not value.strip():
            yield SettingProblem(key, f"`{key}` is empty", _WHERE[key])
        elif _PLACEHOLDER.search(value):
            yield SettingProblem(key, f"`{value}` is a placeholder, not an id", _WHERE[key])
        elif _NOT_IN_AN_ID.search(value):
            yield SettingProblem(key, f"`{value}` cannot be an id of Braze: ids have no spaces", _WHERE[key])
    given = [key for key in BRAZE_SETTINGS if key in settings]
    if len(given) == 2:
        yield SettingProblem(
            BRAZE_CANVAS,
            f"`{BRAZE_CAMPAIGN}` and `{BRAZE_CANVAS}` are both given; a message goes to a campaign or to a Canvas",
            "remove one of them",
        )
    elif not given and not any(near(key, BRAZE_SETTINGS) for key in settings):  # a misspelt key is said once
        yield SettingProblem(
            None,
            f"neither `{BRAZE_CAMPAIGN}` nor `{BRAZE_CANVAS}` is given, so Braze would not know what to send",
            f'add one, like `settings {{ {BRAZE_CAMPAIGN} "..." }}`',
        )


def _webhook(settings: Mapping[str, str]) -> Iterator[SettingProblem]:
    for key in settings:
        yield SettingProblem(key, f"`{key}` is not a setting: webhooks have none", "remove it")


_SCHEDULE_TAB = "it stands in Braze on the Schedule Delivery tab of the API-triggered "
_WHERE = {
    BRAZE_CAMPAIGN: _SCHEDULE_TAB + "campaign",
    BRAZE_CANVAS: _SCHEDULE_TAB + "Canvas",
}

_CHECKS: dict[str, Callable[[Mapping[str, str]], Iterator[SettingProblem]]] = {"braze": _braze, "webhook": _webhook}
