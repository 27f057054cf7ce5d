"""Keeps the ids of headings, so that links to parts of pages still work."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

from ssg.importers.imported_page import ImportedPage, LanguageFolders, Pages
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.markup.link_targets import map_targets
from ssg.importers.markup.outside_code import map_outside_blocks
from ssg.importers.markup.transliterate import is_latin, to_ascii
from ssg.model.language import SourceNames
from ssg.render.markdown.attributes import split_heading
from ssg.render.markdown.heading_ids import heading_id
from ssg.render.markdown.title import plain_title

_HEADING = re.compile(r"^((?:[ \t]*>)*[ ]{0,3}#{1,6}[ \t]+)(.*?)((?:[ \t]+#+)?[ \t]*)$", re.M)
_UNDERLINED = re.compile(
    r"^(?! {0,3}(?:[-*+>#|]|\d+[.)])[ \t])( {0,3}(?=\S))(.+?)([ \t]*\n {0,3}(?:=+|-{2,})[ \t]*)$",
    re.M,
)
_HTML_ID = re.compile(r"""<[a-zA-Z][^>]*?\s(?:id|name)=["']?([^"'\s>]+)""")
_VALID_ID = re.compile(r"""[^\s#.{}"'<>=,]+""")

MakeId = Callable[[str], str]
"""How the old generator makes an id of the plain text of a heading."""


def github_id(text: str) -> str:
    """The id in Hugo and Jekyll, as in GitHub's anchors."""
    kept = re.sub(r"[^\w\- ]", "", text.lower())
    return kept.replace(" ", "-")


def python_markdown_id(text: str) -> str:
    """The id in MkDocs and Pelican (Python-Markdown, "Table of Contents")."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_text).strip().lower())


def zola_id(text: str) -> str:
    """The id in Zola: ASCII letters and digits, with one hyphen between words.

    It is '' for other scripts, which Zola transliterates by tables that ssg does not have.
    """
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(text).lower()).strip("-") if is_latin(text) else ""


def keep_ids(text: str, make: MakeId, joiner: str = "-") -> str:
    """Write the old id after each heading whose id in ssg would differ."""
    old: dict[str, int] = {}
    new_ids: set[str] = set()

    def mark(match: re.Match[str]) -> str:
        words, attributes = split_heading(match[2])
        if "id" in attributes or not words.strip():
            new_ids.add(attributes.get("id", ""))
            return match[0]
        plain = plain_title(words)
        kept, own = _numbered(make(plain), joiner, old), heading_id(plain)
        if not kept or (kept == own and own not in new_ids) or not _VALID_ID.fullmatch(kept):
            new_ids.add(own)
            return match[0]
        new_ids.add(kept)
        return f"{match[1]}{_with_id(match[2], words, kept)}{match[3]}"

    def in_prose(prose: str, _: int) -> str:
        return _UNDERLINED.sub(mark, _HEADING.sub(mark, prose))

    return map_outside_blocks(text, 1, in_prose)


def _with_id(written: str, words: str, identifier: str) -> str:
    rest = written.strip()[len(words.strip()) :].strip()
    inner = rest.removeprefix("{").removesuffix("}").strip()
    return f"{words} {{#{identifier}{' ' + inner if inner else ''}}}"


def _numbered(identifier: str, joiner: str, seen: dict[str, int]) -> str:
    count = seen.get(identifier, 0)
    seen[identifier] = count + 1
    return f"{identifier}{joiner}{count}" if count else identifier


def known_ids(text: str) -> set[str]:
    """The ids that a text of the new site certainly has."""
    found: set[str] = set()

    def collect(prose: str, _: int) -> str:
        for match in (*_HEADING.finditer(prose), *_UNDERLINED.finditer(prose)):
            words, attributes = split_heading(match[2])
            found.add(attributes.get("id") or heading_id(plain_title(words)))
        found.update(_HTML_ID.findall(prose))
        return prose

    map_outside_blocks(text, 1, collect)
    return found


def check_anchors(
    pages: Pages, notes: ImportNotes, old: Mapping[str, ImportedPage], languages: LanguageFolders
) -> list[ImportedPage]:
    """Write links to missing parts and to drafts as plain addresses, which a build does not check.

    `old` has the pages with their old texts, whose lines the findings name.
    """
    by_place = {page.content_path: page for page in pages}
    default = next(iter(languages), "")
    names = SourceNames(languages, default)
    translations = {names.read(page.content_path)[:2]: page.content_path for page in pages}
    ids: dict[str, set[str]] = {}

    def ids_of(place: str) -> set[str]:
        if place not in ids:
            ids[place] = known_ids(by_place[place].text)
        return ids[place]

    def checked(page: ImportedPage) -> ImportedPage:
        language = names.read(page.content_path).language

        def change(target: str, line: int) -> str:
            place, hash_, anchor = target.removeprefix("@/").partition("#")
            if not target.startswith("@/") or place not in by_place:
                return target
            if _may_be_left_out(by_place[place]):
                line = _line_of(target, old.get(page.origin, page), line)
                what = "leads to a page that a build may leave out"
                notes.add(Topic.LINK, what, page.origin, line)
                return by_place[place].address + hash_ + anchor
            if not anchor:
                return target
            shown = translations.get((language, names.read(place).name), place)
            if anchor in ids_of(shown) or anchor.lower() == "top":
                return target
            if shown != place and anchor in ids_of(place):
                return f"@/{_by_language(place, default)}#{anchor}"
            line = _line_of(f"#{anchor}", old.get(page.origin, page), line)
            notes.add(Topic.LINK, "leads to a part that its page does not have", page.origin, line)
            return f"{by_place[place].address}#{anchor}"

        if "@/" not in page.text:
            return page
        return replace(page, text=map_targets(page.text, page.line, change))

    return [checked(page) for page in pages]


def _by_language(place: str, default: str) -> str:
    """The file of the default language only, which no translation replaces: `a.en.md`."""
    return f"{place.removesuffix('.md')}.{default}.md"


def _may_be_left_out(page: ImportedPage) -> bool:
    """Whether a build may leave a page out: it is a draft, or is published or expires by date."""
    return any(page.values.get(key) for key in ("draft", "publish_date", "expiry_date"))


def _line_of(words: str, page: ImportedPage, line: int) -> int:
    """The line of the old text that contains `words`."""
    before, found, _ = page.text.partition(words)
    return page.line + before.count("\n") if found else line
