"""Rules that every source file keeps, read from its syntax tree; and what each rule would catch."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "campaign_dsl"
FILES = sorted(SOURCE.rglob("*.py"))
MAX_LINES = 600

Finding = tuple[int, str]
Rule = Callable[[ast.Module], Iterator[Finding]]


def dotted(node: ast.expr) -> str:
    """`a.b.c` of such an expression; of a call or a subscript only what follows it."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, dotted(node.func)


# ------------------------------------------------------------------------------------------------------------- rules

RUNS_DATA = {
    "eval": "it runs text",
    "exec": "it runs text",
    "compile": "it makes code of text",
    "__import__": "use importlib",
    "os.system": "it goes through a shell",
    "os.popen": "it goes through a shell",
    "pickle.load": "it runs what it reads",
    "pickle.loads": "it runs what it reads",
    "marshal.load": "it trusts what it reads",
    "marshal.loads": "it trusts what it reads",
    "yaml.load": "it makes any object; campaigns are read by language/source/yaml.py",
    "yaml.load_all": "it makes any object",
    "yaml.unsafe_load": "it makes any object",
    "yaml.full_load": "it makes objects",
    "jinja2.Template": "it has no sandbox",
    "string.Template": "content is rendered by what knows its types",
    "Template": "content is rendered by what knows its types",
    "tempfile.mktemp": "somebody else may make the file first",
}


def runs_no_data(tree: ast.Module) -> Iterator[Finding]:
    """Nothing turns text or bytes from outside into code, objects or shell commands."""
    for call, name in calls(tree):
        if name in RUNS_DATA:
            yield call.lineno, f"`{name}`: {RUNS_DATA[name]}"
        if name.rpartition(".")[2] == "from_string":
            yield call.lineno, f"`{name}`: a template out of data"
        for keyword in call.keywords:
            if keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value):
                yield call.lineno, f"`{name}` through a shell"
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
        for name in names:
            if name.partition(".")[0] in ("pickle", "shelve", "dill", "cloudpickle"):
                yield node.lineno, f"imports `{name}`, which runs what it reads"


NAMES_ONLY = re.compile(r"\s*(?:PRAGMA|SET|DESCRIBE|CREATE|DROP|ATTACH|DETACH)\b", re.IGNORECASE)
"""Statements in which no parameter can be bound and no row is named: their text is all there is."""
STATEMENT = re.compile(
    r"\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|WITH\s+\S+\s+AS\s)"
)
EXECUTING = ("execute", "executemany", "executescript", "sql", "query")


def binds_values(tree: ast.Module) -> Iterator[Finding]:
    """No SQL is glued together from pieces: values are bound, the rest is sqlglot's or a named `.sql` file's."""
    for call, name in calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in EXECUTING and call.args:
            glued, first = pieces(call.args[0])
            if glued and not NAMES_ONLY.match(first):
                yield call.lineno, f"SQL glued together for `{name}`: bind a parameter"
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            glued, first = pieces(node)
            if glued and STATEMENT.match(first):
                yield node.lineno, "an f-string that is SQL: bind a parameter"


