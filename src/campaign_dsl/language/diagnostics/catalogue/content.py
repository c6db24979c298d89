"""CNT: what messages say."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _message(kind: str, *lines: str) -> str:
    """A message with these parts; of e-mail the conversation says who it is from."""
    parts = "".join(f"    {line}\n" for line in lines)
    sender = "  conversation newsletter\n" if kind == "email" else ""
    return f"message birthday_note {kind} {{\n{sender}  content {{\n{parts}  }}\n}}\n"


def _said(text: str) -> str:
    return _message("push", f"title {_quoted(text)}", 'body "A gift for you"')


def _linked(link: str) -> str:
    return _message("push", 'title "Happy birthday"', 'body "A gift for you"', f"link {_quoted(link)}")


def _mailed(body: str) -> str:
    return _message("email", 'subject "Happy birthday"', f"body {_quoted(body)}")


CONTENT = (
    Code(
        "CNT001",
        "content that cannot be read",
        "Braces, brackets and tags of a template come in pairs, and a name has no spaces. Half a placeholder would "
        "reach the customer as it stands.",
        "Close what is open: `{{ customer.first_name }}`, `{% if ... %} ... {% endif %}`.",
        _said('Hi {{ customer.first_name | default("you") }'),
        _said('Hi {{ customer.first_name | default("you") }}'),
        "campaign",
    ),
    Code(
        "CNT002",
        "something content may not do",
        "Content says values, chooses between texts and goes over lists. It calls nothing, sets nothing and includes "
        "nothing, so that what a reviewer reads is what the customer reads, and no value can make it do more.",
        "Write a name with filters behind it, `{% if %}` or `{% for %}`; let the campaign calculate the rest.",
        _said("Hi {{ customer.status.upper() }}"),
        _said("Hi {{ customer.status | upper }}"),
        "campaign",
    ),
    Code(
        "CNT003",
        "content that is too large or too deep",
        "It would take long to render for a million customers, and nobody could review it.",
        "Say less at once: fewer blocks inside each other, shorter expressions.",
        _said("Hi {{ " + "(" * 13 + "customer.status" + ")" * 13 + " }}"),
        _said("Hi {{ customer.status }}"),
        "campaign",
    ),
    Code(
        "CNT004",
        "a filter or test that content does not have",
        "Filters and tests are those of one table, so that every value has a type and rendering cannot fail.",
        "Use one of the filters; ask `is known` or `is missing`.",
        _said("Hi {{ customer.status | shout }}"),
        _said("Hi {{ customer.status | upper }}"),
        "campaign",
    ),
    Code(
        "CNT005",
        "a filter that does not fit its value or its arguments",
        "Text is made upper case, numbers get digits, days a format; the other way round says nothing.",
        "Use a filter of the type, and write its arguments as fixed values.",
        _said("Hi {{ customer.tier | round(2) }}"),
        _said("Hi {{ customer.tier | title }}"),
        "campaign",
    ),
    Code(
        "CNT006",
        "values in content that cannot be compared or calculated with",
        "A number never equals a text, and a word that the catalog does not have is never there: one of the branches "
        "would be for nobody.",
        "Compare with a value of the same type: text in double quotes, numbers without.",
        _said('{% if customer.tier == "diamond" %}Dear friend{% else %}Hi{% endif %}'),
        _said('{% if customer.tier == "platinum" %}Dear friend{% else %}Hi{% endif %}'),
        "campaign",
    ),
    Code(
        "CNT007",
        "a value where a condition should be, or the other way round",
        "`if points` does not say whether nought counts, and `x or y` is not a value.",
        "Compare numbers, `points > 0`; choose between values with `default` or `... if ... else ...`.",
        _said('Hi {{ customer.first_name or "you" }}'),
        _said('Hi {{ customer.first_name | default("you") }}'),
        "campaign",
    ),
    Code(
        "CNT008",
        "a value that cannot be said as it is",
        "Nobody wants to read `True`, a list in brackets, or an instant on the clock of Greenwich.",
        "Choose words for true and false, go over a list, give an instant a format.",
        _said("Staff: {{ customer.is_employee }}"),
        _said('Staff: {{ "yes" if customer.is_employee else "no" }}'),
        "campaign",
    ),
    Code(
        "CNT010",
        "a placeholder of another product",
        "It means nothing here: the customer would read it as it stands. Content that a provider holds is named with "
        "`template`, and gets its values by `properties`.",
        "Write the name that the value has here, as in `{{ offer.id }}`.",
        _said("Hi {{${first_name}}}"),
        _said('Hi {{ customer.first_name | default("you") }}'),
        "campaign",
    ),
    Code(
        "CNT011",
        "a value where HTML cannot protect it",
        "Values are escaped, which makes them safe in text and between the quotes of an attribute. In a script, a "
        "style, a comment or without quotes a name could become code.",
        "Put the value into the text, or quotes around it.",
        _mailed("<p title={{ customer.status }}>Happy birthday</p>"),
        _mailed("<p title='{{ customer.status }}'>Happy birthday</p>"),
        "campaign",
    ),
    Code(
        "CNT012",
        "an address that could lead anywhere, or nowhere",
        "Where a link leads is decided by whoever writes the campaign, not by a value of a customer; and it has to be "
        "a scheme that the receiver opens safely.",
        "Begin with `https://` and the host, or use an address of the catalog such as `offer.logo`.",
        _linked("http://footwear.example/gift"),
        _linked("https://footwear.example/gift?tier={{ customer.tier }}"),
        "campaign",
    ),
    Code(
        "CNT013",
        "a page that its branches tear apart",
        "When one branch of an `if` opens a tag or an attribute that another does not, nobody can say where the "
        "values behind it stand.",
        "Open and close each tag, attribute and comment in the same branch.",
        _mailed("<p {% if customer.is_employee %}title='Staff'>{% endif %}Happy birthday</p>"),
        _mailed("<p {% if customer.is_employee %}title='Staff'{% endif %}>Happy birthday</p>"),
        "campaign",
    ),
    Code(
        "CNT014",
        "a page in MJML that cannot be made",
        "MJML is made into HTML when the campaign is compiled, so that what is reviewed is what is sent.",
        "Begin with `<mjml><mj-body>`, close every component, and keep tags of Jinja inside one component or around "
        "whole ones.",
        None,
        None,
        "campaign",
    ),
    Code(
        "CNT015",
        "a page in MJML without the extra that reads it",
        "The library that makes HTML of MJML is installed only where it is wanted.",
        'Install it: `pip install "campaign-dsl[mjml]"`.',
        None,
        None,
        "campaign",
    ),
    Code(
        "CNT016",
        "a contract that takes no properties",
        "The contract of a variant says which properties a message carries, so it is a JSON Schema of an object.",
        "Let its `type` be `object`.",
        None,
        None,
        "catalog",
    ),
    Code(
        "CNT017",
        "a part that is too long",
        "What is longer than this is cut off or refused on the way.",
        "Shorten it.",
        _said("Happy birthday " * 9),
        _said("Happy birthday"),
        "campaign",
    ),
    Code(
        "CNT018",
        "a property that does not fit the contract",
        "The receiver's contract says which type and which values it takes; it would refuse this message, or worse, "
        "take it for something else.",
        "Send a value of the type that the contract wants, or change the contract with the receiver.",
        None,
        None,
        "campaign",
    ),
    Code(
        "CNT019",
        "a property that the contract needs is missing",
        "The receiver would refuse every message, on the morning of the campaign.",
        "Add it to `properties`.",
        None,
        None,
        "campaign",
    ),
    Code(
        "CNT020",
        "a property that the contract does not have",
        "The receiver takes nothing that its contract does not name.",
        "Delete it, correct its name, or change the contract with the receiver.",
        None,
        None,
        "campaign",
    ),
)
