"""Converts Zola's shortcodes. Calls have the same form in ssg; templates that are Jinja stay."""

from __future__ import annotations

import re

from jinja2 import Environment, meta

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.markup.outside_code import line_at, map_outside_code
from ssg.importers.markup.shortcode_calls import placeholder_template
from ssg.importers.markup.template_check import TemplateProblem, template_problem
from ssg.importers.source_tree import SourceTree
from ssg.render.templates.filters import FILTERS

_CALL = re.compile(
    r"(?P<open>\{[{%])[ \t]*(?P<name>[A-Za-z_]\w*)\((?P<arguments>[^\n]*?)\)[ \t]*[}%]\}"
)
_SPREAD = re.compile(r"(\{[{%][ \t]*[A-Za-z_]\w*\()([^(){}]*\n[^(){}]*)(\)[ \t]*[}%]\})")
_QUOTED = re.compile(r"\{([{%])/\*(.*?)\*/([}%])\}", re.S)
_BACKTICKS = re.compile(r"=\s*`([^`\"]*)`")
_BODY_IN_LINE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<before>[^\n]*?)(?P<open>\{%[ \t]*\w+\([^\n]*?\)[ \t]*%\})"
    r"(?P<body>[^\n]*?)\{%[ \t]*end[ \t]*%\}(?P<after>[^\n]*)$",
    re.M,
)
_MARKDOWN = re.compile(r"\s*\|\s*markdown(?:\([^()]*\))?")
"""A filter of Tera. In ssg, a body is HTML already."""
_BUILT_IN = frozenset({"figure", "note"})
_TERA_NAMES = frozenset(
    {"config", "lang", "nth", "get_url", "resize_image", "load_data", "get_page"}
)


class ZolaShortcodes:
    """Converts the calls of one site. `templates` collects those that the calls need, by name."""

    def __init__(self, tree: SourceTree, notes: ImportNotes) -> None:
        self._tree = tree
        self._notes = notes
        self.templates: dict[str, str] = {}

    def convert(self, text: str, page: ImportedPage) -> str:
        if "{{" not in text and "{%" not in text:
            return text
        text = map_outside_code(
            text, page.line, lambda words, line: self._convert_part(words, line, page)
        )
        return _QUOTED.sub(r"{\1\2\3}", text)  # in code, which needs no backslash

    def _convert_part(self, words: str, line: int, page: ImportedPage) -> str:
        words = _SPREAD.sub(lambda m: m[1] + " ".join(m[2].split()) + m[3], words)
        words = _BODY_IN_LINE.sub(lambda m: self._on_own_lines(m, words, line, page), words)
        for match in _CALL.finditer(words):
            if words[max(0, match.start() - 1)] != "\\":
                self._add_template(match["name"], page, line_at(words, match.start(), line))
        words = _BACKTICKS.sub(r'="\1"', words)
        return _QUOTED.sub(lambda m: f"\\{{{m[1]}{m[2]}{m[3]}}}", words)

    def _on_own_lines(self, match: re.Match[str], words: str, line: int, page: ImportedPage) -> str:
        """Put a body that is inside a line on lines of its own, as ssg needs it."""
        if match["before"].strip() or match["after"].strip():
            where = line_at(words, match.start(), line)
            what = "a shortcode around words of a line became a block of its own"
            self._notes.add(Topic.SHORTCODE, what, page.origin, where)
        parts = [match["before"].strip(), match["open"], match["body"].strip(), "{% end %}",
                 match["after"].strip()]  # fmt: skip
        return "\n".join(match["indent"] + part for part in parts if part)

    def _add_template(self, name: str, page: ImportedPage, line: int) -> None:
        origin = f"templates/shortcodes/{name}.html"
        is_markdown = f"templates/shortcodes/{name}.md" in self._tree
        if origin not in self._tree and name in _BUILT_IN:
            return
        source = self._tree.text(origin) if origin in self._tree else ""
        source = _MARKDOWN.sub("", source)
        problem = _problem(source) if source else None
        if source and problem is None:
            self.templates.setdefault(name, source)
            return
        if problem and name not in self.templates:
            what = f"the template of {name} was not imported: {problem.what}"
            self._notes.add(Topic.SHORTCODE, what, origin, problem.line)
        shown = f"templates/shortcodes/{name}.md" if is_markdown else origin
        what = f"the template of {name} must be written"
        self._notes.add(Topic.SHORTCODE, what, page.origin, line)
        self.templates.setdefault(name, placeholder_template(name, shown))


def _problem(source: str) -> TemplateProblem | None:
    """Why a Tera template cannot be used as it is: it must be harmless Jinja, and use arguments."""
    if "::" in source:
        return TemplateProblem("a macro of Tera is not imported")
    if problem := template_problem(source):
        return problem
    environment = Environment(autoescape=True)
    environment.filters.update(FILTERS)
    used = meta.find_undeclared_variables(environment.parse(source)) & _TERA_NAMES
    return TemplateProblem(f"{min(used)} of Zola is not imported") if used else None
