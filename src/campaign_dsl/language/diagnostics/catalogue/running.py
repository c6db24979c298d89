"""GATE, DAT, LED and ENV: what can go wrong when a campaign runs. Nothing of it loses what was given."""

from __future__ import annotations

from campaign_dsl.language.diagnostics.catalogue.model import Code


def _run(code: str, title: str, why: str, fix: str) -> Code:
    return Code(code, title, why, fix, None, None, "run")


GATES = (
    _run(
        "GATE001",
        "a run larger than anyone approved",
        "The plan would give more than the budget or a gate of the workspace allows. Nothing was written.",
        "Look at the plan: if the number is right, raise the budget and let somebody approve it; if not, the audience "
        "is larger than meant.",
    ),
    _run(
        "GATE002",
        "a campaign that looks renamed",
        "It is new to the ledger and gives what another campaign gave that no file claims any more. Under a new name "
        "everybody would get it a second time. Nothing was written.",
        "Write `formerly OLD_NAME` in the campaign; or, when it really is another one, list the old name under "
        "`retired` in workspace.yaml.",
    ),
    _run(
        "GATE003",
        "a campaign that happens on other occasions now",
        "It gave something on one kind of occasion, say birthdays, and the file now says another, say every Monday. By "
        "the occasion the ledger knows who has got it, so everybody would get it again. Nothing was written.",
        "Give the new campaign a name of its own, and list the old one under `retired` in workspace.yaml. Or keep the "
        "old trigger beside the new one, when both are really meant.",
    ),
    _run(
        "GATE004",
        "something that no run can give yet",
        "The campaign is sound, and can be planned and compiled. But a run would promise what nobody here delivers: "
        "single-use codes, messages whose content lies here or that quote codes, rewards or the wallet, copies for "
        "seeds, caps over all campaigns, or entering and leaving an audience, for which "
        "somebody has to remember who was in it. Nothing was written.",
        "Do what the message says, or take the clause out for now.",
    ),
)

DATA = (
    _run(
        "DAT001",
        "the data contradicts the catalog",
        "The campaign was checked against the catalog, and the warehouse says otherwise. Nothing was written.",
        "Correct the catalog, or ask who loads the data.",
    ),
    _run(
        "DAT002",
        "tables or columns are not as the catalog says",
        "A table or column of the catalog does not exist in this warehouse, or has another type.",
        "Compare catalog.yaml with the tables of this target; perhaps the target is another one.",
    ),
    _run(
        "DAT003",
        "a value is not of its declared type",
        "Somewhere in the data stands, say, `unknown` where the catalog promises a date.",
        "Mend the value at its source, or declare the attribute as what it is.",
    ),
    _run(
        "DAT010",
        "the engine's rows lack a column",
        "The query gave other columns than the plan needs, so nothing can be decided from them.",
        "Run `campaign compile` again with this version; if it stays, it is a defect of the engine's adapter.",
    ),
    _run(
        "DAT011",
        "a zone or day in the data that does not exist",
        "A customer's time zone or day cannot be read, so nobody knows when her birthday begins.",
        "Mend the value at its source. Zones are names of the tz database, such as `America/New_York`.",
    ),
    _run(
        "DAT012",
        "candidates that contradict themselves",
        "The same customer came twice for one occasion, or without a key. Deciding about her could award her twice.",
        "Look for duplicates or empty keys in the customers table; the message names examples.",
    ),
    _run(
        "DAT013",
        "the engine's totals contradict each other",
        "A later stage of the funnel cannot hold more customers than an earlier one.",
        "Run it again; if it stays, the tables change during the query or the engine's adapter is wrong.",
    ),
    _run(
        "DAT014",
        "a formula that gave broken points",
        "Points are whole numbers, and every formula is rounded before it is asked. Nothing was written.",
        "It is a defect of the engine's adapter: run `campaign compile` and look at the column `computed`.",
    ),
)

