"""Part 5 of the seed checklist: outcomes, offers, points, tags."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from stand import (
    CATALOG,
    SAMPLE,
    Stand,
    T,
    at,
    both,
    codes,
    findings,
    given,
    happened,
    ledgered,
    person,
    plan,
    said,
    tables,
    text_of,
    who,
)

from campaign_dsl.language.catalog.loading import load_catalog
from campaign_dsl.language.source.files import SourceFile
from campaign_dsl.run.engines.protocol import DECISION_COLUMNS
from campaign_dsl.run.ledger import RunResult, preview_run
from campaign_dsl.run.problems import GateProblem

PUSH = 'message note push {\n    content {\n      title "Hello"\n      body "Come in"\n    }\n  }'
EXTERNAL = "message note external {\n    via middleware variant app_push\n  }"
BOUGHT = tables([person("a")], [happened(1, "2026-06-15 09:00", amount=10)])

KINDS = {
    "points": "award 500 points to rewards source bonus",
    "offer": "issue offer five_off",
    "tag": "tag vip for 30 days",
    "code": "issue code SUMMER26",
    "reward": "issue reward free_coffee",
    "attribute": "set tier to gold",
    "subscription": "subscribe to newsletter",
    "event": 'record sweepstake_entry with sweepstake = "summer"',
    "untag": "untag runner",
    "message": "send note",
}

# ---------------------------------------------------------------------------------------------------- kinds of outcome


@pytest.mark.seed("S3-19")
def test_every_outcome_is_one_row_of_the_ledger_per_occasion(tmp_path: Path) -> None:
    text = text_of(outcomes="\n    ".join(KINDS.values()), more=EXTERNAL)
    rows = tables([person("a")], [happened(n, f"2026-06-15 09:0{n}", amount=10) for n in range(3)])
    for _ in range(2):
        with ledgered(tmp_path, text, rows) as (_, ledger):
            found = ledger.connection.execute(
                "SELECT name, occurrence, count(*) FROM effect JOIN outcome USING (outcome_id) GROUP BY 1, 2"
            ).fetchall()
    assert len(found) == 3 * len(KINDS)
    assert {number for _, _, number in found} == {1}
    assert {name.partition("/")[0] for name, _, _ in found} == KINDS.keys()
    interpreted = both(text, rows)
    assert {(name, key) for name, key, _ in found} == {(name, key) for _, key, name in given(interpreted)}


@pytest.mark.seed("S0-08")
def test_points_or_an_offer_never_both_never_none() -> None:
    """By tier, and then by whatever is left; over every combination of what could be asked."""
    text = text_of(
        outcomes="""first of {
      issue offer birthday_half_price when tier >= gold
      award 500 points to rewards source bonus when points in rewards >= 100
      issue offer five_off when event.amount > 50
      award 100 points to rewards source bonus as small otherwise
    }"""
    )
    people, rows, balances = [], [], []
    for tier in ("member", "gold"):
        for has in (0, 100):
            for amount in (None, 50, 51):
                key = f"{tier}-{has}-{amount}"
                people.append(person(key, tier=tier))
                rows.append(happened(len(rows), "2026-06-15 09:00", owner=key, amount=amount))
                balances.append({"customer_id": key, "account": "rewards", "balance": has})
    found = both(text, tables(people, rows, point_balances=balances))
    got = {each.customer: each.outcome for each in found.effects}
    assert len(found.effects) == len(got) == len(people)
    for each in people:
        tier, has, amount = each["customer_id"].split("-")
        expected = (
            "offer/birthday_half_price"
            if tier == "gold"
            else "points/rewards/bonus"
            if has == "100"
            else "offer/five_off"
            if amount == "51"
            else "points/rewards/bonus/small"
        )
        assert got[each["customer_id"]] == expected


@pytest.mark.seed("S0-08")
@pytest.mark.parametrize(
    "lines",
    [
        "issue offer five_off when tier = gold\n      award 5 points to rewards source bonus when tier = member",
        "issue offer five_off otherwise\n      award 5 points to rewards source bonus when tier = gold",
        "issue offer five_off\n      award 5 points to rewards source bonus otherwise",
    ],
)
def test_a_choice_ends_in_otherwise(lines: str) -> None:
    found = codes(text_of(outcomes=f"first of {{\n      {lines}\n    }}"))
    assert found
    assert all(each.startswith("OUT") for each in found)


@pytest.mark.seed("S0-08")
def test_a_random_half_gets_points_and_the_other_an_offer() -> None:
    text = text_of(
        head="variants {\n    points_arm  50%\n    offer_arm   50%\n  }",
        outcomes="award 5 points to rewards source bonus when variant points_arm\n"
        "    issue offer five_off when variant offer_arm",
    )
    people = [person(f"m{n}") for n in range(60)]
    rows = [happened(n, "2026-06-15 09:00", owner=each["customer_id"]) for n, each in enumerate(people)]
    found = both(text, tables(people, rows))
    assert len(found.effects) == len({each.customer for each in found.effects}) == 60
    assert 15 <= sum(each.kind == "points" for each in found.effects) <= 45


# ------------------------------------------------------------------------------------------ what has to be configured


@pytest.mark.seed("S0-19")
@pytest.mark.parametrize(
    ("outcome", "near"),
    [
        ("award 5 points to reward source bonus", "rewards"),
        ("award 5 points to rewards source bonsu", "bonus"),
        ("issue offer five_of", "five_off"),
        ("issue code SUMMER25", "SUMMER26"),
        ("issue code from summer_pol", "summer_pool"),
        ("issue reward free_cofee", "free_coffee"),
        ("tag vipp", "vip"),
        ("set teir to gold", "tier"),
        ("subscribe to newsleter", "newsletter"),
    ],
)
def test_what_nobody_has_configured(outcome: str, near: str) -> None:
    [found] = findings(text_of(kind="promotion", outcomes=f"{outcome}\n    issue offer we_miss_you"))
    assert found.code.startswith("NAM")
    assert f"`{near}`" in str(found.help)


@pytest.mark.seed("S0-19")
@pytest.mark.parametrize("what", ["offer", "account", "reward", "code"])
def test_what_is_no_longer_active(what: str) -> None:
    changes = {
        "offer": ("offers", "five_off", "issue offer five_off"),
        "account": ("point_accounts", "rewards", "award 5 points to rewards source bonus"),
        "reward": ("rewards", "free_coffee", "issue reward free_coffee"),
        "code": ("promo_codes", "SUMMER26", "issue code SUMMER26"),
    }
    section, name, outcome = changes[what]
    entries = dict(getattr(CATALOG, section))
    entries[name] = entries[name].model_copy(update={"active": False})
    ended = CATALOG.model_copy(update={section: entries})
    assert codes(text_of(outcomes=outcome)) == []
    [found] = findings(text_of(outcomes=outcome), catalog=ended)
    assert "active" in found.message or "ended" in found.message or "given" in found.message, found


# --------------------------------------------------------------------------------------------------------------- points


@pytest.mark.seed("S3-20")
@pytest.mark.parametrize(
    ("rule", "amount", "points"),
    [
        ("round half up to 0", "0.5", 1),
        ("round half up to 0", "1.5", 2),
        ("round half up to 0", "2.5", 3),
        ("round half even to 0", "0.5", None),
        ("round half even to 0", "1.5", 2),
        ("round half even to 0", "2.5", 2),
        ("round up to 0", "0.01", 1),
        ("round down to 0", "0.99", None),
        ("round half up to 0", "-5", None),
        ("round half up to 0", None, None),
        ("round half up to 0, at most 100", "5000", 100),
        ("round half up to 0", "9999999999.99", 1_000_000_000),
    ],
)
def test_halves_negative_and_huge_amounts(rule: str, amount: str | None, points: int | None, tmp_path: Path) -> None:
    formula, _, at_most = rule.partition(",")
    tail = f",{at_most}" if at_most else ""
    text = text_of(outcomes=f"award event.amount {formula} points to rewards source purchase{tail}\n    tag vip")
    bought = None if amount is None else Decimal(amount)
    rows = tables([person("a")], [happened(1, "2026-06-15 09:00", amount=bought)])
    found = both(text, rows)
    assert [each.amount for each in found.effects if each.kind == "points"] == ([] if points is None else [points])
    with ledgered(tmp_path, text, rows) as (_, ledger):
        written = [row[0] for row in ledger.connection.execute("SELECT amount FROM point_transfer")]
    assert written == ([] if points is None else [points])


@pytest.mark.seed("S3-20")
@pytest.mark.parametrize(
    "amount", ["-5", "0", "1_000_000_001", "2.5", "event.amount", "event.amount * 2", "event.amount round half up to 2"]
)
def test_amounts_that_are_no_points(amount: str) -> None:
    found = codes(text_of(outcomes=f"award {amount} points to rewards source bonus"))
    assert len(found) == 1
    assert found[0].startswith(("OUT", "TYP"))


# --------------------------------------------------------------------------------------------------------------- offers


@pytest.mark.seed("S3-21", "S1-12")
def test_an_offer_is_issued_redeemed_or_over() -> None:
    """What the wallet says of each state: `has offer` means that it can be used now."""
    states = {
        "issued": {"state": "issued"},
        "ends": {"state": "issued", "expires_at": T + timedelta(seconds=1)},
        "ended": {"state": "issued", "expires_at": T},
        "redeemed": {"state": "redeemed", "redeemed_at": T - timedelta(days=1)},
        "revoked": {"state": "revoked"},
    }
    nothing = {"redeemed_at": None, "expires_at": None, "offer": "five_off", "issued_at": T - timedelta(days=5)}
    wallet = [{**nothing, "wallet_id": n, "customer_id": key, **row} for n, (key, row) in enumerate(states.items())]
    rows = tables([person(each) for each in (*states, "never")], wallet=wallet)
    assert who("has offer five_off", rows) == "ends issued"
    assert who("redeemed offer five_off in last 7 days", rows) == "redeemed"
    assert who("received offer five_off in last 7 days", rows) == "ended ends issued redeemed revoked"


@pytest.mark.seed("S1-12")
def test_a_message_names_the_offer_of_the_same_decision() -> None:
    more = (
        "message note external {\n    via middleware variant app_push\n"
        "    properties {\n      offer    offer.id\n      wallet   offer.user_offer_id\n    }\n  }"
    )
    text = text_of(outcomes="issue offer five_off, expires after 14 days\n    send note", more=more)
    stand = Stand({"gift": text}, BOUGHT)
    [sent] = stand.run(T)["gift"].messages
    assert sent.properties["offer"] == "five_off"
    assert len(sent.properties["wallet"]) == 32
    unsaid = text_of(outcomes="tag vip\n    send note", more=more)
    assert codes(unsaid), "an offer that is not given cannot be quoted"


FORMS = {
    "percentage_off_check": "welcome_ten",
    "percentage_off_item": "birthday_half_price",
    "amount_off_check": "five_off",
    "amount_off_item": "free_laces",
    "buy_x_get_y": "muffin_and_coffee",
}
TERMS = {
    "welcome_ten": {"percent": 10},
    "birthday_half_price": {"percent": 50},
    "five_off": {"amount": "5.00"},
    "free_laces": {"amount": "6.50"},
    "muffin_and_coffee": {
        "buy": {"quantity": 1, "item": "muffin"},
        "get": {"quantity": 1, "item": "coffee", "percent": 100},
    },
}


@pytest.mark.seed("S3-22")
@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_an_offer_is_written_into_the_plan(form: str) -> None:
    name = FORMS[form]
    [step] = json.loads(plan(text_of(outcomes=f"issue offer {name}")).model_dump_json())["steps"]
    assert (step["form"], step["terms"]) == (form, TERMS[name])
    assert step["pos_discount_id"] == CATALOG.offers[name].pos_discount_id


@pytest.mark.seed("S3-22")
@pytest.mark.parametrize(
    "offer",
    [
        "{title: X, form: percentage_off_check, percent: 101}",
        "{title: X, form: percentage_off_item, percent: 0}",
        "{title: X, form: percentage_off_item, percent: -5}",
        "{title: X, form: percentage_off_item, amount: 5}",
        "{title: X, form: percentage_off_check}",
        "{title: X, form: amount_off_check, amount: -5}",
        "{title: X, form: amount_off_item, percent: 5}",
        "{title: X, form: buy_x_get_y, buy: {item: shoe}}",
        "{title: X, form: buy_x_get_y, buy: {item: shoe}, get: {percent: 101}}",
        "{title: X, form: half_price, percent: 50}",
    ],
)
def test_terms_that_are_none(offer: str) -> None:
    text = (SAMPLE / "catalog.yaml").read_text("utf-8").replace("\noffers:\n", f"\noffers:\n  odd: {offer}\n")
    _, _, problems = load_catalog(SourceFile("catalog.yaml", text))
    assert len(problems) == 1
    line = 1 + text[: text.index("  odd:")].count("\n")
    assert f":{line}:" in str(problems[0].where)


# --------------------------------------------------------------------------------------------------- rewards and codes


@pytest.mark.seed("S3-23")
def test_a_reward_has_its_price_in_points_and_is_given_without_it() -> None:
    assert (CATALOG.rewards["free_coffee"].cost, CATALOG.rewards["free_coffee"].account) == (250, "rewards")
    found = both(text_of(outcomes="issue reward free_coffee"), BOUGHT)
    assert given(found) == [("a", "purchase/1", "reward/free_coffee")]


@pytest.mark.seed("S3-23")
def test_buying_a_reward_and_being_able_to() -> None:
    rows = tables(
        [person("a"), person("b")],
        [happened(1, "2026-06-15 09:00", "reward_purchased", "a", title="free_coffee", quantity=250)],
        point_balances=[
            {"customer_id": owner, "account": "rewards", "balance": balance}
            for owner, balance in (("a", 250), ("b", 249))
        ],
    )
    assert who("points in rewards >= 250", rows) == "a"
    found = both(text_of(behavior='on reward_purchased where reward = "free_coffee"'), rows)
    assert [each.customer for each in found.effects] == ["a"]


@pytest.mark.seed("S3-25")
def test_a_code_that_is_entered() -> None:
    """Of everybody, and of a pool; in any case; twice by one customer is two entries, and one award with a limit."""
    common = {"occurred_at": at("2026-06-15 09:00"), "received_at": at("2026-06-15 09:00")}
    entries = [
        {"entry_id": n, "customer_id": owner, "code": code, "pool": pool, **common}
        for n, (owner, code, pool) in enumerate(
            [("a", "SUMMER26", None), ("a", "SUMMER26", None), ("b", "SUNABC", "summer_pool"), ("c", "OTHER", None)]
        )
    ]
    rows = tables([person(each) for each in "abc"], code_entries=entries)
    everybody = both(text_of(behavior="on code SUMMER26\n    limit once ever"), rows)
    assert [each.customer for each in everybody.effects] == ["a"]
    pooled = both(text_of(behavior="on code from summer_pool"), rows)
    assert [each.customer for each in pooled.effects] == ["b"]


@pytest.mark.seed("S3-25")
def test_codes_cannot_be_guessed() -> None:
    pool = CATALOG.code_pools["summer_pool"]
    assert len(pool.alphabet) ** pool.length >= 10**15
    text = (SAMPLE / "catalog.yaml").read_text("utf-8")
    assert "summer_pool:    {title: Summer cards, prefix: SUN}" in text
    short = text.replace("{title: Summer cards, prefix: SUN}", "{title: Summer cards, prefix: SUN, length: 4}")
    _, _, problems = load_catalog(SourceFile("catalog.yaml", short))
    assert len(problems) == 1


@pytest.mark.seed("S3-25")
def test_single_use_codes_are_refused_by_a_run_until_they_can_be_claimed(tmp_path: Path) -> None:
    text = text_of(outcomes="issue code from summer_pool")
    assert [each.outcome for each in both(text, BOUGHT).effects] == ["code/summer_pool"]
    with pytest.raises(Exception, match="summer_pool"), ledgered(tmp_path, text, BOUGHT):
        pass


# ----------------------------------------------------------------------------------------------------- tags and order


@pytest.mark.seed("S1-08")
@pytest.mark.parametrize(
    ("ttl", "seconds"), [("2_592_000 seconds", 2_592_000), ("20_000 seconds", 20_000), ("30 days", 2_592_000)]
)
def test_the_ttl_of_a_tag_is_a_whole_number_of_seconds(ttl: str, seconds: int) -> None:
    steps = plan(text_of(outcomes=f"tag vip for {ttl}\n    tag runner for {ttl}")).steps
    assert [(each.kind, each.tag, each.ttl_seconds) for each in steps] == [  # type: ignore[union-attr]
        ("tag", "vip", seconds),
        ("tag", "runner", seconds),
    ]


@pytest.mark.seed("S1-08")
@pytest.mark.parametrize("ttl", ["0 seconds", "0 days", "-5 days", "1.5 days"])
def test_a_ttl_is_more_than_nothing(ttl: str) -> None:
    assert len(codes(text_of(outcomes=f"tag vip for {ttl}"))) == 1


@pytest.mark.seed("S3-26")
def test_outcomes_in_their_order_and_after_a_while(tmp_path: Path) -> None:
    text = text_of(
        outcomes="award 5 points to rewards source bonus\n    tag vip, after 2 hours\n"
        "    issue offer five_off, after 1 day\n    send note, after 30 minutes",
        more=EXTERNAL.replace("{", "{\n    quiet none", 1),
    )
    found = both(text, BOUGHT, at("2026-06-15 10:00"))
    moments = {each.kind: each.at for each in found.effects}
    assert moments == {
        "points": at("2026-06-15 10:00"),  # the run
        "tag": at("2026-06-15 11:00"),  # two hours after the purchase at 09:00
        "offer": at("2026-06-16 09:00"),
        "message": at("2026-06-15 10:00"),  # 09:30 is over
    }
    for _ in range(3):  # again and again: the order stays, and nothing is written twice
        with ledgered(tmp_path, text, BOUGHT, at("2026-06-15 10:00")) as (_, ledger):
            rows = ledger.connection.execute(
                "SELECT name FROM effect JOIN outcome USING (outcome_id) JOIN step USING (step_id) ORDER BY number"
            ).fetchall()
    assert [name for (name,) in rows] == ["points/rewards/bonus", "tag/vip", "offer/five_off", "message/note"]
    assert "2 hours" in said(text)


# ---------------------------------------------------------------------------------------------------- a million offers


@pytest.mark.seed("S0-21")
@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        ("1_000_000 offers", []),
        ("1_000_001 offers", ["BEH006"]),
        ('1_000_001 offers approved by "cmo@footwear.example"', []),
    ],
)
def test_a_budget_of_more_than_a_million_offers_names_who_approved_it(budget: str, expected: list[str]) -> None:
    assert codes(text_of(behavior=f"on purchase\n    budget {budget}", outcomes="issue offer five_off")) == expected


@pytest.mark.seed("S0-21")
def test_a_million_offers_pass_and_one_more_does_not(tmp_path: Path) -> None:
    """Previewed, as a run would be: nobody gets anything before the number is known."""
    its_plan = plan(text_of(behavior="every day at 09:00", outcomes="issue offer five_off"))
    assert its_plan.offers_gate == 1_000_000

    def preview(number: int) -> RunResult:
        ids = [f"m{each:07}" for each in range(number)]
        fixed = {"occurrence": "2026-06-15T09:00", "occurrence_day": "2026-06-15", "occurrence_time": "09:00"}
        fixed |= {"zone": "UTC", "context": "{}"}
        types = {"occurred_at": pa.timestamp("us", "UTC"), "steps": pa.int64()}
        columns = {
            name: pa.array(ids)
            if name == "customer_id"
            else pa.repeat(pa.scalar(1), number)
            if name == "steps"
            else pa.repeat(pa.scalar(fixed.get(name), types.get(name, pa.string())), number)
            for name in DECISION_COLUMNS
        }
        rows = pa.table(columns)
        return preview_run(
            tmp_path / "ledger.sqlite",
            its_plan,
            as_of=T,
            run_day=T.date(),
            totals={"customers": number, "readable": number, "audience": number},
            candidates=lambda: pa.RecordBatchReader.from_batches(rows.schema, rows.to_batches(max_chunksize=50_000)),
            max_items={},
        )

    assert preview(1_000_000).funnel["decided"] == 1_000_000
    with pytest.raises(GateProblem, match="1,000,001 offers"):
        preview(1_000_001)
