"""Advanced settings of a messaging variant: what a provider would refuse is found at compile time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from campaign_dsl.language.diagnostics.suggest import did_you_mean

BRAZE_TARGETS = ("braze_campaign_id", "braze_canvas_id")


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One thing wrong with the settings; ``key`` None when a key is missing."""

    key: str | None
    message: str
    help: str


def settings_problems(provider_kind: str, settings: Mapping[str, str]) -> tuple[SettingProblem, ...]:
    """Everything a provider of this kind would refuse in ``settings``."""
    if provider_kind == "braze":
        return _braze(settings)
    return tuple(
        SettingProblem(key, f"`{provider_kind}` takes no settings", "leave `settings` out") for key in settings
    )


def _braze(settings: Mapping[str, str]) -> tuple[SettingProblem, ...]:
    found: list[SettingProblem] = []
    for key, value in settings.items():
        if key not in BRAZE_TARGETS:
            help = did_you_mean(key, BRAZE_TARGETS, "settings of Braze") or "leave it out"
            found.append(SettingProblem(key, f"Braze has no setting `{key}`", help))
        elif not value.strip() or "{{" in value or "}}" in value or value != value.strip():
            found.append(
                SettingProblem(
                    key,
                    f"`{value}` is not an id" if value.strip() else f"`{key}` is empty",
                    "copy the id from the Schedule Delivery tab of the campaign or Canvas in Braze",
                )
            )
    given = [key for key in BRAZE_TARGETS if key in settings]
    if len(given) == 2:
        found.append(
            SettingProblem(
                given[1],
                "both a Braze campaign and a Canvas are named, so nobody knows which is meant",
                "keep `braze_campaign_id` or `braze_canvas_id`, not both",
            )
        )
    if not given:
        found.append(
            SettingProblem(
                None,
                "the settings name neither a Braze campaign nor a Canvas",
                'add `settings { braze_campaign_id "..." }`, or `braze_canvas_id`',
            )
        )
    return tuple(found)
