"""SRC: any source file."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code

FILES = (
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
    Code(
        "SRC010",
        "a file that is not a campaign file",
        "Only files that end in `.campaign` or `.campaign.yaml` are read; another one would never run.",
        "Rename it, or name another file.",
        None,
        None,
        "campaign",
    ),
    Code(
        "SRC011",
        "a link that leads outside of the workspace",
        "What it points to is not reviewed with the campaign, and can change without anybody noticing.",
        "Put the file itself into the workspace.",
        None,
        None,
        "campaign",
    ),
)
