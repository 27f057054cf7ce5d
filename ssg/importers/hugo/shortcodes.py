"""Converts Hugo's shortcodes to Markdown, HTML or shortcodes of ssg."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from ssg.importers.hugo.go_template import to_jinja
from ssg.importers.hugo.shortcode_parser import HugoShortcodeCall, parse_calls
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.limits import MAX_INCLUDED_CHARACTERS
from ssg.importers.markup.embed_templates import TEMPLATES
from ssg.importers.markup.outside_code import fence_for, map_outside_code, split_code
from ssg.importers.markup.shortcode_calls import (
    block_call,
    escape_calls,
    inline_call,
    placeholder_template,
    shortcode_name,
)
from ssg.importers.markup.template_check import template_problem
from ssg.importers.source_tree import SourceTree

_FOLDERS = ("layouts/shortcodes", "layouts/_shortcodes")
_INCLUDES = frozenset(
    {"include", "includes", "include-md", "readfile", "md", "embed-md", "snippet"}
)
_MAX_DEPTH = 10
_INSIDE_CODE = frozenset({"ref", "relref", "param"})

FindPage = Callable[[str, ImportedPage], ImportedPage | None]
"""Finds a page by a path in a text, which may be relative to the page of that text."""


class HugoShortcodes:
    """Converts the calls of one site. `templates` collects those that the calls need, by name."""

    def __init__(
        self, tree: SourceTree, notes: ImportNotes, find: FindPage, params: Mapping[str, Any]
    ) -> None:
        self._tree = tree
        self._notes = notes
        self._find = find
        self._params = {str(key).lower(): value for key, value in params.items()}
        self.templates: dict[str, str] = {}
        self._included_characters = 0
        self._builtin: Mapping[str, Callable[[HugoShortcodeCall, ImportedPage, int], str]] = {
            "ref": self._ref, "relref": self._ref, "figure": self._figure,
            "highlight": self._highlight, "param": self._param, "details": self._details,
            "youtube": self._video, "vimeo": self._video, "gist": self._gist,
            "tweet": self._post, "x": self._post, "twitter": self._post,
            "instagram": self._post, "qr": self._qr,
        }  # fmt: skip

    def convert(self, text: str, page: ImportedPage, line: int, depth: int = 0) -> str:
        """Convert the calls of a text. Inside code, only those that print a value are converted."""
        if depth == 0:
            self._included_characters = 0
            text = map_outside_code(text, line, lambda words, _: escape_calls(words))
        if "{{<" not in text and "{{%" not in text:
            return text
        parts = []
        for part in parse_calls(text, line):
            if isinstance(part, str):
                parts.append(part)
            elif self._is_in_code(text, part, line) and part.name not in _INSIDE_CODE:
                self._note(part, page, f"{part.name} in a code block stays as it is")
                parts.append(part.source)
            else:
                parts.append(self._convert_call(part, page, depth))
        return "".join(parts)

    def _is_in_code(self, text: str, call: HugoShortcodeCall, line: int) -> bool:
        return any(
            piece.line <= call.line < piece.line + piece.text.count("\n")
            for piece in split_code(text, line)
            if piece.is_code
        )

    def _convert_call(self, call: HugoShortcodeCall, page: ImportedPage, depth: int) -> str:
        if depth > _MAX_DEPTH:
            self._note(call, page, "calls are nested too deeply")
            return ""
        if self._included_characters > MAX_INCLUDED_CHARACTERS:
            self._note(call, page, "left out, the page includes too much text")
            return ""
        own = self._own_template(call.name)
        if own is None and (builtin := self._builtin.get(call.name)):
            return builtin(call, page, depth)
        if call.name.lower() in _INCLUDES and (found := self._included(call, page)):
            self._included_characters += 100 + len(found.text)
            return self.convert(found.text, found, found.line, depth + 1).strip("\n")
        return self._custom(call, page, own, depth)

    # -- shortcodes of Hugo --------------------------------------------------------------------

    def _ref(self, call: HugoShortcodeCall, page: ImportedPage, _: int) -> str:
        path, hash_, part = call.get("path", 0).partition("#")
        found = page if not path else self._find(path, page)
        if found is None:
            self._notes.add(Topic.LINK, f"leads to no page: {path}", page.origin, call.line)
            return "/" + path.removesuffix(".md").strip("/") + "/" + hash_ + part
        return (f"@/{found.content_path}" if path else "") + hash_ + part

    def _figure(self, call: HugoShortcodeCall, page: ImportedPage, _: int) -> str:
        caption = call.get("caption") or call.get("title")
        given = {"src": call.get("src", 0), "alt": call.get("alt"), "caption": caption}
        sizes = {key: value for key in ("width", "height", "link") if (value := call.get(key))}
        lost = [k for k in ("attr", "attrlink", "class", "target", "rel") if call.get(k)]
        for key in lost:
            self._note(call, page, f"figure: {key} was not imported")
        kept = {key: value for key, value in given.items() if value}
        return inline_call("figure", {**kept, **sizes})

    def _highlight(self, call: HugoShortcodeCall, _draft: ImportedPage, _: int) -> str:
        body = (call.body or "").strip("\n")
        options = re.sub(r"\s*,\s*", " ", call.get("options", 1)).replace('"', "")
        if not call.is_alone and "\n" not in body:
            return f"`{body}`"
        fence = fence_for(body)
        info = f"{call.get('lang', 'type', 0)}{f' {{{options}}}' if options else ''}"
        inner = "\n".join(call.indent + line if line else line for line in body.split("\n"))
        return f"{fence}{info}\n{inner}\n{call.indent}{fence}"

    def _param(self, call: HugoShortcodeCall, page: ImportedPage, _: int) -> str:
        name = call.get(0).lower()
        extra = {str(k).lower(): v for k, v in (page.values.get("extra") or {}).items()}
        value = extra.get(name, page.values.get(name, self._params.get(name)))
        if value is None or isinstance(value, dict | list):
            self._note(call, page, f"param: there is no {name}")
            return ""
        return str(value)

    def _details(self, call: HugoShortcodeCall, page: ImportedPage, depth: int) -> str:
        is_open = " open" if call.get("open") == "true" else ""
        body = self.convert((call.body or "").strip("\n"), page, call.body_line, depth + 1)
        summary = escape(call.get("summary") or "Details", quote=False)
        return f"<details{is_open}>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"

    def _video(self, call: HugoShortcodeCall, _draft: ImportedPage, _: int) -> str:
        given = {"id": call.get("id", 0), "title": call.get("title"), "start": call.get("start")}
        return self._embed(call.name, given)

    def _gist(self, call: HugoShortcodeCall, _draft: ImportedPage, _: int) -> str:
        return self._embed("gist", {"user": call.get(0), "id": call.get(1), "file": call.get(2)})

    def _post(self, call: HugoShortcodeCall, _draft: ImportedPage, _: int) -> str:
        name = "instagram" if call.name == "instagram" else "tweet"
        return self._embed(name, {"user": call.get("user"), "id": call.get("id", 0)})

    def _qr(self, call: HugoShortcodeCall, _draft: ImportedPage, _: int) -> str:
        return self._embed("qr", {"text": call.get("text") or (call.body or "").strip()})

    def _embed(self, name: str, given: Mapping[str, str]) -> str:
        self.templates.setdefault(name, TEMPLATES[name])
        return inline_call(name, {key: value for key, value in given.items() if value})

    # -- shortcodes of the site ----------------------------------------------------------------

    def _own_template(self, name: str) -> str | None:
        for folder in _FOLDERS:
            if f"{folder}/{name}.html" in self._tree:
                return f"{folder}/{name}.html"
        return None

    def _included(self, call: HugoShortcodeCall, page: ImportedPage) -> ImportedPage | None:
        path = call.get("path", "file", 0)
        return self._find(path, page) if path else None

    def _custom(
        self, call: HugoShortcodeCall, page: ImportedPage, own: str | None, depth: int
    ) -> str:
        if call.is_target:
            self._note(
                call, page, f"{call.name} cannot be the target of a link: the link leads to #"
            )
            return "#"
        name = self._template_for(call, page, own)
        arguments = {f"arg{number}": value for number, value in enumerate(call.positional)}
        arguments |= {shortcode_name(key): value for key, value in call.named.items()}
        for word in ("body", "raw", "page", "site", "text"):
            if word in arguments:
                arguments[f"{word}_"] = arguments.pop(word)
        if call.body is None:
            return inline_call(name, arguments)
        body = self.convert(call.body, page, call.body_line, depth + 1)
        if call.is_alone:
            return block_call(name, arguments, body, call.indent).removeprefix(call.indent)
        return inline_call(name, {**arguments, "text": " ".join(body.split())})

    def _template_for(self, call: HugoShortcodeCall, page: ImportedPage, own: str | None) -> str:
        """The name of the shortcode in ssg. Adds its template."""
        name = shortcode_name(call.name)
        if name in TEMPLATES or name in {"figure", "note"}:
            name = f"{name}_own"
        source = self._tree.text(own) if own else ""
        translated = to_jinja(source) if source else None
        if own and translated and (problem := template_problem(translated)):
            what = f"the template of {call.name} was not imported: {problem.what}"
            above = source[: len(source) - len(source.lstrip())].count("\n")
            self._notes.add(Topic.SHORTCODE, what, own, problem.line + above)
            translated = None
        if translated is not None:
            self.templates.setdefault(name, translated)
        else:
            self._note(call, page, f"the template of {call.name} must be written")
            self.templates.setdefault(name, _fallback_template(call.name, own, source))
        return name

    def _note(self, call: HugoShortcodeCall, page: ImportedPage, what: str) -> None:
        self._notes.add(Topic.SHORTCODE, what, page.origin, call.line)


def _fallback_template(name: str, own: str | None, source: str) -> str:
    """A template that shows code as code, and any other body unchanged."""
    if re.search(r"\b(highlight|transform\.Highlight)\b", source, re.I):
        return (
            f"{{# {own}: the template of the shortcode {name} could not be imported. #}}\n"
            '{% if raw is defined %}<pre class="highlight"><code>{{ raw }}</code></pre>'
            "{% endif %}\n"
        )
    return placeholder_template(name, own or "Hugo")


def page_finder(pages: Mapping[str, ImportedPage], root: str) -> FindPage:
    """Find pages as `ref` does: by path from the page or the content folder, or by name."""
    by_name: dict[str, list[ImportedPage]] = {}
    for origin, one in pages.items():
        stem = posixpath.splitext(posixpath.basename(origin))[0]
        if stem in {"index", "_index"}:
            stem = posixpath.basename(posixpath.dirname(origin))
        by_name.setdefault(stem.lower(), []).append(one)

    def find(path: str, page: ImportedPage) -> ImportedPage | None:
        bare = path.strip().rstrip("/")
        bases = [root] if bare.startswith("/") else [posixpath.dirname(page.origin), root]
        for base in bases:
            start = posixpath.normpath(posixpath.join(base, bare.lstrip("/")))
            for name in (start, f"{start}.md", f"{start}/index.md", f"{start}/_index.md"):
                if name in pages:
                    return pages[name]
        named = by_name.get(posixpath.basename(bare).removesuffix(".md").lower(), [])
        return named[0] if len(named) == 1 and "/" not in bare.strip("/") else None

    return find
