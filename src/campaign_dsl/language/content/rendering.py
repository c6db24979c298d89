"""Renders checked templates, within limits.

Jinja's sandbox is the floor, not the whole: its tree is made over so that nothing is reached but keys of mappings,
nothing is called but the functions of this room, a missing value is never said, and each value is written for where it
stands. Rendering counts what it makes and how often it goes round; it looks at no clock, so that two runs end alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from campaign_dsl.language.content import limits, markup
from campaign_dsl.language.content.addresses import Use, uses_in_address
from campaign_dsl.language.content.filters import FILTERS, WIDE, Setting, is_known, text_of
from campaign_dsl.language.content.locales import LOCALES, locale_of
from campaign_dsl.language.content.parsing import parse
from campaign_dsl.language.content.parts import (
    LINK_SCHEMES,
    WEB_SCHEMES,
    Form,
    PartKind,
    allowed_address,
    one_line,
    plain_text,
)
from campaign_dsl.language.content.report import Report, loose

if TYPE_CHECKING:
    from jinja2 import Template, nodes
    from jinja2.sandbox import SandboxedEnvironment


class ContentError(Exception):
    """A template that cannot be rendered for somebody; the message says why, without any of her data."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template that is ready to be said to many.

    Attributes:
        template: what Jinja made of it.
    """

    kind: PartKind
    schemes: frozenset[str]
    template: Template

    def render(self, values: Mapping[str, Any], *, language: str | None = None, zone: str = "UTC") -> str:
        """What it says to one customer.

        Args:
            values: what the context holds, as mappings inside mappings: `{"customer": {"first_name": "Ada"}}`. Missing
                values are None; days and instants are `date` and `datetime`, numbers `int` and `Decimal`.
            language: how numbers and days are written.
            zone: the customer's, for days of instants.

        Raises:
            ContentError: a value is not what the context promised, or it grew beyond its limits.
        """
        from jinja2.exceptions import TemplateError

        meter = _Meter(Setting(locale_of(language) or LOCALES["en"], zone))
        made: list[str] = []
        size = 0
        try:
            context = self.template.new_context({**values, _METER: meter})
            for chunk in self.template.root_render_func(context):
                size += len(chunk)
                if size > limits.MAX_OUTPUT:
                    raise ContentError(f"it grew beyond {limits.MAX_OUTPUT:,} characters")
                made.append(chunk)
        except (TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, LookupError) as error:
            raise ContentError("a value is missing, or is not of the type that the context says") from error
        return self._finished("".join(made))

    def _finished(self, text: str) -> str:
        match self.kind.form:
            case Form.LINE:
                text = one_line(text)
            case Form.URL:
                text = one_line(text)
                if not allowed_address(text, self.schemes):
                    raise ContentError("the address it makes is not one of an allowed scheme")
            case _:
                text = plain_text(text)
        if len(text) > self.kind.longest:
            raise ContentError(f"it has {len(text):,} characters; at most {self.kind.longest:,} arrive")
        return text


def compile_template(text: str, kind: PartKind, schemes: Sequence[str] = ()) -> Rendered:
    """A template that `check_template` found nothing wrong with, made ready. Its limits are checked again.

    Args:
        kind: the part it is.
        schemes: schemes of apps that links may have.

    Raises:
        ContentError: it is not a template that content may have; plans are files, and files can be edited.
    """
    report = Report(loose(text.replace("\r\n", "\n")))
    parsed = parse(report.snippet.text, report)
    if parsed is None:
        raise ContentError("; ".join(item.message for item in report.findings))
    page = kind.form is Form.HTML
    links = LINK_SCHEMES | frozenset(schemes)
    allowed = WEB_SCHEMES | frozenset(schemes)
    uses: Mapping[int, Use] = {}
    if page:
        uses = markup.uses(parsed.tree, links)
    elif kind.form is Form.URL:
        uses = uses_in_address(parsed.tree, allowed)
    _Fitting(uses).body(parsed.tree.body)
    environment = _environment(page)
    from jinja2 import Template

    code = environment.compile(parsed.tree, "content", "content")
    template = Template.from_code(environment, code, {_SCHEMES: links if page else allowed})
    return Rendered(kind, allowed, template)


# ------------------------------------------------------------------------------------------------------ environment

_METER = "the meter"
_SCHEMES = "the schemes"
"""No template can spell these names: they have a space."""


@dataclass
class _Meter:
    """What one rendering has used up."""

    setting: Setting
    steps: int = field(default=0)

    def step(self, cost: int) -> None:
        self.steps += cost
        if self.steps > limits.MAX_STEPS:
            raise ContentError("its loops go round too often")


@cache
def _environment(page: bool) -> SandboxedEnvironment:
    from jinja2 import StrictUndefined, pass_context
    from jinja2.exceptions import SecurityError, UndefinedError
    from jinja2.runtime import Context, LoopContext
    from jinja2.sandbox import SandboxedEnvironment

    class Keys(SandboxedEnvironment):
        """Attributes are keys, whatever methods a mapping has; nothing is called."""

        def getattr(self, obj: Any, attribute: str) -> Any:
            return self.getitem(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            if obj is None:
                return None  # a missing record has missing fields
            if isinstance(obj, LoopContext) and argument in ("index", "first", "last", "length"):
                return getattr(obj, argument)
            if isinstance(obj, Mapping) and isinstance(argument, str) and argument in obj:
                return obj[argument]
            raise UndefinedError(f"there is no `{argument}`")

        def is_safe_callable(self, obj: Any) -> bool:
            return False

        def call(self, *args: Any, **kwargs: Any) -> Any:
            raise SecurityError("content calls nothing")

    made = Keys(autoescape=page, undefined=StrictUndefined, optimized=False, cache_size=0, keep_trailing_newline=True)
    made.globals.clear()
    made.filters.clear()
    made.tests.clear()

    def with_setting(apply: Callable[..., Any]) -> Callable[..., Any]:
        @pass_context
        def filtered(context: Context, value: Any, *arguments: Any) -> Any:
            known = _real(value)
            if known is None and apply is not FILTERS["default"].apply:
                return None
            return apply(known, context.parent[_METER].setting, *arguments)

        return filtered

    for name, each in FILTERS.items():
        made.filters[name] = with_setting(each.apply)

    @pass_context
    def rounds(context: Context, value: Any, cost: int) -> Iterator[Any]:
        if not isinstance(value, list | tuple):
            raise TypeError("not a list")
        meter: _Meter = context.parent[_METER]
        for item in value:
            meter.step(cost)
            yield item

    @pass_context
    def whole_address(context: Context, value: Any) -> str:
        text = one_line(_said(value))
        if not allowed_address(text, context.parent[_SCHEMES]):
            raise ContentError("an address in it is not one of an allowed scheme")
        return text

    made.filters |= {
        _OWN + "said": lambda value: plain_text(_said(value)),
        _OWN + "whole_address": whole_address,
        _OWN + "in_address": _in_address,
        _OWN + "rounds": rounds,
        _OWN + "holds": _holds,
        _OWN + "compare": _compare,
        _OWN + "together": lambda values: "".join(_said(each) for each in values),
        _OWN + "calculate": _calculate,
        _OWN + "exact": Decimal,
        _OWN + "known": lambda value: is_known(_real(value)),
    }
    return made


_OWN = "own "
"""Filters that only a tree that was made over has: a template cannot spell a space."""


def _real(value: Any) -> Any:
    """The value itself; an undefined name is an error and never a value."""
    from jinja2 import Undefined
    from jinja2.exceptions import UndefinedError

    if isinstance(value, Undefined):
        raise UndefinedError("there is no such name")
    return value


def _said(value: Any) -> str:
    text = text_of(_real(value))
    if len(text) > limits.MAX_VALUE:
        raise ContentError(f"one value has more than {limits.MAX_VALUE:,} characters")
    return text


def _in_address(value: Any) -> str:
    return quote(_said(value), safe="", errors="replace")


def _holds(value: Any) -> bool:
    """Whether a condition holds: what is true or false is, a missing value is false, others hold when there is one."""
    real = _real(value)
    return real if isinstance(real, bool) else is_known(real)


def _calculate(left: Any, sign: str, right: Any) -> Any:
    if _real(left) is None or _real(right) is None:
        return None
    if not all(isinstance(each, int | Decimal) and not isinstance(each, bool) for each in (left, right)):
        raise TypeError("not a number")
    whole = isinstance(left, int) and isinstance(right, int)
    one, other = Decimal(left), Decimal(right)
    made = {"+": WIDE.add, "-": WIDE.subtract, "*": WIDE.multiply}[sign](one, other)
    return int(made) if whole else made


def _compare(left: Any, sign: str, right: Any) -> bool:
    """A comparison with a missing value does not hold, whatever it asks."""
    left, right = _real(left), _real(right)
    if left is None or right is None:
        return False
    if sign in ("in", "notin"):
        inside = right if isinstance(right, str) else [_alike(each, left) for each in right]
        return (_alike(left, right) in inside) == (sign == "in")
    left, right = _alike(left, right), _alike(right, left)
    match sign:
        case "eq":
            return bool(left == right)
        case "ne":
            return bool(left != right)
        case "lt":
            return bool(left < right)
        case "lteq":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
    return bool(left >= right)


def _alike(value: Any, other: Any) -> Any:
    """A day that is written as text, where it is compared with a day."""
    return date.fromisoformat(value) if isinstance(value, str) and isinstance(other, date) else value


# ------------------------------------------------------------------------------------------------------- the tree


class _Fitting:
    """Makes a checked tree over: see the module."""

    def __init__(self, uses: Mapping[int, Use]) -> None:
        self.uses = uses

    def body(self, parts: list[nodes.Node]) -> None:
        from jinja2 import nodes

        for part in parts:
            match part:
                case nodes.Output():
                    part.nodes = [self._said(each) for each in part.nodes]
                case nodes.If():
                    for branch in (part, *part.elif_):
                        branch.test = self._holds(branch.test)
                        self.body(branch.body)
                    self.body(part.else_)
                case nodes.For(recursive=False, target=nodes.Name()):
                    cost = sum(1 for each in part.body for _ in each.find_all(nodes.Node))
                    part.iter = _own("rounds", self.value(part.iter), nodes.Const(1 + cost))
                    if part.test is not None:
                        part.test = self._holds(part.test)
                    self.body(part.body)
                    self.body(part.else_)
                case _:
                    raise ContentError("content has text, values, `if` and `for`")

    def _said(self, each: nodes.Expr) -> nodes.Expr:
        from jinja2 import nodes

        if isinstance(each, nodes.TemplateData):
            return each
        value = self.value(each)
        match self.uses.get(each.lineno, Use.ESCAPED):
            case Use.WHOLE_ADDRESS:
                return _own("whole_address", value)
            case Use.IN_ADDRESS:
                return self._in_address(each, value)
        return _own("said", value)

    @staticmethod
    def _in_address(each: nodes.Expr, value: nodes.Expr) -> nodes.Expr:
        from jinja2 import nodes

        done = isinstance(each, nodes.Filter) and each.name == "urlencode"
        return _own("said", value) if done else _own("in_address", value)

    def _holds(self, node: nodes.Node) -> nodes.Expr:
        from jinja2 import nodes

        match node:
            case nodes.And() | nodes.Or():
                return type(node)(self._holds(node.left), self._holds(node.right), lineno=node.lineno)
            case nodes.Not():
                return nodes.Not(self._holds(node.node), lineno=node.lineno)
            case nodes.Compare(ops=[nodes.Operand() as operand]):
                other = operand.expr
                if isinstance(other, nodes.List | nodes.Tuple):
                    right: nodes.Expr = nodes.List([self.value(item) for item in other.items], lineno=other.lineno)
                else:
                    right = self.value(other)
                return _own("compare", self.value(node.expr), nodes.Const(operand.op), right)
            case nodes.Test(name="known" | "missing", args=[]):
                known = _own("known", self.value(node.node))
                return known if node.name == "known" else nodes.Not(known, lineno=node.lineno)
        return _own("holds", self.value(node))

    def value(self, node: nodes.Node) -> nodes.Expr:
        from jinja2 import nodes

        match node:
            case nodes.Const(value=bool() | int() | str()) | nodes.Name():
                return node
            case nodes.Const(value=Decimal()):
                return _own("exact", nodes.Const(str(node.value)))
            case nodes.Getattr():
                return nodes.Getattr(self.value(node.node), node.attr, "load", lineno=node.lineno)
            case nodes.Getitem(arg=nodes.Const(value=str())):
                return nodes.Getitem(self.value(node.node), node.arg, "load", lineno=node.lineno)
            case nodes.Filter(kwargs=[], dyn_args=None, dyn_kwargs=None) if node.name in FILTERS and node.node:
                arguments = [self.value(each) for each in node.args]
                return nodes.Filter(self.value(node.node), node.name, arguments, [], None, None, lineno=node.lineno)
            case nodes.CondExpr() if node.expr2 is not None:
                return nodes.CondExpr(
                    self._holds(node.test), self.value(node.expr1), self.value(node.expr2), lineno=node.lineno
                )
            case nodes.Concat():
                return _own("together", nodes.List([self.value(each) for each in node.nodes], lineno=node.lineno))
            case nodes.Add() | nodes.Sub() | nodes.Mul():
                return _own("calculate", self.value(node.left), nodes.Const(node.operator), self.value(node.right))
            case nodes.Neg():
                return _own("calculate", nodes.Const(0), nodes.Const("-"), self.value(node.node))
            case nodes.Compare() | nodes.Test() | nodes.Not() | nodes.And() | nodes.Or():
                return self._holds(node)
        raise ContentError("content has names, fixed values, filters, comparisons and sums")


def _own(name: str, value: nodes.Expr, *arguments: nodes.Expr) -> nodes.Filter:
    """A call of one of the functions above."""
    from jinja2 import nodes

    return nodes.Filter(value, _OWN + name, list(arguments), [], None, None, lineno=value.lineno)
