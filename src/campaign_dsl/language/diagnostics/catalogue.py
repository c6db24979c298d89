"""Every code a diagnostic can carry: what it means, why it matters, what to do. Codes are never reused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Args:
        code: a prefix of three letters and a number.
        title: one line, lower case.
        why: why it is refused.
        fix: what to do.
        bad: an example that has the problem, for a file of ``kind``; of catalog and workspace the part that matters.
        good: the same without the problem.
        kind: the file it is found in; `yaml` for any YAML file.
    """

    code: str
    title: str
    why: str
    fix: str
    bad: str | None
    good: str | None
    kind: Literal["campaign", "catalog", "workspace", "yaml"]


# ------------------------------------------------------------------------------------------------ SRC: any source file

_SRC = (
    Code(
        "SRC001",
        "the file cannot be opened",
        "It does not exist, is a folder, or may not be read.",
        "Check the path and the permissions.",
        None,
        None,
        "campaign",
    ),
    Code(
        "SRC002",
        "the file is too large",
        "Files over one million bytes are not written by hand, and would make every check slow.",
        "Split it: one campaign a file; move long lists out.",
        None,
        None,
        "campaign",
    ),
    Code(
        "SRC003",
        "the file is not UTF-8",
        "Another encoding would turn names into other names without anyone noticing.",
        "Save the file as UTF-8.",
        None,
        None,
        "campaign",
    ),
    Code(
        "SRC004",
        "a character is invisible or reorders text",
        "A reviewer would not see what the file says. Control characters, bidirectional controls, line ends other than "
        "LF and CRLF, soft hyphens and zero-width spaces are refused. Zero-width joiners are allowed between two emoji "
        "or two letters of scripts that need them.",
        "Delete it. A YAML text in double quotes can hold a soft hyphen as `\\u00AD`.",
        None,
        None,
        "campaign",
    ),
    Code(
        "SRC005",
        "a line is too long",
        "A line over 20,000 characters cannot be reviewed.",
        "Break the line, or move a long list into a file.",
        None,
        None,
        "campaign",
    ),
)

# ---------------------------------------------------------------------------------------------------- YML: YAML itself

