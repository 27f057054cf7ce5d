"""Cache tags: short names for what an answer depends on.

A cache keeps an answer with its tags, and forgets all answers with a tag when that tag is purged.
Nobody writes these tags: they follow from the questions that a page asked of the site database
(`recorder`). A build writes a table of all tags, each with a hash of what it stands for
(`ssg.build.tag_table`), so the tags that differ between two builds are those to purge.

A dependency has a kind and a name: `("row", "/blog/post/")` is what other pages show of a page. Its
tag is `KIND:HEX`, the first ten hex digits of the SHA-256 of the name. The rule for tags is: if the
answer to a question differs between two databases, the hash of one of its dependencies differs.

| kind | name | what it stands for |
|---|---|---|
| `page` | path | all of the page itself: row, text, neighbours, terms, assets, caching |
| `row` | path | the columns of the page that other pages show |
| `pages`, `rows` | folder, or `*` | all `page` or `row` of the pages in a folder, or of the site |
| `list` | question and arguments, or `*` | the members of a list, in order |
| `count` | as `list` | their number |
| `first` | as `list` | the first 50 of them |
| `part` | as `list`, and a number | 25 members from a position, in order, and their `row` |
| `newest` | as `list` | the first 50 with a date, newest first |
| `shown` | as `list` | the `row` of every member |
| `template` | name and layer, or `*` | the text of the nearest template |
| `data`, `file` | name or path, or `*` | a data file |
| `messages` | language, or `*` | all translated texts of a language |
| `query`, `schema` | name, or `*` | a query of `queries/`; a schema of data |
| `source`, `published` | number of a bucket, or `*` | sources and assets; copied files |
| `picture` | the same | pictures and recipes of their variants |
| `menus`, `now`, `site`, `any` | | menus; time and id of the build; settings and code; everything |

An answer has at most 50 tags. If there are more, dependencies are folded into wider ones, always in
the same order: rows of pages into their folders, then into the site, then each kind into `*`, then
everything into `any`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple
from unicodedata import normalize
from zlib import crc32

from ssg.model.queries.questions import Question
from ssg.model.queries.site import Site
from ssg.render.dependencies.recorder import AskedQuestion, QuestionRecorder

MAX_TAGS = 50
"""CloudFront keeps no more tags of a response; other hosts keep at least as many."""
FIRST = 50
"""The length of the beginning of a list that has tags of its own."""
PART = 25
"""The length of the parts of a list that have tags of their own."""
MAX_PARTS = 5
"""Of a list that shows more parts, a page depends on the whole list."""
SHORT_ANSWER_ROWS = 10
"""Of a longer answer, tags name parts of the list and not each row."""
BUCKETS = 4096
"""Sources and published files are many and seldom asked for, so they share tags."""
ALL = "*"
"""The name of a dependency on everything of a kind."""

HASH_BYTES = 5
"""Of the hash of a name: of 100,000 pages two share a tag once in 200 sites."""
_CACHED_QUESTIONS = 8192
"""Most pages ask the same questions."""


class Dependency(NamedTuple):
    """What an answer depends on."""

    kind: str
    name: str = ""

    @property
    def tag(self) -> str:
        """The tag of it."""
        return tag_of(self.kind, name_hash(self.name)) if self.name else self.kind


SITE, MENUS, NOW, ANY = map(Dependency, ("site", "menus", "now", "any"))
_WIDER = {"row": "rows", "page": "pages"}
KINDS = (
    *("page", "row", "pages", "rows", "list", "count", "first", "newest", "part", "shown"),
    *("template", "data", "file", "messages", "source", "published", "menus", "now", "site", "any"),
    *("query", "schema", "picture"),
)
"""All kinds. A number in a published table means a place in here: append only."""


def name_hash(name: str) -> bytes:
    """The hash of a name in a tag."""
    text = name if name.isascii() else normalize("NFC", name)
    return hashlib.sha256(text.encode()).digest()[:HASH_BYTES]


def tag_of(kind: str, hashed: bytes) -> str:
    """The tag of a kind, with the hash of a name."""
    return f"{kind}:{hashed.hex()}"


def page_tag(path: str) -> str:
    """The tag of every answer at a decoded path, also that there is no page (`lib/paths.js`)."""
    return Dependency("page", path).tag


def build_tag(build_id: str) -> str:
    """The tag of all answers of one build."""
    return f"build:{build_id}"


def bucket_of(name: str) -> str:
    """The bucket of a source, a published file, a picture or a recipe."""
    return str(crc32(name.encode()) % BUCKETS)


def folder_of(path: str) -> str:
    """The folder that a page is in: `/blog/` of `/blog/post/` and of `/blog/post.html`."""
    return path.rstrip("/").rpartition("/")[0] + "/"


def tags_of(
    asked: Iterable[AskedQuestion], path: str, build_id: str, own: Sequence[str] = ()
) -> tuple[str, ...]:
    """The tags of the answer at a path, sorted: at most 50, all of which are needed.

    `asked` is what a `TagRecorder` recorded; `own` are tags from the front matter.
    """
    base = {page_tag(path), SITE.tag, build_tag(build_id), *own}
    tags = base.union(*map(_tags_of_question, asked))
    tags.discard(_row_tag(path))
    if len(tags) > MAX_TAGS:
        tags = base | _folded(asked, path, MAX_TAGS - len(base))
    return tuple(sorted(tags))


def dependencies_of(asked: Iterable[AskedQuestion]) -> set[Dependency]:
    """What the tags of some questions stand for, before they are folded."""
    return {one for question in asked for one in _dependencies(question)}


class TagRecorder(QuestionRecorder):
    """Records what tags need: questions whose answer says more than the question are replaced.

    `("rows", ...)` of such a list asks for its members and their columns.
    """

    def asked(self, site: Site, question: Question, values: tuple[Any, ...], answer: Any) -> None:
        """Record a question."""
        name = question.name
        if name not in _RECORDED_OTHERWISE or not answer:
            super().asked(site, question, values, answer)
        elif name in _BY_SOURCE:
            found = "page" if name == "page_from" else "assets"
            self._asked.add((found, self._path_of(site, answer[0])))  # an id is the first column
        elif name in _LONG_LISTS and len(answer) > SHORT_ANSWER_ROWS:
            self._paths.update((page.id, page.path) for page in answer)
            self._asked.add(("rows", *self._as_asked(site, question, values)))
        else:
            super().asked(site, question, values, answer)
        if name == "related":
            self._asked.update(("pages_with", path) for path in site.term_paths_of(values[0]))


# -- from questions to dependencies ------------------------------------------------------------

SLICES = frozenset({"pages", "pages_in", "pages_with"})
"""Questions for a slice of a list."""
_LONG_LISTS = SLICES | {"pages_between"}
_BY_SOURCE = frozenset({"page_from", "asset_from"})
_RECORDED_OTHERWISE = _LONG_LISTS | _BY_SOURCE
_Rule = Callable[[Sequence[Any]], Iterable[Dependency]]


def _always(*dependencies: Dependency) -> _Rule:
    return lambda _: dependencies


def _named(kind: str) -> _Rule:
    """The first argument is the name."""
    return lambda values: (Dependency(kind, str(values[0])),)


def _bucket(kind: str) -> _Rule:
    return lambda values: (Dependency(kind, bucket_of(values[0])),)


def _list(question: str, arguments: int = 0) -> _Rule:
    """A whole list, named by some arguments, which have '' as default."""
    return lambda values: (
        Dependency("list", list_name(question, *_filled(values[:arguments], *[""] * arguments))),
    )


def _count(question: str) -> _Rule:
    return lambda values: (Dependency("count", list_name(question, *_filled(values, ""))),)


def _slice(name: str) -> _Rule:
    """A slice of a list."""
    return lambda values: (_of_slice(name, values),)


def _of_slice(name: str, values: Sequence[Any]) -> Dependency:
    of, offset, limit = _bounds(name, values)
    kind = "first" if limit >= 0 and offset + limit <= FIRST else "list"
    return Dependency(kind, list_name(name, of))


def _bounds(name: str, values: Sequence[Any]) -> tuple[str, int, int]:
    """What a list is of (a section, a term, a language), and offset and limit of a slice."""
    if name == "pages":
        offset, limit, of = _filled(values, 0, -1, "")
    else:
        of, offset, limit = _filled(values, "", 0, -1)
    return of, offset, limit


def _newest(values: Sequence[Any]) -> Iterable[Dependency]:
    limit, section, language = _filled(values, 0, None, "")
    of = ("pages", language) if section is None else ("pages_in", section)
    return (Dependency("newest" if limit <= FIRST else "list", list_name(*of)),)


def _newest_with(values: Sequence[Any]) -> Iterable[Dependency]:
    term, limit = values
    return (Dependency("newest" if limit <= FIRST else "list", list_name("pages_with", term)),)


def _between(values: Sequence[Any]) -> Iterable[Dependency]:
    after, until, _, _, language = _filled(values, 0, 0, 0, -1, "")
    return (Dependency("list", list_name("pages_between", language, after, until)),)


def _terms(values: Sequence[Any]) -> Iterable[Dependency]:
    taxonomy, by_count, language = _filled(values, "", False, "")
    question = "terms_by_count" if by_count else "terms"
    return (Dependency("list", list_name(question, taxonomy, language)),)


def _template(values: Sequence[Any]) -> Iterable[Dependency]:
    name, layer = _filled(values, "", 0)
    return (Dependency("template", f"{name}@{layer}"),)


def _rows(values: Sequence[Any]) -> Iterable[Dependency]:
    """The columns of all pages in a long answer, and for a slice of a list its members, too."""
    name, *rest = values
    if name in SLICES:
        return _rows_of_slice(name, rest)
    if name == "pages_between":
        (one,) = _between(rest)
        return (one, one._replace(kind="shown"))
    return () if name in _WITHOUT_PAGES else (Dependency("rows", ALL),)


def _rows_of_slice(name: str, values: Sequence[Any]) -> Iterable[Dependency]:
    of, offset, limit = _bounds(name, values)
    whole = list_name(name, of)
    parts = range(offset // PART, -(-(offset + limit) // PART))
    if limit < 0 or len(parts) > MAX_PARTS:
        return (Dependency("list", whole), Dependency("shown", whole))
    return (Dependency("part", list_name(whole, number)) for number in parts)


def list_name(question: str, *arguments: Any) -> str:
    """The name of a list: the question, and the arguments that select the list."""
    return "/".join([question, *(str(one) for one in arguments)])


def _filled(values: Sequence[Any], *defaults: Any) -> tuple[Any, ...]:
    """All arguments of a question; `defaults` for those that are left out at the end."""
    return tuple(chain(values, defaults[len(values) :]))


_PAGE, _ANYTHING = _named("page"), _always(ANY)
_WITHOUT_PAGES = frozenset(
    {"addresses", "alternates", "assets", "data_names", "error_paths", "file_paths", "sources"}
    | {"fingerprinted_paths", "message_keys", "published_paths", "query_names", "template_names"}
    | {"terms", "terms_of", "critical_pages", "deferred_paths", "deferrals", "module_names"}
    | {"left_out_pages", "templates"}
)
"""Long answers of plain values or terms, which the dependency of the question contains."""

_OF_BUILDS = (
    *("critical_pages", "deferred_paths", "deferred_pages", "deferrals", "newest_deferred"),
    *("left_out_pages", "list_kinds", "block_of", "offloaded_block", "pages_with_text"),
    *("section_titles", "known_paths", "critical_live_pages", "count_live_paths"),
    "live_alternates",
)
"""Questions that builds, functions and sitemaps ask, not other pages."""
_RULES: Mapping[str, _Rule] = {
    "rows": _rows,
    "now": _always(NOW),
    "build_id": _always(NOW),
    "build_time": _always(NOW),
    "menus": _always(MENUS),
    # one page
    "page": _named("row"),
    "term": _named("row"),
    "page_from": _bucket("source"),
    "asset_from": _bucket("source"),
    "body": _PAGE,
    "words": _PAGE,
    "assets": _PAGE,
    "before": _PAGE,
    "after": _PAGE,
    "newer": _PAGE,
    "older": _PAGE,
    "terms_of": _PAGE,
    "related": _PAGE,  # and the lists of the terms, which TagRecorder adds
    "translations": _PAGE,
    "translation": _PAGE,
    "alternates": _PAGE,
    # lists
    "pages": _slice("pages"),
    "pages_in": _slice("pages_in"),
    "pages_with": _slice("pages_with"),
    "pages_between": _between,
    "count_pages": _count("pages"),
    "count_in": _count("pages_in"),
    "page_count": _count("pages_with"),
    "newest": _newest,
    "newest_with": _newest_with,
    "sections_in": _list("sections_in", 1),
    "feed_of": _list("feed_of", 1),
    "archives": _list("archives", 1),
    "feeds": _list("feeds", 1),
    "terms": _terms,
    "all_pages": _list("all_pages"),
    "addresses": _list("addresses"),
    "sitemaps": _list("sitemaps"),
    "sources": _always(Dependency("source", ALL)),
    "error_paths": _list("error_paths"),
    # files
    "template": _template,
    "templates": _always(Dependency("template", ALL)),
    "template_names": _always(Dependency("template", ALL)),
    "data": _named("data"),
    "data_names": _always(Dependency("data", ALL)),
    "file": _named("file"),
    "file_paths": _always(Dependency("file", ALL)),
    "message": _named("messages"),
    "message_keys": _always(Dependency("messages", ALL)),
    "query": _named("query"),
    "query_names": _always(Dependency("query", ALL)),
    "published": _bucket("published"),
    "picture": _bucket("picture"),
    "has_recipe": _bucket("picture"),
    "published_paths": _always(Dependency("published", ALL)),
    "fingerprinted_paths": _always(Dependency("published", ALL)),
    "module": _always(SITE),
    "module_names": _always(SITE),
    **dict.fromkeys(_OF_BUILDS, _ANYTHING),
}
"""What each question depends on. A question that is not here depends on everything."""


def _dependencies(asked: AskedQuestion) -> Iterable[Dependency]:
    return _RULES.get(asked[0], _ANYTHING)(asked[1:])


@lru_cache(maxsize=_CACHED_QUESTIONS)
def _tags_of_question(asked: AskedQuestion) -> tuple[str, ...]:
    return tuple(one.tag for one in _dependencies(asked))


@lru_cache(maxsize=_CACHED_QUESTIONS)
def _row_tag(path: str) -> str:
    return Dependency("row", path).tag


# -- folding -----------------------------------------------------------------------------------


def _folded(asked: Iterable[AskedQuestion], path: str, limit: int) -> set[str]:
    """The tags of wider dependencies, until there are at most `limit`."""
    found = dependencies_of(asked) - {Dependency("page", path), Dependency("row", path), SITE}
    for fold in (_in_folder, _in_site, _of_kind):
        found = set(map(fold, found))
        if len(found) <= limit:
            return {one.tag for one in found}
    return {ANY.tag}


def _in_folder(one: Dependency) -> Dependency:
    wider = _WIDER.get(one.kind)
    return Dependency(wider, folder_of(one.name)) if wider else one


def _in_site(one: Dependency) -> Dependency:
    return Dependency(one.kind, ALL) if one.kind in _WIDER.values() else one


def _of_kind(one: Dependency) -> Dependency:
    return Dependency(one.kind, ALL) if one.name else one
