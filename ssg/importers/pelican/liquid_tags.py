"""Converts the tags of Pelican's plugin liquid_tags."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Callable, Mapping
from functools import partial

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.markup.embed_templates import TEMPLATES
from ssg.importers.markup.outside_code import fence_for, line_at, map_outside_code
from ssg.importers.markup.shortcode_calls import inline_call
from ssg.importers.pelican.settings import PelicanSettings
from ssg.importers.source_tree import SourceTree

_TAG = re.compile(r"\{%[ \t]*(?P<name>\w+)(?P<rest>[^%\n]*)%\}")
_URL = re.compile(r"https?://|/|\{|\w[\w-]*/|[\w-]+\.\w{2,4}$")


class LiquidTags:
    """Converts the tags of one site. `templates` collects those that the calls need, by name."""

    def __init__(self, tree: SourceTree, config: PelicanSettings, notes: ImportNotes) -> None:
        self._tree = tree
        self._notes = notes
        self.templates: dict[str, str] = {}
        self._code = posixpath.join(config.content, config.text("CODE_DIR", "code").strip("/"))
        self._tags: Mapping[str, Callable[[list[str]], str]] = {
            "img": _image, "youtube": partial(self._hosted_video, "youtube"),
            "vimeo": partial(self._hosted_video, "vimeo"), "video": _video_file,
            "include_code": self._include, "gist": _gist,
        }  # fmt: skip

    def convert(self, text: str, page: ImportedPage) -> str:
        """Convert the known tags of a text. Others become comments, with a finding."""

        def in_words(words: str, start: int) -> str:
            def inner(match: re.Match[str]) -> str:
                converted = self._converted(match["name"], match["rest"])
                if not converted:
                    line = line_at(words, match.start(), start)
                    what = f"the tag {match['name']} of a plugin is not known, and became a comment"
                    self._notes.add(Topic.CODE, what, page.origin, line)
                return converted or f"<!-- {match[0]} -->"

            return _TAG.sub(inner, words)

        return map_outside_code(text, page.line, in_words) if "{%" in text else text

    def _converted(self, name: str, rest: str) -> str:
        if name not in self._tags:
            return ""
        try:
            words = shlex.split(rest)
        except ValueError:
            return ""
        return self._tags[name](words) if words else ""

    def _hosted_video(self, name: str, words: list[str]) -> str:
        self.templates.setdefault(name, TEMPLATES[name])
        return inline_call(name, {"id": words[0]})

    def _include(self, words: list[str]) -> str:
        """The included code, with its path as the title."""
        path = words[0]
        name = posixpath.normpath(posixpath.join(self._code, path))
        code = self._tree.text_if_readable(name)
        if code is None:
            return ""
        code = code.rstrip("\n")
        language = next((word[5:] for word in words if word.startswith("lang:")), "")
        fence = fence_for(code)
        shown = language or posixpath.splitext(path)[1][1:]
        return f'{fence}{shown} {{title="{path}"}}\n{code}\n{fence}'


def _image(words: list[str]) -> str:
    """`[class ...] /path [width [height]] [title [alt]]`."""
    place = next((number for number, word in enumerate(words) if _URL.match(word)), None)
    if place is None:
        return ""
    texts = [word for word in words[place + 1 :] if not word.isdigit()]
    alt = texts[1] if len(texts) > 1 else texts[0] if texts else ""
    return f"![{alt.replace(']', '')}]({words[place].replace(' ', '%20')})"


def _gist(words: list[str]) -> str:
    return f'<script src="https://gist.github.com/{words[0]}.js"></script>'


def _video_file(words: list[str]) -> str:
    sources = [word for word in words if _URL.match(word) and "." in word]
    videos = [word for word in sources if not word.endswith((".png", ".jpg", ".jpeg"))]
    if not videos:
        return ""
    inner = "".join(f'<source src="{video}">' for video in videos)
    return f'<video controls preload="none">{inner}</video>'
