"""When a message leaves: once it is due, outside of quiet hours, before it is too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign_dsl.language.catalog.zones import zone
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.review.reference.moments import instant
from campaign_dsl.review.reference.outcomes import Effect


@dataclass(frozen=True)
class Delivery:
    """What becomes of a message.

    Attributes:
        at: the first instant at which it may leave.
        expires_at: from when on it is too late; None for never.
        dropped: why it does not leave at all.
    """

    at: datetime
    expires_at: datetime | None
    dropped: str | None = None


def delivered(
    campaign: ir.Campaign, message: ir.Message, effect: Effect, zone_name: str, as_of: datetime, address: str | None
) -> Delivery:
    """Not before it is due, not before T, not in the quiet hours where she is. Its life counts from when it is due."""
    at = awake_at(max(effect.due, as_of).astimezone(UTC), zone(zone_name), message.quiet)
    life = message.expires_after_seconds
    expires_at = None if life is None else effect.due + timedelta(seconds=life)
    dropped = None
    if _by_mail(message) and not is_address(address):
        dropped = "no_address"
    elif expires_at is not None and at >= expires_at:
        dropped = "expired"
    elif campaign.runs_until is not None and at.astimezone(zone(campaign.zone.default)).date() > campaign.runs_until:
        dropped = "campaign_ended"
    return Delivery(at, expires_at, dropped)


def _by_mail(message: ir.Message) -> bool:
    return message.type == "email" or (message.variant is not None and message.variant.identifier == "email")


def is_address(text: str | None) -> bool:
    """Whether mail can go there: something on both sides of one `@`, and no space."""
    if text is None or any(char.isspace() for char in text):
        return False
    before, at, after = text.partition("@")
    return bool(before and at and after) and "@" not in after


def awake_at(moment: datetime, where: ZoneInfo, quiet: tuple[str, str] | None) -> datetime:
    """The first instant, not before the given one, outside of the quiet hours."""
    if quiet is None or quiet[0] == quiet[1]:
        return moment
    start, end = (time.fromisoformat(text) for text in quiet)
    if not _is_quiet(moment, where, start, end):
        return moment
    today = moment.astimezone(where).date()
    days = [today + timedelta(days=n) for n in (-1, 0, 1, 2)]
    # On a night on which clocks go back the hours can end twice.
    ends = {_at(day, end, where, fold) for day in days for fold in (0, 1)}
    return min(each for each in ends if each > moment and not _is_quiet(each, where, start, end))


def _is_quiet(moment: datetime, where: ZoneInfo, start: time, end: time) -> bool:
    """Whether the clocks show quiet hours, or would if they had not skipped the time at which those end."""
    local = moment.astimezone(where)
    clock = local.time()
    if (start <= clock < end) if start < end else (clock >= start or clock < end):
        return True
    for day in (local.date() - timedelta(days=1), local.date()):
        last = day if start < end else day + timedelta(days=1)
        if instant(day, start, where) <= moment < instant(last, end, where):
            # The interval can only be longer than the clocks say where its end was skipped.
            return not _exists(last, end, where)
    return False


def _exists(day: date, clock: time, where: ZoneInfo) -> bool:
    """Whether clocks show this time on that day."""
    return instant(day, clock, where).astimezone(where).time() == clock


def _at(day: date, clock: time, where: ZoneInfo, fold: int) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=where).astimezone(UTC)
