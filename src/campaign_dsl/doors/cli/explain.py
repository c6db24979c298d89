"""`campaign explain`"""

from __future__ import annotations

from typing import Annotated

import typer

from campaign_dsl.doors.cli.common import JsonOption, WorkspaceOption, find_root, load, print_json, sound_campaign


def explain(
    campaign: Annotated[str, typer.Argument(help="Name of the campaign, or its file.")],
    workspace: WorkspaceOption = None,
    json: JsonOption = False,
) -> None:
    """Say in plain English what a campaign does: who, when, what they get, what they are told.

    It is Markdown, so that it can be pasted into a pull request for somebody who does not read campaign files. What it
    says comes from the checked campaign: names, policies and defaults are those that a run would use.

    Examples:

        campaign explain birthday_gift

        campaign explain birthday_gift.campaign > birthday_gift.md
    """
    from campaign_dsl.review.explain import explain as explained

    loaded = load(find_root(None, workspace))
    name = sound_campaign(loaded, campaign)
    typed, (node, source) = loaded.typed(name), loaded.campaigns[name]
    assert typed is not None
    assert loaded.catalog is not None
    text = explained(typed, node, {key: entry for key, (entry, _) in loaded.audiences.items()}, loaded.catalog)
    if json:
        print_json({"campaign": name, "path": source.path, "format": "markdown", "text": text})
    else:
        print(text, end="")
