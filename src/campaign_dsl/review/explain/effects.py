"""What a customer gets and is told, in plain English."""

from __future__ import annotations

from campaign_dsl.language.catalog.model import Catalog
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir import nodes
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.review.explain.conditions import condition, value
from campaign_dsl.review.explain.words import code, counted, duration, either, plain, seconds, words


def outcome(node: t.Outcome | t.FirstOf, catalog: Catalog) -> list[str]:
    """An outcome as lines; those after the first are its alternatives."""
    if isinstance(node, t.FirstOf):
        lines = [f"  - {_one(each, catalog)}" for each in node.lines]
        return ["Exactly one of these, the first that fits:", *lines]
    return [_one(node, catalog)]


def _one(node: t.Outcome, catalog: Catalog) -> str:
    tail = node.tail
    text = _effect(node, catalog)
    if tail.at_most is not None:
        text += f", at most {int(tail.at_most.text):,}"
    if tail.expires is not None:
        text += f", which expires after {duration(tail.expires)}"
    if tail.delay is not None:
        text += f", {duration(tail.delay)} later"
    return text + _when(tail.condition) + "."


def _when(node: t.Condition | None) -> str:
    if node is None:
        return ""
    if node.segment is not None:
        return f" — only in the segment “{words(node.segment.text)}”"
    if node.variant is not None:
        return f" — only in variant {node.variant.text} of the test"
    return " — otherwise" if node.where is None else f" — only if {condition(node.where)}"


def _effect(node: t.Outcome, catalog: Catalog) -> str:
    match node:
        case t.Award(amount, account, source):
            entry = catalog.point_accounts.get(account.text)
            name = plain(entry.title) if entry else words(account.text)
            where = f"to the account “{name}”, from the source “{words(source.text)}”"
            if isinstance(amount, t.Constant):
                return f"**{int(amount.text):,} points** {where}"
            return f"**Points** {where}: {value(amount)}"
        case t.Issue("offer", name):
            offer = catalog.offers.get(name.text)
            return f"The **offer “{plain(offer.title) if offer else words(name.text)}”** in the wallet"
        case t.Issue("pool", name):
            return f"A **promo code of her own** from the pool “{words(name.text)}”"
        case t.Issue("code", name):
            return f"The **promo code {name.text}**"
        case t.Issue(_, name):
            reward = catalog.rewards.get(name.text)
            return f"The **reward “{plain(reward.title) if reward else words(name.text)}”**"
        case t.TagFor(tag, ttl):
            return f"The tag “{words(tag.text)}” on the profile" + (f" for {duration(ttl)}" if ttl else ", for good")
        case t.Untag(tag):
            return f"The tag “{words(tag.text)}” is taken off the profile"
        case t.SetTo(name, new):
            return f"{words(name.text).capitalize()} is set to {value(new)}"
        case t.Subscription(conversation, subscribed):
            verb = "She is subscribed to" if subscribed else "She is unsubscribed from"
            return f"{verb} “{words(conversation.text)}”"
        case t.Record(event, assignments):
            said = [f"{words(each.name.text)} {value(each.value)}" for each in assignments]
            given = either(said, "and") if said else ""
            return f"The event “{words(event.text)}” is recorded" + (f", with {given}" if given else "")
        case t.Send(message):
            return f"The message “{words(message.text)}”"


_TYPES = {
    "email": "An e-mail",
    "sms": "A short message (SMS)",
    "push": "A push notification",
    "inbox": "A message in the app's inbox",
    "feed": "A tile of the activity feed",
    "in_app": "An in-app message",
    "external": "A message that another system makes",
}


def message(each: ir.Message, node: t.Message | None) -> list[str]:
    """A message as lines: how it goes, when it does not, and what it says."""
    first = _TYPES[each.type] + ("" if each.display is None else f" ({each.display})")
    first += "" if each.provider is None else f", through {each.provider}"
    first += "" if each.variant_name is None else f" as “{words(each.variant_name)}”"
    first += "" if each.conversation is None else f", in the conversation “{plain(each.conversation.title)}”"
    lines = [first + "."]
    if each.purpose == "transactional":
        lines.append("It is transactional: consent is not asked for.")
    else:
        lines += _allowed(each)
    if each.quiet is not None:
        start, end = each.quiet
        lines.append(f"Never between {start} and {end} where the customer is: it waits.")
    if each.expires_after_seconds is not None:
        lines.append(f"It is dropped when it could not leave within {seconds(each.expires_after_seconds)}.")
    if each.visible_seconds is not None:
        lines.append(f"It stays visible for {seconds(each.visible_seconds)}.")
    if each.seeds:
        lines.append(f"{counted(len(each.seeds), 'person')} on seed lists get a copy, outside of all results.")
    alone = len(each.contents) == 1
    lines += [_content(content, alone) for content in sorted(each.contents, key=_unbound)]
    if each.properties:
        said = [_property(found) for found in each.properties]
        lines.append(f"It carries {either(said, 'and')}.")
    return lines


def _allowed(each: ir.Message) -> list[str]:
    """What a customer has to have said before she gets advertising."""
    asked = []
    if each.consent is not None:
        asked.append(f"whose {words(each.consent.name)} is true")
    if each.subscription is not None and each.conversation is not None:
        left = isinstance(each.subscription, nodes.Negate)
        asked.append(f"who {'have not left' if left else 'are subscribed to'} “{plain(each.conversation.title)}”")
    return [f"Only to customers {either(asked, 'and')}."] if asked else []


def _unbound(content: ir.Content) -> bool:
    """Whether it is for everybody for whom there is no other."""
    return content.segment is None and content.language is None and content.arm is None


def _content(content: ir.Content, alone: bool) -> str:
    axes = []
    axes += [f"the segment “{words(content.segment)}”"] if content.segment else []
    axes += [f"the language {content.language}"] if content.language else []
    axes += [f"variant {content.arm}"] if content.arm else []
    whom = f"In {either(axes, 'and')}" if axes else "To everybody" if alone else "To everybody else"
    if content.provider_template is not None:
        return f"{whom}: the content that the provider holds as {code(content.provider_template)}."
    return f"{whom}: {either(map(_part, content.parts), 'and')}."


def _part(part: ir.Part) -> str:
    said = f"“{plain(_shortened(part.template))}”" if part.path is None else f"from {code(part.path)}"
    return f"{part.name} {said}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:77] + "..."


def _property(each: ir.MessageProperty) -> str:
    if each.source is None:
        return f"{words(each.name)} “{plain(str(each.fallback))}”"
    stand_in = "" if each.fallback is None else f" (or “{plain(str(each.fallback))}” when it is missing)"
    return f"{words(each.name)}{stand_in}"
