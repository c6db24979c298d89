"""Types of the expressions in templates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from campaign_dsl.language.catalog.types import BOOLEAN, DECIMAL, INTEGER, TEXT, Kind, Type
from campaign_dsl.language.content import limits
from campaign_dsl.language.content.conditions import condition
from campaign_dsl.language.content.context import Context
from campaign_dsl.language.content.filtering import filtered
from campaign_dsl.language.content.filters import FILTERS, PRINTABLE, UNUSED
from campaign_dsl.language.content.narrowing import known_when_false, known_when_true, path_of
from campaign_dsl.language.content.parsing import Parsed, start_of
from campaign_dsl.language.content.report import Report
from campaign_dsl.language.content.typed import WRONG, Scope, Typed
from campaign_dsl.language.diagnostics.suggest import did_you_mean

if TYPE_CHECKING:
    from jinja2 import nodes

LOOP = {"index": INTEGER, "first": BOOLEAN, "last": BOOLEAN, "length": INTEGER}
"""What a `for` knows about itself: `loop.index` counts from 1."""


class Typer:
    """Finds the type of every expression of one template, and reports what has none.

    Attributes:
        uses: names of the context that are used.
        urls: offsets of what is said that is a whole address which the workspace declared.
    """

    def __init__(self, parsed: Parsed, context: Context, languages: tuple[str, ...], report: Report) -> None:
        self.parsed = parsed
        self.context = context
        self.languages = languages
        self.report = report
        self.uses: dict[str, Type] = {}
        self.urls: set[int] = set()

    # ------------------------------------------------------------------------------------------------------ places

    def wrong(self, code: str, message: str, node: nodes.Node, *, help: str, why: str | None = None) -> Typed:
        """Reports what is wrong with an expression."""
        start = start_of(node)
        end = self.parsed.end_of(start)
        path = path_of(node)
        if path is not None:
            end = self._end_of_path(start, path)
        self.report.add(code, message, start, end, help=help, why=why)
        return WRONG

    def _end_of_path(self, start: int, path: str) -> int:
        wanted = path.count(".") + 1
        end = start
        for piece in self.parsed.pieces:
            if piece.start >= start and piece.kind in ("name", "string") and wanted:
                end, wanted = piece.end, wanted - 1
        return end

    def wrong_at_name(self, code: str, message: str, node: nodes.Filter | nodes.Test, *, help: str) -> Typed:
        """Reports what is wrong with a filter or a test, at its name."""
        found = next(
            (piece for piece in self.parsed.pieces if piece.start >= node.lineno and piece.text == node.name), None
        )
        start, end = (found.start, found.end) if found else (node.lineno, self.parsed.end_of(node.lineno))
        self.report.add(code, message, start, end, help=help)
        return WRONG

    # ------------------------------------------------------------------------------------------------------- names

    def _lookup(self, node: nodes.Node, path: str, scope: Scope) -> Typed:
        root, _, rest = path.partition(".")
        if root in scope.variables:
            return self._in_record(node, root, scope.variables[root], rest.split(".") if rest else [], scope, None)
        if root == "loop":
            return self._loop(node, rest, scope)
        parts = path.split(".")
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            entry = self.context.entries.get(name)
            if entry is not None:
                self.uses[name] = entry.type
                found = self._in_record(node, name, entry.type, parts[count:], scope, entry.reason)
                return replace(found, url=entry.url and count == len(parts))
        prefixes = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        absent = next((self.context.absent[each] for each in prefixes if each in self.context.absent), None)
        if absent is not None:
            return self.wrong(
                "MSG013",
                f"`{path}` promises what this campaign does not give",
                node,
                why=absent,
                help="add what gives it, or leave this out",
            )
        return self._unknown(node, path, scope)

    def _loop(self, node: nodes.Node, rest: str, scope: Scope) -> Typed:
        if scope.variables and scope.counting and rest in LOOP:
            return Typed(LOOP[rest])
        if not (scope.variables and scope.counting):
            return self.wrong("MSG011", "`loop` exists only inside a `for`", node, help="delete it")
        names = ", ".join(f"`loop.{name}`" for name in LOOP)
        return self.wrong("MSG011", f"unknown value `loop.{rest}`", node, help=f"there are {names}")

    def _in_record(
        self, node: nodes.Node, name: str, kind: Type, fields: list[str], scope: Scope, reason: str | None
    ) -> Typed:
        """The type of a field in a record in a record, missing when any of them is."""
        nullable = kind.nullable and name not in scope.facts
        for each in fields:
            inner = kind.field(each) if kind.kind is Kind.RECORD else None
            if inner is None:
                return self._no_field(node, name, kind, each)
            name, kind = f"{name}.{each}", inner
            nullable = (nullable or inner.nullable) and name not in scope.facts
        known = Type(kind.kind, nullable, kind.values, kind.ordered, kind.element, kind.fields)
        return Typed(known, reason)

    def _no_field(self, node: nodes.Node, name: str, kind: Type, field_name: str) -> Typed:
        if kind.kind is Kind.RECORD:
            help = did_you_mean(field_name, (each for each, _ in kind.fields), f"fields of `{name}`")
            return self.wrong("MSG011", f"`{name}` has no `{field_name}`", node, help=help or "see the catalog")
        if field_name in FILTERS:
            help = f"write `{name} | {field_name}`"
        elif kind.kind is Kind.LIST:
            help = f"write `{{% for x in {name} %}}`, or `{name} | first`"
        elif kind.kind in (Kind.DATE, Kind.TIMESTAMP):
            sign = {"year": "%Y", "month": "%B", "day": "%d", "weekday": "%A"}.get(field_name, "%d %B %Y")
            help = f'write `{name} | date("{sign}")`'
        else:
            help = f"write `{name}`"
        return self.wrong("MSG011", f"`{name}` is a value of type {kind}, and has no `{field_name}`", node, help=help)

    def _unknown(self, node: nodes.Node, path: str, scope: Scope) -> Typed:
        known = (*self.context.names, *scope.variables)
        if self.context.is_group(path):
            inside = [name for name in known if name.startswith(path + ".")]
            help = "write " + " or ".join(f"`{name}`" for name in inside[:3]) if inside else "name one of its values"
            return self.wrong("MSG011", f"`{path}` is not a value, it has several", node, help=help)
        if path in ("none", "None", "null", "nil"):
            return self.wrong("MSG011", f"content has no `{path}`", node, help="write `is missing` or `is known`")
        last = path.rpartition(".")[2]
        alike = [name for name in known if name.rpartition(".")[2] == last or name.endswith("." + path)]
        near = "did you mean " + " or ".join(f"`{name}`" for name in alike[:3]) + "?" if alike else None
        near = near or did_you_mean(path, known, "names of this content")
        key = path.removeprefix("campaign.data.")
        if key != path and key.isidentifier() and not any(name.startswith("campaign.data.") for name in known):
            near = f'add `data {{ {key} "..." }}` to the campaign'
        fixed = "names look like `customer.first_name`; fixed text stands in double quotes"
        return self.wrong("MSG011", f"unknown value `{path}`", node, help=near or fixed)

    # ------------------------------------------------------------------------------------------------- expressions

    def value(self, node: nodes.Node, scope: Scope) -> Typed:
        """The type of an expression; a missing value is allowed."""
        from jinja2 import nodes

        path = path_of(node)
        if path is not None:
            return self._lookup(node, path, scope)
        match node:
            case nodes.Const():
                return self._constant(node)
            case nodes.Filter():
                return filtered(self, node, scope)
            case nodes.CondExpr():
                return self._choice(node, scope)
            case nodes.Concat():
                for each in node.nodes:
                    self.printed(each, scope)
                return Typed(TEXT)
            case nodes.Add() | nodes.Sub() | nodes.Mul() | nodes.Neg():
                return self._arithmetic(node, scope)
            case nodes.Compare() | nodes.Test() | nodes.Not():
                return Typed(BOOLEAN) if condition(self, node, scope) else WRONG
            case nodes.And() | nodes.Or():
                return self._and_or(node, scope)
        return self._refused(node)

    def _constant(self, node: nodes.Const) -> Typed:
        match node.value:
            case bool():
                return Typed(BOOLEAN, constant=node.value)
            case int():
                return Typed(INTEGER, constant=node.value)
            case Decimal():
                return Typed(DECIMAL, constant=node.value)
            case str():
                return Typed(TEXT, constant=node.value)
        return self.wrong("MSG011", "content has no `none`", node, help="write `is missing` or `is known`")

    def _and_or(self, node: nodes.Node, scope: Scope) -> Typed:
        from jinja2 import nodes

        assert isinstance(node, nodes.BinExpr)
        if isinstance(node, nodes.Or) and isinstance(node.right, nodes.Const):
            self.value(node.left, scope)
            shown = path_of(node.left) or "..."
            return self.wrong(
                "CNT007",
                "`or` joins conditions, it does not choose between values",
                node,
                help=f'write `{shown} | default("...")`',
            )
        return Typed(BOOLEAN) if condition(self, node, scope) else WRONG

    def _refused(self, node: nodes.Node) -> Typed:
        from jinja2 import nodes

        match node:
            case nodes.Call():
                called = path_of(node.node)
                before, _, name = (called or "").rpartition(".")
                if before and (name in FILTERS or name in UNUSED):
                    help = f"write `{before} | {name}`" if name in FILTERS else UNUSED[name]
                else:
                    help = "write a name, with filters behind it"
                return self.wrong("CNT002", "content calls no functions", node, help=help)
            case nodes.Getitem():
                return self.wrong(
                    "CNT002",
                    "content takes nothing out of a list by number",
                    node,
                    help="write `| first`, `| last`, `| limit(3)` or a `for`",
                )
            case nodes.Div() | nodes.FloorDiv() | nodes.Mod() | nodes.Pow():
                return self.wrong(
                    "CNT002",
                    f"content does not calculate with `{node.operator}`",
                    node,
                    help="let the campaign calculate it: `set` or the amount of an award",
                )
            case nodes.List() | nodes.Tuple() | nodes.Dict():
                return self.wrong("CNT002", "a list stands only behind `in`", node, help="write `x in [...]`")
        return self.wrong("CNT002", "content cannot say this", node, help="write a name, with filters behind it")

    def _arithmetic(self, node: nodes.Node, scope: Scope) -> Typed:
        from jinja2 import nodes

        if isinstance(node, nodes.Neg):
            sides = [node.node]
        else:
            assert isinstance(node, nodes.BinExpr)
            sides = [node.left, node.right]
        typed = [self.value(side, scope) for side in sides]
        kinds = [each.type for each in typed]
        if any(kind is None for kind in kinds):
            return WRONG
        found = [kind for kind in kinds if kind is not None]
        for kind, side in zip(found, sides, strict=True):
            if not kind.is_number:
                joins = kind.kind is Kind.TEXT and isinstance(node, nodes.Add)
                help = "`~` puts texts together" if joins else "only numbers are calculated with"
                return self.wrong("CNT006", f"a value of type {kind} is not a number", side, help=help)
        made = INTEGER if all(kind.kind is Kind.INTEGER for kind in found) else DECIMAL
        reason = next((each.reason for each in typed if each.reason), None)
        return Typed(made.maybe(any(kind.nullable for kind in found)), reason)

    def calculations(self, node: nodes.Node) -> None:
        """Reports an expression in which numbers could grow without end."""
        from jinja2 import nodes

        found = [*node.find_all((nodes.Add, nodes.Sub, nodes.Mul, nodes.Neg))]
        if isinstance(node, nodes.Add | nodes.Sub | nodes.Mul | nodes.Neg):
            found.append(node)
        if len(found) > limits.MAX_ARITHMETIC:
            self.wrong(
                "CNT003",
                f"more than {limits.MAX_ARITHMETIC} calculations in one expression",
                node,
                help="let the campaign calculate it",
            )

    def _choice(self, node: nodes.CondExpr, scope: Scope) -> Typed:
        sound = condition(self, node.test, scope)
        first = self.value(node.expr1, scope.knowing(known_when_true(node.test)))
        if node.expr2 is None:
            return self.wrong(
                "CNT001", "this `if` does not say what else", node.test, help='write `... if ... else ""`'
            )
        second = self.value(node.expr2, scope.knowing(known_when_false(node.test)))
        if not sound or first.type is None or second.type is None:
            return WRONG
        return self.either(node, first, second)

    def either(self, node: nodes.Node, first: Typed, second: Typed) -> Typed:
        """One of two values."""
        assert first.type is not None
        assert second.type is not None
        missing = first.type.nullable or second.type.nullable
        reason = first.reason or second.reason
        both = first.type.kind, second.type.kind
        if both[0] == both[1]:
            alike = first.type == second.type or both[0] not in (Kind.ENUM, Kind.LIST, Kind.RECORD)
            made = first.type if alike else TEXT if both[0] is Kind.ENUM else None
        elif first.type.is_number and second.type.is_number:
            made = DECIMAL
        elif both[0] in PRINTABLE and both[1] in PRINTABLE:
            made = TEXT
        else:
            made = None
        if made is None:
            return self.wrong(
                "CNT007",
                f"a value of type {first.type} or of type {second.type}",
                node,
                help="both have to be of one type, or something that can be said",
            )
        known = Type(made.kind, missing, made.values, made.ordered, made.element, made.fields)
        return Typed(known, reason, first.url and second.url)

    # ------------------------------------------------------------------------------------------------------- saying

    def missing(self, node: nodes.Node, typed: Typed) -> Typed:
        """Reports a value that may be missing where one is needed."""
        shown = path_of(node)
        name = f"`{shown}`" if shown else "this"
        said = shown or "..."
        return self.wrong(
            "MSG012",
            f"{name} may be missing, and nothing stands in for it",
            node,
            why=typed.reason or "this value can be missing; the customer would read `Hi ,`",
            help=f'write `{said} | default("...")`, or put it inside `{{% if {said} %}}`'
            if shown
            else 'write `| default("...")` behind it',
        )

    def printed(self, node: nodes.Node, scope: Scope) -> Typed:
        """The type of an expression that is said: there is a value, and it can be said."""
        found = self.value(node, scope)
        if found.type is None:
            return WRONG
        if found.type.nullable:
            return self.missing(node, found)
        if found.type.kind in PRINTABLE:
            return found
        shown = path_of(node) or "..."
        help = {
            Kind.BOOLEAN: f'write `"yes" if {shown} else "no"`',
            Kind.TIMESTAMP: f'write `{shown} | date("%d %B %Y")` or `{shown} | datetime("%d %B %Y, %H:%M")`',
            Kind.LIST: f'write `{{% for x in {shown} %}}`, or `{shown} | join(", ")`',
            Kind.RECORD: "name one of its fields: "
            + ", ".join(f"`{shown}.{each}`" for each, _ in found.type.fields[:5]),
        }.get(found.type.kind, "say something else")
        return self.wrong("CNT008", f"a value of type {found.type} cannot be said as it is", node, help=help)