_YML = (
    Code(
        "YML001",
        "the file says nothing",
        "An empty file is more often a mistake than a wish.",
        "Write `key: value` lines, or delete the file.",
        "# nothing but a comment\n",
        "name: footwear\n",
        "yaml",
    ),
    Code(
        "YML002",
        "a tab stands where only spaces may",
        "Readers of YAML disagree on tabs, so the same file would mean two things.",
        "Use spaces. Inside double quotes `\\t` means a tab.",
        "offers:\n\thalf: 50\n",
        "offers:\n  half: 50\n",
        "yaml",
    ),
    Code(
        "YML003",
        "a line has no colon",
        "Every line of a mapping is `key: value`, with a space after the colon.",
        "Add the colon, or the space behind it.",
        "name: footwear\ntimezone\n",
        "name: footwear\ntimezone: America/New_York\n",
        "yaml",
    ),
    Code(
        "YML004",
        "a colon and a space stand inside a value",
        "They would begin another value.",
        "Put the value in quotes, or write it below a `|`.",
        "title: Birthday: half price\n",
        'title: "Birthday: half price"\n',
        "yaml",
    ),
    Code(
        "YML005",
        "a line is not indented as its neighbours are",
        "In YAML the indentation says what belongs to what.",
        "Give all entries of one level the same number of spaces, and begin each `- ` on a line of its own.",
        "engine:\n    kind: duckdb\n  database: x\n",
        "engine:\n  kind: duckdb\n  database: x\n",
        "yaml",
    ),
    Code(
        "YML006",
        "a quote is not closed, or closed too early",
        "What follows would be read as part of the text, or not at all.",
        'Put the whole value in one pair of quotes. In single quotes write a quote twice, in double ones `\\"`.',
        'title: "50%" off\n',
        'title: "50% off"\n',
        "yaml",
    ),
    Code(
        "YML007",
        "a bracket or comma is missing or too many",
        "`[` needs its `]`, `{` its `}`, and the items between them commas.",
        "Close the bracket; put an item in quotes when it holds a bracket, a comma or a colon.",
        "sources: [birthday, purchase\n",
        "sources: [birthday, purchase]\n",
        "yaml",
    ),
    Code(
        "YML008",
        "a value begins with a reserved character",
        "YAML keeps `@`, `%` and the backtick for itself.",
        "Put the value in quotes.",
        "owner: @loyalty\n",
        'owner: "@loyalty"\n',
        "yaml",
    ),
    Code(
        "YML009",
        "an escape sequence is unknown or not allowed",
        "Inside double quotes a backslash begins an escape. Control characters and bidirectional controls are refused "
        "however they are written, for whatever prints the text later would obey them.",
        "Write `\\\\` for a backslash, or use single quotes.",
        'path: "data\\warehouse"\n',
        "path: 'data\\warehouse'\n",
        "yaml",
    ),
    Code(
        "YML010",
        "a text block begins wrongly",
        "After `|` or `>` only `-`, `+`, a digit and a comment may stand on the line.",
        "Begin the text on the next line, indented.",
        "terms: |One pair\n",
        "terms: |\n  One pair\n",
        "yaml",
    ),
    Code(
        "YML011",
        "a line begins with a percent sign",
        "YAML takes it for a directive, which could change what the file means.",
        "Delete the line.",
        "%YAML 1.1\n---\nname: footwear\n",
        "name: footwear\n",
        "yaml",
    ),
    Code(
        "YML012",
        "the file holds several documents",
        "Only one would be read.",
        "Delete the `---` between them, or use two files.",
        "name: footwear\n---\nname: hats\n",
        "---\nname: footwear\n",
        "yaml",
    ),
    Code(
        "YML013",
        "an anchor or alias is used",
        "What an entry says would stand in another place, and a few lines could grow to gigabytes.",
        "Write the value out; put a text that begins with `&` or `*` in quotes.",
        "one: &day 09:00\n",
        "one: 09:00\n",
        "yaml",
    ),
    Code(
        "YML014",
        "a tag is used",
        "Tags tell a YAML reader to build other things than text, lists and mappings.",
        "Delete it; put a text that begins with `!` in quotes.",
        "percent: !!int 50\n",
        "percent: 50\n",
        "yaml",
    ),
    Code(
        "YML015",
        "a merge key is used",
        "`<<` brings in entries that a reviewer does not see.",
        "Write the entries out.",
        "<<: {active: true}\ntitle: Half price\n",
        "active: true\ntitle: Half price\n",
        "yaml",
    ),
    Code(
        "YML016",
        "a key is given twice",
        "Other programs would silently keep the last one.",
        "Delete one of the two.",
        "percent: 50\npercent: 60\n",
        "percent: 50\n",
        "yaml",
    ),
    Code(
        "YML017",
        "a key is not a word",
        "Keys are names. Lists, mappings, `?` and nothing at all cannot be one.",
        "Write `key: value`; put a text that begins with `{{` in quotes.",
        "title: {{ offer.title }}\n",
        'title: "{{ offer.title }}"\n',
        "yaml",
    ),
    Code(
        "YML018",
        "the file is nested too deeply",
        "Nothing that a campaign says needs more than a handful of levels; more are an accident or an attack.",
        "Flatten it.",
        "[" * 65 + "]" * 65 + "\n",
        "[[one, two], [three]]\n",
        "yaml",
    ),
    Code(
        "YML019",
        "the file holds too many keys and values",
        "More than 100,000 make every check slow.",
        "Split it, or move long lists out.",
        None,
        None,
        "yaml",
    ),
    Code(
        "YML020",
        "the YAML cannot be read",
        "The YAML library gave up for a reason we have no better words for.",
        "Simplify the YAML, and please report the file.",
        None,
        None,
        "yaml",
    ),
)

