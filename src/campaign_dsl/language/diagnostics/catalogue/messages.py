"""MSG: what a campaign tells customers."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

MESSAGES = (
    Code(
        "MSG001",
        "a message that does not exist",
        "`send` names a message of the same campaign.",
        "Correct the name, or add `message NAME external { ... }`.",
        "send birthday_letter\n",
        "send birthday_note\n",
        "campaign",
    ),
    Code(
        "MSG002",
        "two messages with one name",
        "`send` could mean either of them.",
        "Give one of them another name, and send it by that name.",
        "message birthday_note external {\n  via middleware variant middleware_notice\n}\n"
        "message birthday_note external {\n  via middleware variant middleware_notice\n}\n",
        "send birthday_note\nsend reminder\nmessage birthday_note external {\n"
        "  via middleware variant middleware_notice\n}\nmessage reminder external {\n"
        "  via middleware variant middleware_notice\n}\n",
        "campaign",
    ),
    Code(
        "MSG003",
        "a message that is never sent",
        "Somebody wrote it for customers who will never read it.",
        "Add `send NAME` to the outcomes, or delete the message.",
        "message reminder external {\n  via middleware variant middleware_notice\n}\n",
        "send birthday_note\nsend reminder\nmessage reminder external {\n  via middleware variant middleware_notice\n"
        "}\n",
        "campaign",
    ),
    Code(
        "MSG004",
        "a type of message that is not known",
        "The type says who makes the message. `external` hands it to a provider, which is the only one so far.",
        "Write `external`.",
        "message birthday_note internal {\n  via middleware variant middleware_notice\n}\n",
        "message birthday_note external {\n  via middleware variant middleware_notice\n}\n",
        "campaign",
    ),
    Code(
        "MSG005",
        "a message that goes nowhere",
        "Without `via` no provider delivers it.",
        "Add `via PROVIDER variant VARIANT`.",
        "message birthday_note external {\n  expires after 3 days\n}\n",
        "message birthday_note external {\n  via middleware variant middleware_notice\n  expires after 3 days\n}\n",
        "campaign",
    ),
    Code(
        "MSG006",
        "a channel without consent",
        "The workspace says that no message goes out without the channel's consent, and the catalog does not say "
        "where that consent is kept.",
        "Set `consent` of the channel in catalog.yaml; or, if your law and your customers agree, `consent: "
        "not_required` in workspace.yaml.",
        "channels:\n  email: {address: email}\n",
        "channels:\n  email: {address: email, consent: email_consent}\n",
        "catalog",
    ),
    Code(
        "MSG007",
        "a variant of another provider",
        "The variant was set up with another provider; this one would not know it.",
        "Write the provider that the message names.",
        "via middleware variant birthday_triggered\n",
        "via braze variant birthday_triggered\n",
        "campaign",
    ),
    Code(
        "MSG008",
        "quiet hours that begin when they end",
        "They are either no time at all or the whole day.",
        "Write two different times, or `quiet none`.",
        "quiet from 21:00 to 21:00\n",
        "quiet from 21:00 to 08:00\n",
        "campaign",
    ),
    Code(
        "MSG009",
        "a property that is given twice",
        "The template gets one of the two, and nobody can tell which.",
        "Keep one.",
        'properties {\n  first_name  customer.first_name else "friend"\n  first_name  "friend"\n}\n',
        'properties {\n  first_name  customer.first_name else "friend"\n}\n',
        "campaign",
    ),
    Code(
        "MSG010",
        "a property that the variant needs is missing",
        "The receiving template cannot do without it: the provider would refuse the message, or show a hole in it.",
        "Add it to `properties`.",
        "message birthday_note external {\n  via braze variant birthday_triggered\n"
        '  settings { braze_campaign_id "a3f9c2d1-birthday" }\n}\n',
        "message birthday_note external {\n  via braze variant birthday_triggered\n"
        '  settings { braze_campaign_id "a3f9c2d1-birthday" }\n'
        '  properties { first_name  customer.first_name else "friend" }\n}\n',
        "campaign",
    ),
    Code(
        "MSG011",
        "a value that nobody knows",
        "A message carries attributes of the customer, and what the campaign gave her.",
        "Write a value like `customer.first_name` or `offer.title`, or a fixed text in double quotes.",
        'properties {\n  first_name  customer.first_name else "friend"\n  points      points.amount\n}\n',
        'properties {\n  first_name  customer.first_name else "friend"\n  points      outcome.points.amount\n}\n',
        "campaign",
    ),
    Code(
        "MSG012",
        "a value that may be missing, and nothing to stand in",
        "Somebody would read `Hi ,`.",
        'Write `else` and what to say instead, as in `customer.first_name else "friend"`.',
        "properties {\n  first_name  customer.first_name\n}\n",
        'properties {\n  first_name  customer.first_name else "friend"\n}\n',
        "campaign",
    ),
    Code(
        "MSG013",
        "a message that promises what the campaign does not give",
        "What a message says about points or offers comes from the very effect in the ledger, so there has to be one.",
        "Add the outcome, or leave the property out.",
        'properties {\n  first_name  customer.first_name else "friend"\n  offer       offer.title\n}\n',
        'issue offer birthday_half_price\nproperties {\n  first_name  customer.first_name else "friend"\n'
        "  offer       offer.title\n}\n",
        "campaign",
    ),
    Code(
        "MSG014",
        "a value that could come from several outcomes",
        "When one customer can get two awards or two offers, `outcome.points.amount` or `offer.title` does not say "
        "which of them is meant.",
        "Keep the outcomes apart with `when segment`, or leave the value out.",
        "award 500 points to rewards source birthday\naward 100 points to rewards source welcome\nproperties {\n"
        '  first_name  customer.first_name else "friend"\n  points      outcome.points.amount\n}\n',
        'award 500 points to rewards source birthday\nproperties {\n  first_name  customer.first_name else "friend"\n'
        "  points      outcome.points.amount\n}\n",
        "campaign",
    ),
    Code(
        "MSG015",
        "settings that the provider would refuse",
        "It is better to know now than on the morning of the birthday. A placeholder such as `{{CAMPAIGN ID}}` is not "
        "an id, and a message goes to a Braze campaign or to a Canvas, never to both.",
        "Copy the id from the provider, and name exactly one target.",
        'settings { braze_campaign_id "{{CAMPAIGN ID}}" }\n',
        'settings { braze_campaign_id "a3f9c2d1-birthday" }\n',
        "campaign",
    ),
)
