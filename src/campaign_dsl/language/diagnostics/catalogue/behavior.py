"""BEH: what makes a campaign happen, how often, and how much it may give."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

BEHAVIOR = (
    Code(
        "BEH001",
        "nothing makes it happen",
        "Without an occasion there is no day on which anybody gets anything.",
        "Add `on` to `behavior`.",
        "behavior {\n  limit once per year\n}\n",
        "behavior {\n  on anniversary of birth_date, at 09:00\n  limit once per year\n}\n",
        "campaign",
    ),
    Code(
        "BEH002",
        "an anniversary shifted too far, or by hours",
        "Half a year before a birthday is half a year after the last one, and a shift by hours would move the time of "
        "day that `at` gives.",
        "Shift by at most 180 days, in days or weeks.",
        "on anniversary of birth_date, 7 hours before, at 09:00\n",
        "on anniversary of birth_date, 7 days before, at 09:00\n",
        "campaign",
    ),
    Code(
        "BEH003",
        "a limit that cannot be counted",
        "Limits count occasions per calendar day, week, month or year of the customer.",
        "Write `once per year` or `3 per 30 days`.",
        "limit once per hour\n",
        "limit once per day\n",
        "campaign",
    ),
    Code(
        "BEH004",
        "a budget given twice, or of nothing",
        "Of two budgets for the same thing one would be ignored; a budget of zero gives nothing to anybody.",
        "Keep one, and write how much may be given in all.",
        "budget 1_000_000 points, 2_000_000 points\n",
        "budget 2_000_000 points\n",
        "campaign",
    ),
    Code(
        "BEH005",
        "a budget for what is never given",
        "Either the budget is left over from a copy, or the outcome it belongs to was forgotten.",
        "Leave the budget out, or add the outcome.",
        "budget 1_000_000 offers\n",
        "budget 1_000_000 points\n",
        "campaign",
    ),
    Code(
        "BEH006",
        "a large budget that nobody has approved",
        "Above the number of offers in `gates` of workspace.yaml the platform asks to be consulted first. The "
        "approver's name stands in the file, where the review sees it.",
        "Write `approved by` and a name, or stay below the gate.",
        "budget 2_000_000 offers\nissue offer birthday_half_price\n",
        'budget 2_000_000 offers approved by "jane@footwear.example"\nissue offer birthday_half_price\n',
        "campaign",
    ),
    Code(
        "BEH007",
        "triggers that cannot be told apart",
        "Each occasion of a trigger has a key, so that it counts once. The key of an anniversary is its "
        "year, that of a goal how often it has been reached: two of them in one campaign would be taken "
        "for each other, and the second would silently not happen.",
        "Keep one of the two, or put the other into a campaign of its own.",
        "behavior {\n  on anniversary of birth_date, at 09:00\n  on anniversary of enrolled_on, at 09:00\n}\n",
        "behavior {\n  on anniversary of birth_date, at 09:00\n  every month on day 1 at 09:00\n}\n",
        "campaign",
    ),
    Code(
        "BEH008",
        "a schedule that says no day",
        "A schedule has to say on which days it happens. Not every unit has every day: a week has no "
        "31st, a month no fixed place for a Friday.",
        "Write `every monday at 10:00`, `every month on day 1 at 09:00`, `on second sunday of may at "
        "09:00` or `every 2 weeks on friday at 10:00 from 2026-01-02`.",
        "behavior {\n  every month at 09:00\n}\n",
        "behavior {\n  every month on day 31 at 09:00\n}\n",
        "campaign",
    ),
    Code(
        "BEH009",
        "a holiday that is not celebrated there",
        "The catalog says for each country on which day a holiday falls. Where it says nothing nobody "
        "celebrates, and without the customer's country it cannot know whose day is meant.",
        "Name a country that has a rule, or add the rule to catalog.yaml.",
        "behavior {\n  on holiday mothers_day in JP, at 09:00\n}\n",
        "behavior {\n  on holiday mothers_day in US, at 09:00\n}\n",
        "campaign",
    ),
    Code(
        "BEH010",
        "a trigger that never happens while the campaign runs",
        "There is no such day between the first and the last day of the campaign, so nobody would ever get anything.",
        "Change `runs`, or the trigger.",
        "runs from 2026-01-01 until 2026-06-30\nbehavior {\n  once at 2026-11-27 09:00\n}\n",
        "runs from 2026-01-01 until 2026-12-31\nbehavior {\n  once at 2026-11-27 09:00\n}\n",
        "campaign",
    ),
    Code(
        "BEH011",
        "a local time with an offset or with seconds",
        "`once` means the clock on the customer's wall, or whatever `timezone` says. An offset would "
        "name one instant instead, which is another local time for each customer.",
        "Leave the offset and the seconds out.",
        "behavior {\n  once at 2026-11-27 09:00Z\n}\n",
        "behavior {\n  once at 2026-11-27 09:00\n}\n",
        "campaign",
    ),
    Code(
        "BEH012",
        "a count that is never or always reached",
        "A trigger happens at the event that completes it. `at most` and `exactly` are not completed by "
        "an event: they hold until one too many happens. One event alone lies within any time.",
        "Write `at least` and a number; what a customer did not do belongs into the audience.",
        "behavior {\n  on purchase at most 3 times\n}\n",
        "behavior {\n  on purchase at least 3 times within 14 days\n}\n",
        "campaign",
    ),
    Code(
        "BEH013",
        "an event that does not say where it happened",
        "`at geofence` compares the place of an event, and entering or leaving one is an event of its "
        "own. The catalog has to say which they are.",
        "Set `place` of the event in catalog.yaml, or `geofence_events`.",
        "behavior {\n  on app_open at geofence boston_stores\n}\n",
        "behavior {\n  on check_in at geofence boston_stores\n}\n",
        "campaign",
    ),
    Code(
        "BEH014",
        "an nth that is none",
        "Every first purchase is every purchase, and nobody gets to the ten-thousandth.",
        "Write `on` and the event for each of them, or a number from 2 to 10,000.",
        "behavior {\n  every 1st purchase\n}\n",
        "behavior {\n  every 5th purchase\n}\n",
        "campaign",
    ),
    Code(
        "BEH015",
        "a goal of one part, or of too many",
        "`all of` and `any of` join parts, and a sequence is one thing after another.",
        "Add another part, or write `on` and the event.",
        "behavior {\n  all of {\n    purchase\n  }\n}\n",
        "behavior {\n  all of {\n    purchase\n    check_in\n  }\n}\n",
        "campaign",
    ),
    Code(
        "BEH016",
        "steps of nothing, or of several things",
        "With `progress each step` every counted event is an occasion, and `goal.step` says which one "
        "it is. That makes sense for one `every 5th ...` and nothing beside it.",
        "Leave `progress` out, or put the other triggers into a campaign of their own.",
        "behavior {\n  on purchase\n  progress each step\n}\n",
        "behavior {\n  every 5th purchase\n  progress each step\n}\n",
        "campaign",
    ),
)