# --------------------------------------------------------------------------------------------------- CAT: catalog.yaml

_CAT = (
    Code(
        "CAT001",
        "an unknown key",
        "A key that is not read would be a wish that is not granted.",
        "Correct its name, or delete it.",
        "tags:\n  vip: {titel: Very important}\n",
        "tags:\n  vip: {title: Very important}\n",
        "catalog",
    ),
    Code(
        "CAT002",
        "a key is missing",
        "There is no default that would be right for everyone.",
        "Add it.",
        "offers:\n  half: {form: buy_x_get_y}\n",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one}\n",
        "catalog",
    ),
    Code(
        "CAT003",
        "a value of the wrong kind",
        "Nothing is guessed: numbers are digits without quotes, yes and no are `true` and `false`, days `2026-12-31`.",
        "Write the kind of value that the message names.",
        'offers:\n  half: {form: percentage_off_item, title: Half, percent: "50"}\n',
        "offers:\n  half: {form: percentage_off_item, title: Half, percent: 50}\n",
        "catalog",
    ),
    Code(
        "CAT004",
        "a word that is not one of the known ones",
        "Only the words that the message lists mean something here.",
        "Use one of them.",
        "offers:\n  half: {form: buy_x_gets_y, title: Two for one}\n",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one}\n",
        "catalog",
    ),
    Code(
        "CAT005",
        "a text that does not have the right form",
        "Names are said in campaigns and stored in ledgers; links and amounts are read by other programs.",
        "Write it in the form that the message gives.",
        "tags:\n  Very-Important: {}\n",
        "tags:\n  very_important: {}\n",
        "catalog",
    ),
    Code(
        "CAT006",
        "a number out of range",
        "It would make no sense, or could not be stored.",
        "Write a number inside the range.",
        "offers:\n  half: {form: percentage_off_item, title: Half, percent: 150}\n",
        "offers:\n  half: {form: percentage_off_item, title: Half, percent: 50}\n",
        "catalog",
    ),
    Code(
        "CAT007",
        "an entry contradicts itself",
        "Two of its keys cannot both be meant.",
        "Change one of them.",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one, percent: 50}\n",
        "offers:\n  half: {form: buy_x_get_y, title: Two for one}\n",
        "catalog",
    ),
    Code(
        "CAT008",
        "something is listed twice",
        "The second one is a typing mistake for something else, or does nothing.",
        "Delete or correct it.",
        "point_accounts:\n  rewards: {title: Points, sources: [birthday, birthday]}\n",
        "point_accounts:\n  rewards: {title: Points, sources: [birthday, welcome]}\n",
        "catalog",
    ),
    Code(
        "CAT009",
        "a value is missing",
        "A key without a value could mean anything.",
        "Write a value, or delete the line.",
        "tags:\n  vip:\n    title:\n",
        "tags:\n  vip:\n    title: Very important\n",
        "catalog",
    ),
    Code(
        "CAT020",
        "an attribute that does not exist",
        "The key names one of `customers.attributes`.",
        "Correct the name, or describe the attribute.",
        "channels:\n  email: {address: emial}\n",
        "channels:\n  email: {address: email}\n",
        "catalog",
    ),
    Code(
        "CAT021",
        "an attribute of the wrong type",
        "A key is a text or an integer; an address and a zone are texts, a consent a boolean, a birth date a date.",
        "Name another attribute, or correct its type.",
        "channels:\n  email: {consent: email}\n",
        "channels:\n  email: {consent: email_consent}\n",
        "catalog",
    ),
    Code(
        "CAT022",
        "the key of customers may be missing",
        "A customer without a key could not be told from others, and would get nothing or everything.",
        "Write `nullable: false`.",
        "customers:\n  table: customers\n  key: id\n  attributes:\n    id: {type: text}\n",
        "customers:\n  table: customers\n  key: id\n  attributes:\n    id: {type: text, nullable: false}\n",
        "catalog",
    ),
    Code(
        "CAT023",
        "a channel that does not exist",
        "A variant sends through one of `channels`.",
        "Correct the name, or describe the channel.",
        "variants:\n  note: {provider: braze, channel: emial}\n",
        "variants:\n  note: {provider: braze, channel: email}\n",
        "catalog",
    ),
    Code(
        "CAT024",
        "a provider that does not exist",
        "A variant is delivered by one of `providers` in the workspace.",
        "Correct the name, or add the provider to the workspace.",
        "variants:\n  note: {provider: brace, channel: email}\n",
        "variants:\n  note: {provider: braze, channel: email}\n",
        "catalog",
    ),
    Code(
        "CAT025",
        "a variant identifies customers by an address that its channel does not have",
        "`identifier: email` sends the channel's address to the provider.",
        "Give the channel an `address`, or use `identifier: external_user_id`.",
        "channels: {email: {}}\nvariants:\n  note: {provider: braze, channel: email, identifier: email}\n",
        "channels: {email: {address: email}}\n"
        "variants:\n  note: {provider: braze, channel: email, identifier: email}\n",
        "catalog",
    ),
)

