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
        "The type says where a message shows, and which parts it has. `external` is made by another system.",
        "Write `email`, `sms`, `push`, `inbox`, `feed`, `in_app` or `external`.",
        "message birthday_note internal {\n  via middleware variant middleware_notice\n}\n",
        "message birthday_note external {\n  via middleware variant middleware_notice\n}\n",
        "campaign",
    ),
    Code(
        "MSG005",
        "a message that goes nowhere",
        "An external message is made by another system, from what a variant of its provider carries.",
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
    Code(
        "MSG016",
        "e-mail from nobody, or a conversation elsewhere",
        "A conversation says who e-mail is from, where answers go and how it is signed. It belongs to one channel.",
        "Add `conversation NAME`, one that is on the channel of the message and has a `from`.",
        'message birthday_note email {\n  content {\n    subject "Happy birthday"\n    body "<p>Happy '
        'birthday!</p>"\n  }\n}\n',
        'message birthday_note email {\n  conversation newsletter\n  content {\n    subject "Happy '
        'birthday"\n    body "<p>Happy birthday!</p>"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG017",
        "no channel for the message, or the wrong one",
        "Each channel carries one type of message, and e-mail and text messages go to an address. If "
        "two channels could carry it, the message has to say which.",
        "Name a conversation or a variant that is on a channel of this type, or describe the channel in catalog.yaml.",
        'message birthday_note push {\n  conversation newsletter\n  content {\n    title "Happy birthday"\n '
        '   body "A gift for you"\n  }\n}\n',
        'message birthday_note push {\n  conversation app_news\n  content {\n    title "Happy birthday"\n   '
        ' body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG018",
        "words that do not belong to this type of message, or are missing",
        "A tile of the activity feed is there for a while, and only it: `visible`. A message over the "
        "app is a picture or a video: `display`. Seed lists hold e-mail addresses, and settings are a "
        "provider's.",
        "Leave the word out, or add it where it is missing.",
        'message birthday_note push {\n  visible for 7 days\n  content {\n    title "Happy birthday"\n    '
        'body "A gift for you"\n  }\n}\n',
        'message birthday_note push {\n  expires after 7 days\n  content {\n    title "Happy birthday"\n    '
        'body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG019",
        "a message before what it quotes",
        "What a message says about an award, an offer or a code is read from the ledger, where it is "
        "written when it is given.",
        "Send the message later, with `after`, or give what it quotes earlier.",
        "award 500 points to rewards source birthday, after 1 day\nproperties {\n  first_name  "
        'customer.first_name else "friend"\n  points      outcome.points.amount\n}\n',
        "award 500 points to rewards source birthday\nproperties {\n  first_name  customer.first_name "
        'else "friend"\n  points      outcome.points.amount\n}\n',
        "campaign",
    ),
    Code(
        "MSG020",
        "a value that is not there in this campaign",
        "There is an event only where an event makes the campaign happen, a step only with `progress "
        "each step`, and a segment, a variant or a language only where the campaign has some.",
        "Leave it out, or say in the campaign what makes it be there.",
        'properties {\n  first_name  customer.first_name else "friend"\n  amount      event.amount else 0\n}\n',
        'behavior {\n  on purchase\n}\nproperties {\n  first_name  customer.first_name else "friend"\n  '
        "amount      event.amount else 0\n}\n",
        "campaign",
    ),
    Code(
        "MSG021",
        "a message that says nothing",
        "An external message is made by another system; every other one is written here.",
        "Add `content { ... }`.",
        "message birthday_note push {\n  expires after 3 days\n}\n",
        'message birthday_note push {\n  expires after 3 days\n  content {\n    title "Happy birthday"\n    '
        'body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG022",
        "content for a segment, language or variant that there is not",
        "Nobody is in it, so nobody would read this content.",
        "Correct the name, or add the segment, language or variant to the campaign.",
        'message birthday_note push {\n  content for segment gold {\n    title "Happy birthday"\n    body '
        '"A gift for you"\n  }\n  content {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        "segments {\n  gold    where tier >= gold\n  others  otherwise\n}\nmessage birthday_note push {\n  "
        'content for segment gold {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n  content '
        '{\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG023",
        "a part that is missing, or that the message does not have",
        "Each type of message has its own parts: without a header an inbox shows an empty line, and a "
        "notification has no subject. What a provider holds is the whole content.",
        "Write the parts that the message names.",
        'message birthday_note push {\n  content {\n    title "Happy birthday"\n  }\n}\n',
        'message birthday_note push {\n  content {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG024",
        "a file with content that cannot be read",
        "Content is reviewed with the campaign, so its files lie in the workspace.",
        "Write where the file is below `workspace.yaml`, as in `content/birthday.html`.",
        'message birthday_note email {\n  conversation newsletter\n  content {\n    subject "Happy '
        'birthday"\n    body file "content/nowhere.html"\n  }\n}\n',
        'message birthday_note email {\n  conversation newsletter\n  content {\n    subject "Happy '
        'birthday"\n    body "<p>Happy birthday!</p>"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG025",
        "customers whom a message says nothing",
        "For each segment, language and variant that gets the message there has to be content. "
        "Otherwise some would get an empty message, or none.",
        "Add `content { ... }` for everybody else.",
        "segments {\n  gold    where tier >= gold\n  others  otherwise\n}\nmessage birthday_note push {\n  "
        'content for segment gold {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        "segments {\n  gold    where tier >= gold\n  others  otherwise\n}\nmessage birthday_note push {\n  "
        'content for segment gold {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n  content '
        '{\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG026",
        "two contents that fit equally well",
        "The content that says most about whom it is for is sent. Of two that say equally much nobody "
        "can tell which is meant.",
        "Make one of them more specific, or delete it.",
        'message birthday_note push {\n  content {\n    title "Happy birthday"\n    body "A gift for you"\n '
        ' }\n  content {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        'message birthday_note push {\n  content {\n    title "Happy birthday"\n    body "A gift for you"\n  }\n}\n',
        "campaign",
    ),
    Code(
        "MSG027",
        "a contract that cannot be used",
        "The contract of a variant is a JSON Schema, which says what the receiver takes. Without it "
        "nobody can say whether the message would be taken.",
        "Mend the file, or take `contract` out of the variant in catalog.yaml.",
        None,
        None,
        "catalog",
    ),
)
