"""Python sources -> what the reference tells of them. Nothing is imported, so nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

Statement = ast.stmt
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
LONGEST_VALUE = 72
"""A longer value of a constant is left out."""
_PROPERTIES = ("property", "cached_property")


@dataclass(frozen=True, slots=True)
class Field:
    """A constant of a module, a field of a class, or a property: a name with a type and a value."""

    name: str
    type: str = ""
    value: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method. `signature` is its head, with decorators."""

    name: str
    signature: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Class:
    """A class with what is public of it. `signature` has what its constructor takes."""

    name: str
    signature: str
    text: str
    line: int
    fields: Sequence[Field] = ()
    properties: Sequence[Field] = ()
    methods: Sequence[Function] = ()


Symbol = Class | Function


@dataclass(frozen=True, slots=True)
class Module:
    """A module, with what is public of it in the order of the source."""

    name: str
    file: str
    text: str
    symbols: Sequence[Symbol] = ()
    constants: Sequence[Field] = ()
    imports: Mapping[str, str] = field(default_factory=dict)
    """Names that it imports, each with where from: `Page` is `ssg.model.page.Page`."""


def read_modules(root: Path, package: str) -> Iterator[Module]:
    """Every module of a package, in the order of their names; the package is the first."""
    files = (root / package).rglob("*.py")
    for file in sorted(files, key=lambda file: (*file.parent.parts, file.stem)):
        place = file.relative_to(root)
        parts = place.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield read_module(file.read_text("utf-8"), name, place.as_posix())


def read_module(source: str, name: str, file: str) -> Module:
    """What is public of a module."""
    tree = ast.parse(source)
    symbols = {one.name: one for one in map(_symbol, _definitions(tree.body))}
    return Module(
        name=name,
        file=file,
        text=ast.get_docstring(tree) or "",
        symbols=tuple(symbols.values()),
        constants=tuple(_fields(tree.body)),
        imports=dict(_imports(tree)),
    )


def _definitions(body: Sequence[Statement]) -> Iterator[Definition]:
    """Public ones. Of several with one name (overloads), the last one is meant."""
    for statement in body:
        if isinstance(statement, Definition) and not statement.name.startswith("_"):
            yield statement


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for name in node.names:
                yield name.asname or name.name, f"{node.module}.{name.name}"


def _symbol(node: Definition) -> Symbol:
    return _class(node) if isinstance(node, ast.ClassDef) else _function(node)


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    return Function(node.name, _head(node), ast.get_docstring(node) or "", node.lineno)


def _class(node: ast.ClassDef) -> Class:
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    public = [one for one in methods if not one.name.startswith("_")]
    begin = next((one for one in methods if one.name == "__init__"), None)
    properties = [one for one in public if _is_property(one)]
    own = [_attribute_fields(begin)] if begin else []
    return Class(
        name=node.name,
        signature=_class_head(node, begin),
        text=ast.get_docstring(node) or "",
        line=node.lineno,
        fields=tuple(one for some in (_fields(node.body), *own) for one in some),
        properties=tuple(map(_property, properties)),
        methods=tuple(_function(one) for one in public if one not in properties),
    )


def _class_head(node: ast.ClassDef, begin: ast.FunctionDef | ast.AsyncFunctionDef | None) -> str:
    bases = ", ".join(map(ast.unparse, [*node.bases, *node.keywords]))
    head = f"{_decorators(node)}class {node.name}({bases})" if bases else ""
    head = head or f"{_decorators(node)}class {node.name}"
    if begin is None:
        return head
    arguments = _without_self(begin.args)
    return f"{head}\n\n{_laid_out(node.name, arguments, None)}" if arguments else head


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(one).endswith(_PROPERTIES) for one in node.decorator_list)


def _property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Field:
    type_ = ast.unparse(node.returns) if node.returns else ""
    return Field(node.name, type_, text=ast.get_docstring(node) or "")


def _fields(body: Sequence[Statement]) -> Iterator[Field]:
    """Names that are bound in a module or class; a text below one is about it."""
    for bound, after in _bindings(body):
        for target in bound.targets:
            if isinstance(target, ast.Name) and not target.id.startswith("_"):
                yield Field(target.id, bound.type, _value(bound.value), _text(after))


def _attribute_fields(begin: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Field]:
    """Public attributes that a constructor sets, with the types that it names."""
    given = {one.arg: one.annotation for one in (*begin.args.args, *begin.args.kwonlyargs)}
    for bound, after in _bindings(begin.body):
        value = bound.value
        known = given.get(value.id) if isinstance(value, ast.Name) else None
        for target in bound.targets:
            if isinstance(target, ast.Attribute) and _is_public(target):
                type_ = bound.type or (ast.unparse(known) if known is not None else "")
                yield Field(target.attr, type_, text=_text(after))


class _Binding(NamedTuple):
    targets: Sequence[ast.expr]
    type: str
    value: ast.expr | None


def _bindings(body: Sequence[Statement]) -> Iterator[tuple[_Binding, Statement | None]]:
    """Each statement that binds names, with the one behind it."""
    for statement, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign):
            kind = ast.unparse(statement.annotation)
            yield _Binding([statement.target], kind, statement.value), after
        elif isinstance(statement, ast.Assign):
            yield _Binding(statement.targets, "", statement.value), after


def _is_public(target: ast.Attribute) -> bool:
    is_own = isinstance(target.value, ast.Name) and target.value.id == "self"
    return is_own and not target.attr.startswith("_")


def _value(node: ast.expr | None) -> str:
    written = ast.unparse(node) if node else ""
    return written if len(written) <= LONGEST_VALUE else ""


def _text(statement: Statement | None) -> str:
    """A text that stands by itself."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        value = statement.value.value
        return " ".join(value.split()) if isinstance(value, str) else ""
    return ""


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = ast.unparse(node.returns) if node.returns else None
    arguments = _without_self(node.args)
    return f"{_decorators(node)}{_laid_out(f'{word} {node.name}', arguments, returns)}"


def _decorators(node: Definition) -> str:
    return "".join(f"@{ast.unparse(one)}\n" for one in node.decorator_list)


def _laid_out(name: str, arguments: Sequence[str], returns: str | None) -> str:
    """On one line if it fits, else an argument a line."""
    end = f" -> {returns}" if returns else ""
    line = f"{name}({', '.join(arguments)}){end}"
    if len(line) <= LONGEST_VALUE or not arguments:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in arguments), f"){end}"])


def _without_self(args: ast.arguments) -> list[str]:
    """The arguments as they are written, but for the one that a method gets by itself."""
    usual = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(usual) - len(args.defaults)) + [*args.defaults]
    written = [_argument(one, value) for one, value in zip(usual, defaults, strict=True)]
    own = 1 if usual and usual[0].arg in ("self", "cls") else 0
    if len(args.posonlyargs) > own:
        written.insert(len(args.posonlyargs), "/")
    written = written[own:]
    if args.vararg or args.kwonlyargs:
        written.append(f"*{_argument(args.vararg)}" if args.vararg else "*")
    named = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    written += [_argument(one, value) for one, value in named]
    return [*written, f"**{_argument(args.kwarg)}"] if args.kwarg else written


def _argument(node: ast.arg, default: ast.expr | None = None) -> str:
    kind = f": {ast.unparse(node.annotation)}" if node.annotation else ""
    value = ast.unparse(default) if default else ""
    equals = " = " if kind else "="
    return f"{node.arg}{kind}{equals}{value}" if value else f"{node.arg}{kind}"
