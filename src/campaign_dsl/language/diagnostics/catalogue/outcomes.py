"""OUT: what a campaign gives."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

OUTCOMES = (
    Code(
        "OUT001",
        "an offer or point account that is not active",
        "Somebody switched it off in the catalog. Customers would get what the tills refuse.",
        "Use an active one, or switch it on again.",
        "offers:\n  birthday_half_price: {title: Half price, form: percentage_off_item, percent: 50, active: false}\n",
        "offers:\n  birthday_half_price: {title: Half price, form: percentage_off_item, percent: 50, active: true}\n",
        "catalog",
    ),
    Code(
        "OUT002",
        "an award of no points, or of too many",
        "A gift of nothing disappoints, and one digit too many is expensive.",
        "Write 1 to 1_000_000_000 points.",
        "award 0 points to rewards source birthday\n",
        "award 500 points to rewards source birthday\n",
        "campaign",
    ),
    Code(
        "OUT003",
        "a segment that does not exist",
        "Nobody is in it, so nobody would get this outcome.",
        "Correct the name, or add the segment to the audience.",
        "issue offer birthday_half_price when segment gold\n",
        "segments {\n  gold    where tier >= gold\n  others  otherwise\n}\n"
        "issue offer birthday_half_price when segment gold\n",
        "campaign",
    ),
    Code(
        "OUT004",
        "the same outcome twice for one customer",
        "Both would share one key in the ledger, which gives each effect once: the second would silently not be given.",
        "Let `when segment` keep them apart, or give one of them a name of its own with `as`.",
        "award 500 points to rewards source birthday\naward 100 points to rewards source birthday\n",
        "award 500 points to rewards source birthday\naward 100 points to rewards source birthday as extra\n",
        "campaign",
    ),
    Code(
        "OUT005",
        "too many outcomes",
        "A decision records in one number which of the outcomes a customer gets, and there is room for 62.",
        "Split the campaign.",
        None,
        None,
        "campaign",
    ),
)
