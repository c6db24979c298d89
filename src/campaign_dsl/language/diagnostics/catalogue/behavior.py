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
)
