"""Where the pages of the reference are, and what leads to them: names in code and in texts."""

from __future__ import annotations

import io
import keyword
import posixpath
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reference.code import Module

FOLDER = "api"
_CODE = re.compile(r"(`+)(.+?)\1|https?://\S+", re.S)
_SIGN = re.compile(r"[\\*_<>\[\]{}|$~^`]")
"""What may mean something in Markdown."""
_DOCS = re.compile(r"content/(docs/[\w/-]+\.md)")
_DRAWN = re.compile(r"[│├└┌─→]|\S {3,}\S|^ {4}", re.M)
"""What a paragraph has that is a drawing or a table of words."""
_LIST = re.compile(r"(?:[-*]|\d+\.) ")


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the reference, or a part of one."""

    source: str
    part: str = ""

    @property
    def folder(self) -> str:
        """The path of the page below the site's root, in lower case as addresses are."""
        return posixpath.normpath(self.source.removesuffix(".md").removesuffix("_index")).lower()


@dataclass(frozen=True, slots=True)
class Places:
    """Every symbol of the reference, by its full name: `ssg.model.page.Page`."""

    by_name: Mapping[str, Place] = field(default_factory=dict)
    docs: frozenset[str] = frozenset()
    """Pages of the documentation, below `content/`."""

    def seen_from(self, module: Module) -> Callable[[str], Place | None]:
        """Finds a name as the code of a module would: its own, and those that it imports."""

        def find(name: str) -> Place | None:
            full = module.imports.get(name, f"{module.name}.{name}")
            return self.by_name.get(full) or self.by_name.get(name)

        return find


def module_folder(name: str) -> str:
    """`ssg.model.queries.site` -> `api/model/site`."""
    return "/".join([FOLDER, *name.split(".")[1:]])


def places_of(modules: Sequence[Module], docs: frozenset[str] = frozenset()) -> Places:
    """The place of each module, symbol and constant."""
    found: dict[str, Place] = {}
    for module in modules:
        folder = module_folder(module.name)
        found[module.name] = Place(f"{folder}/_index.md")
        for symbol, name in zip(module.symbols, file_names(module), strict=True):
            found[f"{module.name}.{symbol.name}"] = Place(f"{folder}/{name}.md")
        for constant in module.constants:
            place = Place(f"{folder}/_index.md", constant.name)
            found.setdefault(f"{module.name}.{constant.name}", place)
    return Places(found, docs)


def file_names(module: Module) -> Iterator[str]:
    """A name for the page of each symbol. Addresses do not tell `Scan` and `scan` apart."""
    taken: set[str] = set()
    for symbol in module.symbols:
        name = symbol.name
        while name.lower() in taken or name == "index":
            name += "-2"
        taken.add(name.lower())
        yield name


def linked_code(code: str, here: Place, find: Callable[[str], Place | None]) -> str:
    """Python as HTML, with links from the names that have a page."""
    parts, line, column, before = [], 1, 0, ""
    lines = code.split("\n")
    for token in _tokens(code):
        if token.start[0] > line:
            parts.append("\n" * (token.start[0] - line))
            line, column = token.start[0], 0
        parts.append(_as_html(lines[line - 1][column : token.start[1]]))
        parts.append(_marked(token, before, here, find))
        line, column = token.end
        before = token.string
    return "".join(parts)


def _as_html(text: str) -> str:
    """Text that neither HTML nor Markdown takes for more than it is."""
    return _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", text.replace("&", "&#38;"))


def _tokens(code: str) -> Iterator[tokenize.TokenInfo]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.string.strip():
                yield token
    except (tokenize.TokenError, IndentationError):
        return


def _marked(
    token: tokenize.TokenInfo, before: str, here: Place, find: Callable[[str], Place | None]
) -> str:
    """A token with its colour, in the classes of Pygments, or with its link."""
    text = _as_html(token.string)
    if token.type == tokenize.NAME and before in ("def", "class"):
        return f'<span class="{"nc" if before == "class" else "nf"}">{text}</span>'
    if keyword.iskeyword(token.string):
        return f'<span class="k">{text}</span>'
    place = find(token.string) if token.type == tokenize.NAME and before != "." else None
    if place and place != here:
        return f'<a href="{_relative(place, here)}">{text}</a>'
    kind = {tokenize.STRING: "s", tokenize.NUMBER: "m"}.get(token.type)
    return f'<span class="{kind}">{text}</span>' if kind else text


def _relative(place: Place, here: Place) -> str:
    way = posixpath.relpath(place.folder, here.folder)
    return ("" if way == "." else f"{way}/") + (f"#{place.part}" if place.part else "")


def as_markdown(text: str, places: Places, find: Callable[[str], Place | None]) -> str:
    """A docstring as Markdown: signs are taken as they stand, names in backticks have links."""
    paragraphs = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(_paragraph(one, places, find) for one in paragraphs)


def _paragraph(text: str, places: Places, find: Callable[[str], Place | None]) -> str:
    if _DRAWN.search(text) and not _LIST.match(text):
        return f"````text\n{text}\n````"
    parts, end = [], 0
    for match in _CODE.finditer(text):
        parts.append(_SIGN.sub(r"\\\g<0>", text[end : match.start()]))
        parts.append(_linked_span(match[2], match[0], places, find) if match[1] else match[0])
        end = match.end()
    return "".join([*parts, _SIGN.sub(r"\\\g<0>", text[end:])])


def _linked_span(
    words: str, written: str, places: Places, find: Callable[[str], Place | None]
) -> str:
    """A span of code, as a link if it names a symbol or a page of the documentation."""
    docs = _DOCS.fullmatch(words)
    if docs and docs[1] in places.docs:
        return f"[{written}](@/{docs[1]})"
    place = find(words)
    part = f"#{place.part}" if place and place.part else ""
    return f"[{written}](@/{place.source}{part})" if place else written
