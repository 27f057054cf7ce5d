"""Blocks of code on pages of the documentation, and what each language is held to.

A block says which file it is of with `title="..."`, or with a comment in its first line. Where it
says nothing, TOML is of `ssg.toml`, and YAML is front matter. A block that only hints at something
has the word `fragment` behind its language, and is left alone.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import textwrap
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import TemplateError

from ssg.config.load import load
from ssg.content.build_hooks import BuildHooks
from ssg.content.inputs.query_checks import problems_of
from ssg.content.source.document import Diagnostics
from ssg.content.source.document_reader import DocumentReader
from ssg.content.source.front_matter import FrontMatterError, parse
from ssg.model.errors import SsgError
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.render.hooks import Hooks
from ssg.render.templates.environment import create_environment
from tests.cli.test_options import commands

UNCHECKED = frozenset({"", "css", "csv", "text", "xml"})
"""Languages that no code of ours reads: what is printed, above all."""
NETLIFY_KEYS = frozenset({"build", "context", "functions", "headers", "plugins", "redirects"})

_ERRORS = (
    *(SsgError, FrontMatterError, TemplateError),
    *(SyntaxError, ValueError, AttributeError, yaml.YAMLError),
)
_BLOCK = re.compile(r"^( *)(`{3,})(\w*)([^\n]*)\n(.*?)^\1\2$", re.M | re.S)
_TITLE = re.compile(r'title="([^"]+)"')
_NAMED = re.compile(r"(?:#|\{#|//|/\*|<!--) ?([\w./{}-]+\.(?:toml|ya?ml|html|md|css|js))\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code. `line` is that of its first line of code."""

    page: str
    line: int
    language: str
    file: str
    text: str
    is_fragment: bool = False

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks(page: str, name: str) -> Iterator[Block]:
    """The blocks of a page, in their order."""
    for match in _BLOCK.finditer(page):
        text = textwrap.dedent(match[5])
        named = _TITLE.search(match[4]) or _NAMED.match(text)
        line = page.count("\n", 0, match.start(5)) + 1
        fragment = "fragment" in match[4].split()
        yield Block(name, line, match[3], named[1] if named else "", text, fragment)


def faults(block: Block, others: Sequence[Block], site: Site, folder: Path) -> list[str]:
    """What is wrong with a block. `others` are those of its page; `folder` is an empty one."""
    try:
        return list(_faults(block, others, site, folder))
    except _ERRORS as error:
        return [str(error)]
    except subprocess.CalledProcessError as error:
        return [error.stderr]


def _faults(block: Block, others: Sequence[Block], site: Site, folder: Path) -> Iterator[str]:
    match block.language:
        case "toml":
            yield from _toml(block, folder)
        case "yaml":
            yield from _yaml(block)
        case "markdown":
            yield from _front_matter(block.text, block.file or "page.md")
        case "python" if _imports_other_files(block, others):
            compile(block.text, str(block), "exec")
        case "python":
            _set_up(block)
        case "jinja" | "html":
            _compile(block, others, site)
        case "json":
            json.loads(block.text)
        case "sh" | "console":
            yield from _shell(block)
        case "sql":
            yield from _query(block)
        case "js":
            _node(block, folder)
        case language if language not in UNCHECKED:
            yield f"unknown language {language}"


def _query(block: Block) -> Iterator[str]:
    """A query is one that a build takes. Other SQL runs in `tests/sources/sql/test_guide.py`."""
    if block.file.startswith("queries/"):
        name = block.file.removeprefix("queries/").removesuffix(".sql")
        yield from map(str, problems_of(name, block.text))


def _toml(block: Block, folder: Path) -> Iterator[str]:
    values = tomllib.loads(block.text)
    name = block.file.rpartition("/")[2]
    if block.file.startswith("i18n/") or name in ("pyproject.toml", "theme.toml", "data.toml"):
        return
    if name == "netlify.toml" or values.keys() <= NETLIFY_KEYS:
        yield from (f"netlify.toml has no {key}" for key in values.keys() - NETLIFY_KEYS)
        return
    theme = values.get("theme") or "default"
    (folder / "themes" / str(theme) / "templates").mkdir(parents=True)
    (folder / "content").mkdir()
    (folder / "ssg.toml").write_text(block.text, "utf-8")
    load(folder, environment={})


def _yaml(block: Block) -> Iterator[str]:
    if block.file.startswith("."):  # of a service for continuous integration
        if not isinstance(yaml.safe_load(block.text), dict):
            yield "no table"
        return
    text = block.text if block.text.startswith("---") else f"---\n{block.text}---\n"
    as_page, as_section = (list(_front_matter(text, name)) for name in ("page.md", "_index.md"))
    yield from as_page if as_section else ()


def _front_matter(text: str, name: str) -> Iterator[str]:
    if "{{" in text.partition("---\n\n")[0]:
        return  # an archetype: `ssg new page` fills it in
    diagnostics, source = Diagnostics(), parse(text.encode(), name)
    DocumentReader(SiteSettings()).read(source, name, diagnostics)
    yield from map(str, (*diagnostics.problems, *diagnostics.warnings))


def _imports_other_files(block: Block, others: Sequence[Block]) -> bool:
    """Whether a module needs another one of its page: the commands of the page run it."""
    modules = "|".join(other.file[:-3] for other in others if other.file.endswith(".py"))
    return re.search(rf"^(from|import) ({modules})\b", block.text, re.M) is not None


def _set_up(block: Block) -> Hooks | BuildHooks | None:
    """Run a module, and its `setup`. What that brings is not called."""
    names: dict[str, Any] = {"__file__": block.file, "__name__": "example"}
    exec(compile(block.text, str(block), "exec"), names)  # noqa: S102 our own pages
    if "setup" not in names:
        return None
    hooks = BuildHooks() if "hooks.on_" in block.text else Hooks()
    names["setup"](hooks)
    return hooks


def _compile(block: Block, others: Sequence[Block], site: Site) -> None:
    """With the filters and tests that Python of the same page brings, and those of archetypes."""
    env = create_environment(site, Hooks())
    env.filters["quote"] = str
    for other in others:
        is_alone = other.language == "python" and not _imports_other_files(other, others)
        hooks = _set_up(other) if is_alone else None
        if isinstance(hooks, Hooks):
            env.filters |= hooks.filters
            env.tests |= hooks.tests
    env.compile(block.text, str(block))


def _shell(block: Block) -> Iterator[str]:
    """Lines are Bash, and options of our commands are there."""
    text = block.text
    if block.language == "console":
        text = "".join(re.findall(r"^\$ (.*\n(?:(?<=\\\n).*\n)*)", text, re.M))
    subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=True)
    for line in re.findall(r"(?:^|&& |\|\| |- run: )(?:python -m )?ssg (.*)$", text, re.M):
        yield from _unknown_options(shlex.split(re.split(r"[|;&>#]", line)[0]))


def _unknown_options(words: Sequence[str]) -> Iterator[str]:
    name = next((n for n in (" ".join(words[:2]), *words[:1]) if n in commands()), None)
    if name is None:
        yield from (f"no command {words[0]}" for _ in words[:1] if not words[0].startswith("-"))
        return
    known = {
        o for option in commands()[name].params for o in (*option.opts, *option.secondary_opts)
    }
    for word in words:
        if word.startswith("-") and word.partition("=")[0] not in known | {"--help"}:
            yield f"ssg {name} has no option {word}"


def _node(block: Block, folder: Path) -> None:
    if node := shutil.which("node"):
        file = folder / "example.js"
        file.write_text(block.text, "utf-8")
        subprocess.run([node, "--check", file], capture_output=True, text=True, check=True)