def pieces(node: ast.expr) -> tuple[bool, str]:
    """Whether an expression puts text together from what is not constant, and the text it begins with.

    A constant of the module, in upper case, is as good as a literal.
    """
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        glued = [each.value for each in node.values if isinstance(each, ast.FormattedValue)]
        start = first.value if isinstance(first, ast.Constant) else ""
        return any(not is_constant(each) for each in glued), str(start)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return not (is_constant(node.left) and is_constant(node.right)), pieces(node.left)[1]
    method = node.func if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else None
    if method is not None and method.attr in ("format", "join", "replace"):
        return True, pieces(method.value)[1]
    return False, node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def is_finished(tree: ast.Module) -> Iterator[Finding]:
    """Nothing is left for later in the code itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node):
            yield node.lineno, "raises NotImplementedError"


def is_documented(tree: ast.Module) -> Iterator[Finding]:
    """A module says what it is for, and so does every public function and class.

    Two kinds say it without words: a function of three lines at most whose every argument and result is typed, and a
    record, that is a class with nothing in it but typed fields or members.
    """
    if ast.get_docstring(tree) is None and tree.body:
        yield 1, "the module has no docstring"
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        plain = is_record(node) if isinstance(node, ast.ClassDef) else is_short(node)
        if ast.get_docstring(node) is None and not plain:
            yield node.lineno, f"`{node.name}` has no docstring"


def is_short(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    typed = node.returns is not None and all(each.annotation is not None for each in arguments)
    return typed and (node.end_lineno or 0) - node.body[0].lineno < 3


def is_record(node: ast.ClassDef) -> bool:
    fields = [each for each in node.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
    return all(isinstance(each, ast.AnnAssign | ast.Assign) for each in fields)


RULES: list[Rule] = [runs_no_data, binds_values, is_finished, is_documented]


# ------------------------------------------------------------------------------------------------------------- tests


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_source_file_keeps(rule: Rule) -> None:
    found = []
    for path in FILES:
        if rule is binds_values and path.is_relative_to(SOURCE / "run" / "sample"):
            continue  # It makes its rows itself, from numbers and a date: there is no text of anybody else in them.
        if rule is is_documented and path.name.startswith("_") and path.name != "__init__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(ROOT)}:{line}: {what}" for line, what in rule(tree)]
    assert not found, f"{rule.__doc__}\n" + "\n".join(found)


def test_files_are_short_enough_to_read() -> None:
    sources = [
        *ROOT.glob("grammar/*"),
        *(each for each in SOURCE.rglob("*") if each.suffix in (".py", ".sql", ".lark")),
    ]
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in sources}
    assert {path: length for path, length in lengths.items() if length >= MAX_LINES} == {}


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TODO|FIXME|HACK|to be done)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in SOURCE.rglob("*")
        if path.suffix in (".py", ".sql", ".lark", ".yaml", ".campaign", ".json", ".html", ".txt")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ]
    assert found == []


BAD: dict[Rule, list[str]] = {
    runs_no_data: [
        "import yaml\nyaml.load(text, Loader=yaml.Loader)",
        "yaml.unsafe_load(text)",
        "import pickle",
        "from pickle import loads",
        "import os.path, shelve",
        "eval(text)",
        "exec(compile(text, 'x', 'exec'))",
        "subprocess.run(line, shell=True)",
        "subprocess.run(line, shell=wanted)",
        "jinja2.Template(text)",
        "from jinja2 import Template\nTemplate(text)",
        "environment().from_string(text)",
        "os.system(line)",
    ],
    binds_values: [
        "connection.execute(f'SELECT * FROM t WHERE name = {name}')",
        "connection.execute('SELECT * FROM t WHERE name = ' + name)",
        "connection.execute('SELECT * FROM t WHERE name = %s' % name)",
        "connection.execute('SELECT * FROM t WHERE name = {}'.format(name))",
        "self.connection.cursor().executemany(f'DELETE FROM {table}', rows)",
        "db.sql(' UNION ALL '.join(queries))",
        "text = f'INSERT OR IGNORE INTO t VALUES ({value})'\nconnection.execute(text)",
    ],
    is_finished: ["def later() -> None:\n    raise NotImplementedError", "raise NotImplementedError('later')"],
    is_documented: [
        "x = 1",
        "'''A module.'''\ndef f(a):\n    return a",
        "'''A module.'''\ndef f() -> int:\n    a = 1\n    a += 1\n    a += 1\n    return a",
        "'''A module.'''\nclass C:\n    def f(self) -> int: ...",
    ],
}
GOOD: dict[Rule, list[str]] = {
    runs_no_data: ["yaml.safe_load(text)", "subprocess.run([command], shell=False)", "re.compile(text)"],
    binds_values: [
        "connection.execute('SELECT * FROM t WHERE name = ?', (name,))",
        "connection.execute(f'PRAGMA cache_size = -{_SIZE}')",
        "connection.execute(f'CREATE TABLE {name} (a)')",
        "connection.execute(f'SELECT * FROM t LIMIT {LIMIT}')",
        "text = f'Select a campaign, {name}'",
        "text = f'{verb} from {table}'",
    ],
    is_finished: ["def now() -> int:\n    return NotImplemented"],
    is_documented: [
        "",
        "'''A module.'''\ndef _f(a):\n    return a",
        "'''A module.'''\ndef f(a: int) -> int:\n    return a",
        "'''A module.'''\nclass C:\n    a: int\n    '''What it is.'''\n    B = 1",
    ],
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_catches_what_it_is_for(rule: Rule) -> None:
    assert [text for text in BAD[rule] if not list(rule(ast.parse(text)))] == []
    assert [(text, found) for text in GOOD[rule] if (found := list(rule(ast.parse(text))))] == []