# ------------------------------------------------------------------------------------------------- WSP: workspace.yaml

_WSP = (
    Code(
        "WSP001",
        "an unknown key",
        "A key that is not read would be a wish that is not granted.",
        "Correct its name, or delete it.",
        "gate: {}\n",
        "gates: {}\n",
        "workspace",
    ),
    Code(
        "WSP002",
        "a key is missing",
        "Where products differ there is no silent default: each policy must be chosen once.",
        "Add it.",
        'policies: {leap_day: feb_28, misfire: skip, quiet: "21:00 to 08:00"}\n',
        'policies: {leap_day: feb_28, misfire: skip, quiet: "21:00 to 08:00", consent: required}\n',
        "workspace",
    ),
    Code(
        "WSP003",
        "a value of the wrong kind",
        "Nothing is guessed: numbers are digits without quotes, yes and no are `true` and `false`.",
        "Write the kind of value that the message names.",
        "gates: {offers: 1e6}\n",
        "gates: {offers: 1_000_000}\n",
        "workspace",
    ),
    Code(
        "WSP004",
        "a word that is not one of the known ones",
        "Only the words that the message lists mean something here.",
        "Use one of them.",
        'policies: {leap_day: feb_29, misfire: skip, quiet: "21:00 to 08:00", consent: required}\n',
        'policies: {leap_day: feb_28, misfire: skip, quiet: "21:00 to 08:00", consent: required}\n',
        "workspace",
    ),
    Code(
        "WSP005",
        "a text that does not have the right form",
        "Names, zones, hours and addresses are read by the program and by others.",
        "Write it in the form that the message gives.",
        "timezone: New York\n",
        "timezone: America/New_York\n",
        "workspace",
    ),
    Code(
        "WSP006",
        "a number out of range",
        "It would make no sense, or could not be stored.",
        "Write a number inside the range.",
        "sandbox: {port: 84200}\n",
        "sandbox: {port: 8420}\n",
        "workspace",
    ),
    Code(
        "WSP007",
        "an entry contradicts itself",
        "Two of its keys cannot both be meant.",
        "Change one of them.",
        "default_target: production\n",
        "default_target: local\n",
        "workspace",
    ),
    Code(
        "WSP008",
        "something is listed twice",
        "The second one is a typing mistake for something else, or does nothing.",
        "Delete or correct it.",
        None,
        None,
        "workspace",
    ),
    Code(
        "WSP009",
        "a value is missing",
        "A key without a value could mean anything.",
        "Write a value, or delete the line.",
        "timezone:\n",
        "timezone: America/New_York\n",
        "workspace",
    ),
)

CODES: dict[str, Code] = {code.code: code for code in (*_SRC, *_YML, *_CAT, *_WSP)}
"""All codes."""