LEDGER = (
    _run(
        "LED001",
        "there is no ledger yet",
        "Reports and deliveries read the ledger, and the first run makes it.",
        "Run the campaign, or check `ledger:` of the target in workspace.yaml.",
    ),
    _run(
        "LED002",
        "what is there is not a ledger",
        "It is a database, or a schema of one, with tables of something else, so it is left alone.",
        "Give another `ledger: path:`, or in PostgreSQL another `ledger: schema:`, in workspace.yaml.",
    ),
    _run(
        "LED003",
        "a ledger of a newer version",
        "It was written by a newer version, whose rules this one does not know.",
        "Upgrade campaign-dsl.",
    ),
    _run(
        "LED004",
        "the database is too old for a ledger",
        "The ledger needs SQLite 3.39, or PostgreSQL 15 and a database in UTF8, or newer, to keep its promises.",
        "Use a newer Python, which brings a newer SQLite, or a newer server.",
    ),
    _run(
        "LED005",
        "the ledger cannot be opened",
        "Without the ledger nobody knows what was already given, so nothing is given.",
        "Check that the folder exists, and who owns the file and its folder; in PostgreSQL, the rights of the user.",
    ),
    _run(
        "LED006",
        "the disk is full",
        "What was not yet written is not written; nothing is half done.",
        "Make room, then run the same command again.",
    ),
    _run(
        "LED007",
        "another process writes to the ledger",
        "Two runs at once would wait for each other; one of them waited long enough.",
        "Wait for the other one, then run the same command again.",
    ),
    _run(
        "LED008",
        "the ledger is damaged",
        "Deciding from a damaged ledger could award somebody twice.",
        "Restore it from a backup.",
    ),
    _run(
        "LED009",
        "the ledger cannot be read or written",
        "The disk or the network drive below it fails.",
        "Look at the disk, then run the same command again.",
    ),
    _run(
        "LED010",
        "the ledger is read-only",
        "A run writes down what it gives before it gives it.",
        "Check who owns the file and its folder; in PostgreSQL, whether the server is a standby.",
    ),
    _run(
        "LED011",
        "former names that mean another campaign",
        "`formerly` would mix the histories of two campaigns, and somebody would go without or be awarded twice. Or it "
        "has lost the first name, by which holdouts and tests are drawn, and would move people between the groups.",
        "Take `formerly` out, complete it, or choose another name; the message says which of them fits.",
    ),
    _run(
        "LED012",
        "a campaign that never ran",
        "There is nothing to report of it on this ledger.",
        "Check the name and the target.",
    ),
    _run(
        "LED013",
        "a ledger of an older version",
        "It was written by an older version, and lacks what this one keeps of decisions and effects.",
        "Go on with the version that wrote it. A new ledger would not know what was given already, and give it again.",
    ),
    _run(
        "LED014",
        "the ledger's server cannot be reached",
        "It does not answer, or it lets this user not in. Without the ledger nothing is given.",
        "Do what the message says: look at the server, the address, the user, the password or the database.",
    ),
    _run(
        "LED015",
        "the connection to the ledger was lost",
        "The server or the network went away. A transaction is kept whole or not at all, and the next run finds out.",
        "Run the same command again when the server is back.",
    ),
    _run(
        "LED016",
        "the server cancelled a statement",
        "A `statement_timeout` is set for this user or this database, and what a run writes at once takes longer. "
        "Nothing of it was written.",
        "Raise the time-out for the user who runs campaigns, or set none.",
    ),
)

ENVIRONMENT = (
    _run(
        "ENV001",
        "something around the campaign is not as it must be",
        "A file, a database or a disk stands in the way. Nothing was lost.",
        "Do what the message says, then run the same command again.",
    ),
    _run(
        "ENV002",
        "the database does not exist",
        "The customers of the target are in a database that is not there.",
        "Check `engine: database:` in workspace.yaml. `campaign init DIR --sample` lays out one with data.",
    ),
    _run(
        "ENV003",
        "the database cannot be opened",
        "Another process is writing to it, it is not a database, or the server or cluster does not answer.",
        "Do what the message says: wait until the other process has finished, or correct the address or the settings.",
    ),
    _run(
        "ENV004",
        "the query failed",
        "The engine gave up, for example for lack of memory.",
        "Read the engine's own words in the message, and run it again.",
    ),
    _run(
        "ENV005",
        "the folder cannot be made",
        "`campaign init` writes into a new folder.",
        "Check the rights and the free space, or choose another place.",
    ),
    _run(
        "ENV006",
        "a file cannot be used",
        "It cannot be read or written.",
        "Check the rights and the free space.",
    ),
    _run(
        "ENV007",
        "an engine whose library is not installed",
        "Only DuckDB and SQLite come along; the other engines are extras, since their libraries are large. Spark needs "
        "Java beside it.",
        "Install what the message names.",
    ),
    _run(
        "ENV020",
        "a secret is not where the workspace says",
        "Without its key a provider takes no messages. Keys never stand in the workspace, only where they are kept.",
        "Set the environment variable, or write the file, that workspace.yaml names.",
    ),
    _run(
        "ENV021",
        "no package offers this kind of provider",
        "Kinds of providers come with installed packages, and this one is not there, or there twice.",
        "Correct `kind` in workspace.yaml, or install the package.",
    ),
    _run(
        "ENV022",
        "an endpoint that cannot be used",
        "The address is not one that messages with customers' data may be sent to.",
        "Write the provider's address, beginning with `https://`.",
    ),
    _run(
        "ENV023",
        "the sandbox cannot work",
        "It catches messages on this machine, and its port or its file is not free.",
        "Choose another `sandbox: port:` or `path:` in workspace.yaml, or stop what uses it.",
    ),
)
