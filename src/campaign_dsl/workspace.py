"""A workspace, and the whole compiler on one screen: start reading here.

    source --blocks, clauses--> syntax tree --names, types--> typed campaign --lower--> SQL, steps --> plan

Every stage is a function from values to values and findings. Nothing here writes anything.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from campaign_dsl.language.catalog.checking import check_catalog, check_settings
from campaign_dsl.language.catalog.entry import is_inside
from campaign_dsl.language.catalog.lists import StaticList, read_lists
from campaign_dsl.language.catalog.loading import load_catalog, load_workspace_settings
from campaign_dsl.language.catalog.model import Catalog, WorkspaceSettings
from campaign_dsl.language.catalog.positions import Positions
from campaign_dsl.language.diagnostics.model import Diagnostic, Label, Problems, Severity, Span
from campaign_dsl.language.diagnostics.suggest import did_you_mean
from campaign_dsl.language.ir import campaign as ir
from campaign_dsl.language.ir.nodes import AllOf, Negate, Predicate
from campaign_dsl.language.semantics.campaigns import World, audience_predicate, campaign, exclusion
from campaign_dsl.language.semantics.checks import check_name, check_size
from campaign_dsl.language.semantics.expressions import attribute, predicate
from campaign_dsl.language.source.files import Snippet, SourceFile, lies_inside, read_source
from campaign_dsl.language.syntax import tree as t
from campaign_dsl.language.syntax.assemble import assemble, parse_expression
from campaign_dsl.language.syntax.blocks import read_blocks
from campaign_dsl.language.syntax.difference import first_difference
from campaign_dsl.language.syntax.walking import audiences_named, files_named, lists_named
from campaign_dsl.language.syntax.yaml_blocks import read_yaml_blocks
from campaign_dsl.outcomes.settings import settings_problems

if TYPE_CHECKING:
    from campaign_dsl.compile.plan.model import Plan, SourceDigest
    from campaign_dsl.compile.sql.features import Feature

SETTINGS_FILE = "workspace.yaml"
DSL, YAML = ".campaign", ".campaign.yaml"
MAX_FILES = 20_000
Progress = Callable[[str, int, "int | None"], None]
FOLLOWS_FROM_DAMAGE = frozenset(
    {
        *("AUD001", "AUD005", "AUD009", "BEH001", "BEH005", "CMP003", "CMP004", "CMP008", "OUT003", "NAM014"),
        *("BEH015", "BEH016", "CMP013", "CMP015", "NAM023", "OUT007", "OUT010", "OUT012", "CNT019"),
        *("MSG001", "MSG003", "MSG005", "MSG006", "MSG010", "MSG012", "MSG013", "MSG015", "MSG016", "MSG017"),
        *("MSG018", "MSG020", "MSG021", "MSG022", "MSG023", "MSG025", "MSG026"),
    }
)
"""Findings that say something is missing, or is there in vain."""
_SKIPPED = frozenset({".git", ".venv", "node_modules", "__pycache__", "data"})


def parse(source: SourceFile, problems: Problems) -> t.File:
    """The syntax tree of a file, in the spelling its name says."""
    read = read_yaml_blocks if source.path.endswith(YAML) else read_blocks
    return assemble(read(source, problems), problems)


def campaign_files(root: Path) -> list[Path]:
    """Every campaign file below a folder, in a fixed order."""
    found: list[Path] = []
    for folder, folders, files in os.walk(root):
        found += [Path(folder, name) for name in (*folders, *files) if name.endswith((DSL, YAML))]
        folders[:] = [name for name in folders if name not in _SKIPPED]
    return sorted(found)[: MAX_FILES + 1]


def leads_outside(path: Path, root: Path, shown_as: str) -> Diagnostic | None:
    """The finding that a file found below ``root`` is a link to somewhere else; None where it is not."""
    if not path.is_symlink() or lies_inside(path, root):
        return None
    return Diagnostic(
        code="SRC011",
        message=f"`{shown_as}` is a link that leads outside the workspace",
        path=shown_as,
        why="what it points to is not reviewed with the campaign",
        help="put the file itself here",
    )


@dataclass
class Workspace:
    """A folder with `workspace.yaml`, a catalog and campaigns, loaded once.

    Attributes:
        root: the folder.
        settings, catalog: None when their files have errors.
        lists: static lists of the catalog, those without findings.
        spellings: by path, second spellings of campaigns that are there already.
        problems: findings of loading and of everything checked so far.
    """

    root: Path
    problems: Problems = field(default_factory=Problems)
    settings: WorkspaceSettings | None = None
    catalog: Catalog | None = None
    catalog_positions: Positions | None = None
    lists: dict[str, StaticList] = field(default_factory=dict)
    settings_source: SourceFile | None = None
    catalog_source: SourceFile | None = None
    campaigns: dict[str, tuple[t.Campaign, SourceFile]] = field(default_factory=dict)
    audiences: dict[str, tuple[t.Audience, SourceFile]] = field(default_factory=dict)
    spellings: dict[str, tuple[t.Campaign, SourceFile]] = field(default_factory=dict)
    _world: World | None = None
    _texts: dict[str, SourceFile | Diagnostic] = field(default_factory=dict)
    _typed: dict[str, ir.Campaign | None] = field(default_factory=dict)
    _resolved: dict[str, Predicate | None] = field(default_factory=dict)
    _unclear: set[tuple[str, str]] = field(default_factory=set)

    # ---- loading

    @classmethod
    def load(cls, root: Path, progress: Progress = lambda stage, done, total: None) -> Workspace:
        """Read the settings, the catalog and every campaign file below ``root``."""
        workspace = cls(root)
        workspace._load_settings()
        files = workspace.campaign_files()
        for number, path in enumerate(files):
            progress("reading campaigns", number, len(files))
            workspace._load_file(path)
        return workspace

    def campaign_files(self) -> list[Path]:
        """Every campaign file of the workspace, in a fixed order."""
        return campaign_files(self.root)

    def shown(self, path: Path) -> str:
        """How messages and plans name a file: relative to the workspace, with forward slashes."""
        try:
            return path.absolute().relative_to(self.root.absolute()).as_posix()
        except ValueError:
            return path.as_posix()

    def read(self, path: Path) -> SourceFile | None:
        """A source file, or None after having reported why it cannot be read."""
        source = leads_outside(path, self.root, self.shown(path)) or read_source(path, self.shown(path))
        if isinstance(source, Diagnostic):
            self.problems.extend((source,))
            return None
        return source

    def read_text(self, path: str) -> SourceFile | Diagnostic:
        """The file with content at ``path``, which begins where `workspace.yaml` is; or why there is none."""
        if path not in self._texts:
            self._texts[path] = self._read_text(path)
        return self._texts[path]

    def _read_text(self, path: str) -> SourceFile | Diagnostic:
        if not is_inside(path) or not lies_inside(self.root / path, self.root):
            return Diagnostic(
                code="SRC011",
                message=f"`{path[:200]}` does not lie in the workspace",
                path=path,
                why="what is not in the workspace is not reviewed with the campaign",
                help="write where it is below `workspace.yaml`, as in `content/birthday.html`",
            )
        return read_source(self.root / path, path)

    @property
    def world(self) -> World:
        """What campaigns are checked against."""
        assert self.catalog is not None
        assert self.settings is not None
        if self._world is None or len(self._world.campaigns) < len(self.campaigns):
            self._world = World(
                self.catalog,
                self.settings,
                self.audience,
                self.read_text,
                self.static_list,
                self.claimed_names(),
                self._defined,
            )
        return self._world

    def static_list(self, name: t.Name, problems: Problems) -> tuple[str, ...] | None:
        """The keys in a list; None where its file has errors of its own."""
        found = self.lists.get(name.text)
        if found is None:
            problems.add("NAM015", f"list `{name.text}` has errors of its own", name.span, help="mend its file first")
        return None if found is None else found.keys

    def _load_settings(self) -> None:
        source = self.settings_source = self.read(self.root / SETTINGS_FILE)
        if source is None:
            return
        self.settings, positions, found = load_workspace_settings(source)
        self.problems.extend(found)
        name = self.settings.catalog if self.settings else "catalog.yaml"
        if not lies_inside(self.root / name, self.root):
            self.problems.add(
                "WSP010",
                f"`{name}` lies outside the workspace",
                positions.value("catalog"),
                help="keep the catalog inside",
            )
            return
        source = self.catalog_source = self.read(self.root / name)
        if source is None:
            return
        self.catalog, self.catalog_positions, found = load_catalog(source)
        self.problems.extend(found)
        if self.catalog is not None:
            self.problems.extend(check_catalog(self.catalog, self.catalog_positions, self.settings))
            self.lists, found = read_lists(self.root, self.catalog, self.catalog_positions)
            self.problems.extend(found)
            if self.settings is not None:
                self.problems.extend(check_settings(self.settings, positions, self.catalog))

    def _load_file(self, path: Path) -> None:
        source = self.read(path)
        if source is None:
            return
        tree = parse(source, self.problems)
        for each in tree.campaigns:
            if each.name.text in self.campaigns:
                self._second_spelling(each, source)
            else:
                self.campaigns[each.name.text] = (each, source)
        for audience in tree.audiences:
            assert audience.name is not None
            earlier = self.audiences.get(audience.name.text)
            if earlier is None:
                self.audiences[audience.name.text] = (audience, source)
            elif _twins(earlier[1], source):
                self._compare("audience", earlier, audience)
            else:
                assert earlier[0].name is not None
                self._twice("audience", audience.name, earlier[0].name)

    def _second_spelling(self, node: t.Campaign, source: SourceFile) -> None:
        """`x.campaign` and `x.campaign.yaml` side by side are one campaign; where they differ the first is meant."""
        first = self.campaigns[node.name.text]
        if not _twins(first[1], source):
            self._twice("campaign", node.name, first[0].name)
            return
        self.spellings[source.path] = (node, source)
        self._compare("campaign", first, node)

    def _compare(
        self, what: str, entry: tuple[t.Campaign | t.Audience, SourceFile], node: t.Campaign | t.Audience
    ) -> None:
        first, where = entry
        assert first.name is not None
        assert node.name is not None
        if first != node and not self._damaged(first) and not self._damaged(node):
            there, here = first_difference(first, node)
            self.problems.add(
                "NAM014",
                f"the two spellings of {what} `{node.name.text}` say different things",
                node.name.span if here == node.span else here,
                why=f"a run follows `{where.path}`; a reviewer may have read the other",
                help="make them equal again, or delete one",
                severity=Severity.WARNING,
                see_also=(Label(first.name.span if there == first.span else there, "the other spelling"),),
            )

    def _twice(self, what: str, name: t.Name, first: t.Name) -> None:
        self._unclear.add((what, name.text))
        self.problems.add(
            "NAM012",
            f"{what} `{name.text}` is defined twice",
            name.span,
            help="give one of them another name",
            see_also=(Label(first.span, "first defined here"),),
        )

    # ---- checking

    def check_stray(self, path: Path) -> None:
        """Check a file named by hand that lies outside the workspace or has another ending."""
        source = self.read(path)
        if source is None:
            return
        if not path.name.endswith((DSL, YAML)):
            self.problems.add(
                "SRC010",
                f"`{path.name}` is not a campaign file",
                source.span(0, 0),
                help="campaign files end in `.campaign` or `.campaign.yaml`",
            )
            return
        for each in parse(source, self.problems).campaigns:
            if self.catalog is not None and self.settings is not None:
                campaign(each, self.world, self.problems)

    def check(self, progress: Progress = lambda stage, done, total: None) -> tuple[Diagnostic, ...]:
        """Every finding of the whole workspace."""
        for name, (node, _) in self.audiences.items():
            self.audience(t.Name(name, span=node.name.span if node.name else node.span), self.problems)
        for number, name in enumerate(self.campaigns):
            progress("checking campaigns", number, len(self.campaigns))
            self.typed(name)
        self._check_former_names()
        return self.problems.sorted()

    def typed(self, name: str) -> ir.Campaign | None:
        """The typed campaign, or None when it has errors (which are then in ``problems``)."""
        if name not in self._typed:
            node, _ = self.campaigns[name]
            if self.catalog is None or self.settings is None:
                return None
            world = self.world
            found = Problems()
            typed = campaign(node, world, found)
            damaged = self._damaged(node)
            # A clause that could not be read is not a clause that is missing: do not report what follows from it.
            self.problems.extend(
                tuple(item for item in found.sorted() if not (damaged and item.code in FOLLOWS_FROM_DAMAGE))
            )
            unclear = ("campaign", name) in self._unclear
            if typed is not None and (damaged or unclear or self._bad_settings(typed) or self._lacking(typed)):
                typed = None
            self._typed[name] = typed
        return self._typed[name]

    def named_by(self, path: str) -> str | None:
        """The campaign in the file at ``path`` (relative to the workspace), when there is exactly one.

        A second spelling named like this is the one that is meant from now on.
        """
        if path in self.spellings:
            node, _ = self.spellings[path]
            self.campaigns[node.name.text] = self.spellings[path]
            self._typed.pop(node.name.text, None)
            return node.name.text
        inside = [name for name, (_, source) in self.campaigns.items() if source.path == path]
        return inside[0] if len(inside) == 1 else None

    def _damaged(self, node: t.Campaign | t.Audience) -> bool:
        """Whether a clause or block inside could not be read."""
        return any(
            item.code.startswith(("SYN", "YML"))
            and item.where is not None
            and item.where.span.source is node.span.source
            and node.span.start <= item.where.span.start <= node.span.end
            for item in self.problems.sorted()
        )

    def _bad_settings(self, typed: ir.Campaign) -> bool:
        """Reports what a provider would refuse in a message's advanced settings."""
        before = len(self.problems)
        for message in typed.messages:
            if message.provider_settings is None:
                continue
            spans = dict(zip((key for key, _ in message.settings), message.setting_spans, strict=True))
            for found in settings_problems(message.provider_settings.kind, dict(message.settings)):
                span = spans.get(found.key, message.span) if found.key is not None else message.span
                self.problems.add("MSG015", found.message, span, help=found.help)
        return len(self.problems) > before

    def _lacking(self, typed: ir.Campaign) -> bool:
        """Reports what a campaign asks for and the engine of a target cannot do."""
        assert self.settings is not None
        engines = {each.engine.kind: name for name, each in reversed(self.settings.targets.items())}
        if engines.keys() == {"duckdb"}:
            return False  # it lacks nothing, and to look at that would load what makes SQL
        before = len(self.problems)
        from campaign_dsl.compile.sql.features import asked

        wanted = asked(typed)
        for kind, target in engines.items():
            help = "say it in another way, or give the target another engine"
            self._refuse(wanted, kind, f"the engine of target `{target}`, {kind},", help, self.problems)
        return len(self.problems) > before

    def lacking(self, name: str, dialect: str) -> tuple[Diagnostic, ...]:
        """Why a campaign without errors cannot be said in a dialect; nothing when it can."""
        from campaign_dsl.compile.sql.features import asked

        typed, problems = self.typed(name), Problems()
        assert typed is not None
        help = "say it in another way, or choose another dialect"
        self._refuse(asked(typed), dialect, f"`{dialect}`", help, problems)
        return problems.sorted()

    def lacking_in(self, text: str, typed: Predicate, kind: str) -> tuple[Diagnostic, ...]:
        """Why an engine of a kind cannot find whom a predicate means; nothing when it can."""
        from campaign_dsl.compile.sql.features import in_node

        problems, span = Problems(), SourceFile("<predicate>", text).span(0, len(text))
        help = "say it in another way, or ask another target"
        self._refuse(dict.fromkeys(in_node(typed), span), kind, f"`{kind}`", help, problems)
        return problems.sorted()

    @staticmethod
    def _refuse(wanted: Mapping[Feature, Span], kind: str, who: str, help: str, problems: Problems) -> None:
        from campaign_dsl.compile.sql.dialects.registry import DIALECTS

        lacks = DIALECTS[kind].lacks
        for feature, span in wanted.items():
            if feature in lacks:
                why = lacks[feature].reason
                problems.add("CMP016", f"{feature.value}: {who} does not have that", span, why=why, help=help)

    def _check_former_names(self) -> None:
        former: dict[str, t.Name] = {}
        for node, _ in self.campaigns.values():
            for old in node.formerly:
                if old.text in self.campaigns and old.text != node.name.text:
                    self.problems.add(
                        "CMP006",
                        f"`{old.text}` is a campaign of its own, so it cannot be a former name",
                        old.span,
                        see_also=(Label(self.campaigns[old.text][0].name.span, "it is here"),),
                        help="take it out, or delete the other campaign",
                    )
                elif old.text in former:
                    self.problems.add(
                        "CMP006",
                        f"`{old.text}` is the former name of two campaigns",
                        old.span,
                        see_also=(Label(former[old.text].span, "the other one"),),
                        help="only one of them can carry on its history",
                    )
                former.setdefault(old.text, old)

    def claimed_names(self) -> frozenset[str]:
        """Every name a campaign has here, had formerly, or is retired under."""
        names = {name for node, _ in self.campaigns.values() for name in (node.name, *node.formerly)}
        return frozenset(name.text for name in names) | frozenset(self.settings.retired if self.settings else ())

    def audience(self, name: t.Name, problems: Problems) -> Predicate | None:
        """What a named audience means, its exclusions included; None after having reported why it means nothing."""
        entry = self.audiences.get(name.text)
        if entry is None:
            problems.add(
                "NAM013",
                f"unknown audience `{name.text}`",
                name.span,
                help=did_you_mean(name.text, self.audiences, "known audiences")
                or f"add `audience {name.text} {{ where ... }}`",
            )
            return None
        if name.text not in self._resolved:
            self._resolve_all(name.text)
        if self._resolved[name.text] is None and entry[0].name is not None and name.span != entry[0].name.span:
            problems.add("NAM015", f"audience `{name.text}` has errors of its own", name.span, help="mend them first")
        return self._resolved[name.text]

    def _defined(self, name: str) -> Span | None:
        """Where a named audience says who it means."""
        if name not in self.audiences:
            return None
        node = self.audiences[name][0]
        return node.where.span if node.where is not None else node.span

    def _resolve_all(self, name: str) -> None:
        """Resolve an audience and those it speaks of, the innermost first, so that no chain of them is too long."""
        path = [name]
        waiting = [list(audiences_named(self.audiences[name][0]))]
        while path:
            if waiting[-1]:
                inner = waiting[-1].pop(0)
                if inner.text in path:
                    self.problems.add(
                        "AUD007",
                        f"audience `{inner.text}` is defined by itself",
                        inner.span,
                        why=" -> ".join([*path[path.index(inner.text) :], inner.text]),
                        help="break the circle",
                    )
                    self._resolved[path[-1]] = None
                elif inner.text in self.audiences and inner.text not in self._resolved:
                    path.append(inner.text)
                    waiting.append(list(audiences_named(self.audiences[inner.text][0])))
                continue
            waiting.pop()
            last = path.pop()
            if last not in self._resolved:
                self._resolved[last] = self._resolve(self.audiences[last][0])

    def _resolve(self, node: t.Audience) -> Predicate | None:
        if self.catalog is None or self.settings is None:
            return None
        assert node.name is not None
        before = len(self.problems)
        names = self.world.names(self.settings.timezone)
        check_name(node.name, "an audience", self.problems)
        damaged = self._damaged(node)
        meant = audience_predicate(node, names, self.problems)
        if meant is None and len(self.problems) == before and not damaged:
            self.problems.add(
                "AUD001",
                f"audience `{node.name.text}` does not say who it is for",
                node.name.span,
                why="an empty audience never means everyone",
                help="add `where ...`; or `everyone`, when every customer is really meant",
            )
        outside = [exclusion(each, names, self.problems) for each in node.excludes]
        unclear = ("audience", node.name.text) in self._unclear
        if meant is None or damaged or unclear or len(self.problems) > before:
            return None
        whole = AllOf((meant, *(Negate(each.predicate) for each in outside if each is not None))) if outside else meant
        return whole if check_size((whole,), node.name.span, self.problems) else None

    # ---- compiling

    def plan(self, name: str) -> Plan | None:
        """The plan of a campaign, or None when it has errors."""
        from campaign_dsl.compile.plan.build import build_plan

        typed = self.typed(name)
        if typed is None or self.catalog is None or self.settings is None:
            return None
        gate, caps = self.settings.gates.offers, self.settings.caps
        return build_plan(typed, self.catalog, gate, self._digests(name), caps, self._engines())

    def _engines(self) -> list[str]:
        """The kinds of engines that campaigns run on here."""
        assert self.settings is not None
        return sorted({each.engine.kind for each in self.settings.targets.values()})

    def _digests(self, name: str) -> list[SourceDigest]:
        """The files a campaign depends on: its own, the catalog, the settings, and those of the audiences it means."""
        from campaign_dsl.compile.plan.model import SourceDigest

        node, own = self.campaigns[name]
        sources = {own, self.catalog_source, self.settings_source, *self._files_of(name)}
        named = [each.text for each in lists_named(node)]
        waiting, seen = [each.text for each in audiences_named(node)], set[str]()
        while waiting:
            audience = waiting.pop()
            if audience not in seen:
                seen.add(audience)
                inner, source = self.audiences[audience]
                sources.add(source)
                waiting += [each.text for each in audiences_named(inner)]
                named += [each.text for each in lists_named(inner)]
        sources |= {self.lists[each].source for each in named if each in self.lists}
        return [SourceDigest(path=each.path, sha256=file_digest(each)) for each in sources if each is not None]

    def _files_of(self, name: str) -> Iterator[SourceFile]:
        """The files with what its messages say, and with the contracts they keep."""
        typed = self.typed(name)
        variants = [each.variant for each in typed.messages if each.variant] if typed is not None else []
        contracts = [each.contract for each in variants if each.contract is not None]
        for path in (*(each.text for each in files_named(self.campaigns[name][0])), *contracts):
            found = self.read_text(path)
            if isinstance(found, SourceFile):
                yield found

    def expression(self, text: str) -> Predicate | None:
        """The typed predicate of a text, or of the audience it names."""
        if self.catalog is None or self.settings is None:
            return None
        source = SourceFile("<predicate>", text)
        if text.strip() in self.audiences:
            start = text.index(text.strip())
            return self.audience(
                t.Name(text.strip(), span=source.span(start, start + len(text.strip()))), self.problems
            )
        node = parse_expression(Snippet.of(source, 0, len(text)), self.problems)
        if node is None:
            return None
        names = self.world.names(self.settings.timezone)
        meant = predicate(node, names, self.problems)
        return meant if meant is not None and check_size((meant,), node.span, self.problems) else None

    def zone_rule(self) -> ir.ZoneRule:
        """Whose clock predicates mean outside of a campaign: the customer's, else the workspace's."""
        assert self.catalog is not None
        assert self.settings is not None
        name = self.catalog.customers.time_zone
        return ir.ZoneRule(attribute(self.catalog, name) if name else None, self.settings.timezone)


def _twins(one: SourceFile, other: SourceFile) -> bool:
    """Whether two files are `x.campaign` and `x.campaign.yaml` of one folder."""
    stem = other.path.removesuffix(YAML).removesuffix(DSL)
    return {one.path, other.path} == {stem + DSL, stem + YAML}


def file_digest(source: SourceFile) -> str:
    """What a plan records of a file."""
    return hashlib.sha256(source.text.encode()).hexdigest()
