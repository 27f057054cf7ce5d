"""Front matter -> facts."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.source.document import Diagnostics, SourceDocument
from ssg.content.source.document_reader import DocumentReader
from ssg.content.source.front_matter import FrontMatterError, parse
from ssg.content.source.front_matter_keys import ALIASES, KNOWN_KEYS
from ssg.model.page import DeferOverride
from ssg.model.settings import SiteSettings, TaxonomySettings

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
SETTINGS = SiteSettings(timezone="Europe/Paris")


def _read(
    header: str, name: str = "a.md", settings: SiteSettings = SETTINGS
) -> tuple[SourceDocument, Diagnostics]:
    diagnostics = Diagnostics()
    source = parse(f"---\n{header}\n---\ntext".encode(), f"content/{name}")
    return DocumentReader(settings).read(source, name, diagnostics), diagnostics


def _faults(header: str, name: str = "a.md") -> list[str]:
    return [str(problem) for problem in _read(header, name)[1].problems]


def _warnings(header: str, name: str = "a.md") -> list[str]:
    _, diagnostics = _read(header, name)
    assert diagnostics.problems == []
    return [str(warning) for warning in diagnostics.warnings]


@pytest.mark.parametrize(
    ("header", "moment"),
    [
        ("date: 2024-01-31", dt.datetime(2024, 1, 31, tzinfo=PARIS)),
        ("date: '2024-01-31'", dt.datetime(2024, 1, 31, tzinfo=PARIS)),
        ("date: 2024-01-31 08:30:00", dt.datetime(2024, 1, 31, 8, 30, tzinfo=PARIS)),
        ("date: 2024-01-31T08:30:00Z", dt.datetime(2024, 1, 31, 9, 30, tzinfo=PARIS)),
        ("date: 2024-07-31T08:30:00Z", dt.datetime(2024, 7, 31, 10, 30, tzinfo=PARIS)),
        ("date: 2024-01-31T08:30:00-05:00", dt.datetime(2024, 1, 31, 14, 30, tzinfo=PARIS)),
        ("date: '2024-01-31T08:30'", dt.datetime(2024, 1, 31, 8, 30, tzinfo=PARIS)),
        ("date: ''", None),
        ("date: ~", None),
        ("title: x", None),
    ],
)
def test_a_date_is_a_moment_in_the_sites_zone(header: str, moment: dt.datetime | None) -> None:
    assert _read(header)[0].date == (moment.isoformat() if moment else None)


def test_a_file_name_may_hold_the_date() -> None:
    day = "2024-01-31T00:00:00+01:00"
    assert _read("", "blog/2024-01-31-hello.md")[0].date == day
    dated = _read("date: 2020-01-01", "2024-01-31-x.md")[0]
    assert dated.date == "2020-01-01T00:00:00+01:00"
    assert _read("", "2024-13-45-x.md")[0].date is None
    assert _read("", "2024-01-31.md")[0].date is None
    assert _read("", "blog/2024-01-31-trip/index.md")[0].date == day


def test_toml_dates_are_dates() -> None:
    source = parse(b"+++\ndate = 2024-01-31\nupdated = 2024-02-01T00:00:00Z\n+++\n", "a.md")
    document = DocumentReader(SETTINGS).read(source, "a.md", Diagnostics())
    assert document.date == "2024-01-31T00:00:00+01:00"
    assert document.updated == "2024-02-01T01:00:00+01:00"


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("date: soon", '"date" must be a date, not the text "soon". Write it as 2026-01-31'),
        ("date: 20240131", '"date" must be a date, not the number 20240131'),
        ("date: [2024]", '"date" must be a date, not a list'),
        ("date: 9999-12-31T23:59:59-12:00", '"date" must be a date'),
        ("title: 2024", '"title" must be a text, not the number 2024. Put quotes around it'),
        ("title: 2024-01-31", '"title" must be a text, not a date. Put quotes'),
        ("title: yes", '"title" must be a text, not true. Put quotes'),
        ("title: [a]", '"title" must be a text, not a list'),
        ("slug: 404", '"slug" must be a text, not the number 404. Put quotes'),
        ("slug: a/b", '"slug" contains a slash; use path'),
        ("slug: ..", '"slug" leaves the publish folder: ".."'),
        ("slug: 'a?b'", "\"slug\" contains '?'"),
        ("path: ../x", '"path" leaves the publish folder: "../x"'),
        ("path: a/../../x", '"path" leaves the publish folder'),
        ("aliases: [/ok/, ../x]", 'the alias "../x" leaves the publish folder'),
        ("aliases: {a: b}", '"aliases" must be a list of texts, not a table'),
        ("weight: heavy", '"weight" must be a whole number, not the text "heavy"'),
        ("weight: 1.5", '"weight" must be a whole number, not the number 1.5'),
        ("weight: 99999999999999999999", '"weight" is 99999999999999999999, but must be at most'),
        ("weight: true", '"weight" must be a whole number, not true'),
        ("Draft: 'no'", '"draft" must be true or false, not the text "no"'),
        ("status: drafd", 'unknown status "drafd". Did you mean "draft"?'),
        ("published: soon", '"published" must be a date, not the text "soon"'),
        ("draft: 'yes'", '"draft" must be true or false, not the text "yes"'),
        ("ttl: 0", '"ttl" is 0, but must be at least 1'),
        ("deferred: {ttl: 0}", '"ttl" is 0, but must be at least 1'),
        ("deferred: {tll: 60}", 'unknown key "tll". Did you mean "ttl"?'),
        ("deferred: soon", '"deferred" must be true or false, not the text "soon"'),
        ("tags: [a, {b: c}]", '"tags" must be a list of texts, but contains a table'),
        ("tags: [no]", '"tags" must be a list of texts, but contains false. Put quotes'),
        ("tags: 2024", '"tags" must be a list of texts, not the number 2024'),
        ("authors: 5", '"authors" must be a list of texts, not the number 5'),
        ("taxonomies: {nope: [a]}", 'unknown key "nope"'),
        ("extra: [a]", '"extra" must be a table, not a list'),
        ("extra: {a: !!binary aGk=}", '"a" has a value that JSON cannot hold: type bytes'),
        ("extra: {2024-01-01: x}", "has a value that JSON cannot hold: keys must be str"),
    ],
)
def test_a_wrong_value_is_told_on_its_line(header: str, fault: str) -> None:
    (line,) = _faults(f"description: d\n{header}")
    assert line.startswith("content/a.md:3:")
    assert line.partition(": ")[2].startswith(fault) or fault in line


def test_all_wrong_values_are_told_at_once() -> None:
    assert len(_faults("title: 1\nslug: 2\ndate: x\nweight: x\nttl: 0")) == 5


@pytest.mark.parametrize(("alias", "key"), ALIASES.items())
def test_an_alias_is_its_key(alias: str, key: str) -> None:
    values = {"updated": "2024-01-31", "publish_date": "2024-01-31", "expiry_date": "2024-01-31"}
    value = {"extra": "{a: 1}"}.get(key, values.get(key, "x"))
    assert _read(f"{alias}: {value}")[0] == _read(f"{key}: {value}")[0] != _read("")[0]
    assert key in KNOWN_KEYS


def test_a_wrong_alias_is_told_under_the_name_that_was_written() -> None:
    assert _faults("a: b\nlastmod: never")[0].startswith("content/a.md:3:1: ")


@pytest.mark.parametrize(
    ("header", "defer_override"),
    [
        ("deferred: true", DeferOverride(deferred=True)),
        ("deferred: false", DeferOverride(deferred=False)),
        ("deferred: true\nttl: 90", DeferOverride(90, deferred=True)),
        ("deferred: {ttl: 60}", DeferOverride(60, deferred=True)),
        ("deferred: {ttl: 60}\nttl: 90", DeferOverride(60, deferred=True)),
        ("deferred: {}", DeferOverride(deferred=True)),
        ("ttl: 60", DeferOverride(60)),
        ("stale: 1d", DeferOverride(stale_seconds=86_400)),
        ("stale: 0", DeferOverride(stale_seconds=0)),
        ("cache_tags: [a, b, a]", DeferOverride(cache_tags=("a", "b"))),
        ("cache_tags: a, b", DeferOverride(cache_tags=("a", "b"))),
        ("cache_tags: []", DeferOverride(cache_tags=())),
        (
            "deferred: {ttl: 2h, stale: 5}\nstale: 6\ncache_tags: c",
            DeferOverride(7200, 5, ("c",), deferred=True),
        ),
        ("deferred:", None),
        ("title: x", None),
    ],
)
def test_a_page_may_ask_to_be_deferred(header: str, defer_override: DeferOverride | None) -> None:
    assert _read(header)[0].defer_override == defer_override


def test_a_section_says_how_its_pages_are_listed() -> None:
    header = (
        "sort_by: weight\npaginate_by: 5\npage_template: post.html\ngenerate_feeds: true\n"
        "cascade: {deferred: true, ttl: 60}"
    )
    section = _read(header, "blog/_index.md")[0].section
    assert section is not None
    assert (section.sort_by, section.paginate_by) == ("weight", 5)
    assert section.generate_feeds


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("sort_by: dat", 'a section cannot be sorted by "dat". Did you mean "date"?'),
        ("sort_by: size", "One of date, title, weight, slug"),
        (
            "redirect_to: elsewhere",
            '"redirect_to" is not a path, a file or a URL: "elsewhere". Write /path/',
        ),
        ("paginate_path: a/b", '"paginate_path" contains a slash'),
        ("transparent: maybe", '"transparent" must be true or false'),
        ("paginate_by: -1", '"paginate_by" is -1, but must be at least 0'),
    ],
)
def test_a_wrong_section_is_told(header: str, fault: str) -> None:
    (line,) = _faults(header, "_index.md")
    assert line.startswith("content/_index.md:2:")
    assert fault in line


def test_unknown_keys_are_the_sites_own_and_slips_are_warned_of() -> None:
    document, diagnostics = _read("titel: x\nmastodon: y\nextra: {z: 1}")
    assert json.loads(document.front) == {"extra": {"titel": "x", "mastodon": "y", "z": 1}}
    assert [str(warning) for warning in diagnostics.warnings] == [
        'content/a.md:2:1: unknown key "titel". Did you mean "title"?'
    ]


@pytest.mark.parametrize(
    "key", ["featured", "images", "linkTitle", "math", "position", "series", "subtitle"]
)
def test_a_key_of_other_sites_is_no_slip(key: str) -> None:
    assert _warnings(f"{key}: x") == []


@pytest.mark.parametrize("key", ["autor", "dat", "descripton", "sortby", "wieght"])
def test_a_slip_is_warned_of(key: str) -> None:
    (line,) = _warnings(f"{key}: x")
    assert line.startswith(f'content/a.md:2:1: unknown key "{key}". Did you mean')


def test_a_key_of_sections_has_no_effect_in_a_page() -> None:
    assert _warnings("sort_by: date") == [
        'content/a.md:2:1: "sort_by" has an effect in _index.md only'
    ]


@pytest.mark.parametrize(
    ("header", "terms"),
    [
        ("tags: a, b", {"tags": ["a", "b"]}),
        ("tags: [a, b, a]", {"tags": ["a", "b"]}),
        ("tags: [2024, C++]", {"tags": ["2024", "C++"]}),
        ("category: x", {"categories": ["x"]}),
        ("taxonomies: {tags: [z]}\ntags: [a]", {"tags": ["a", "z"]}),
        ("tags: []", {"tags": []}),
        ("tags: ~", {"tags": []}),
        ("title: x", {}),
    ],
)
def test_terms_come_from_every_known_place(header: str, terms: dict[str, list[str]]) -> None:
    assert _read(header)[0].terms == terms


def test_terms_are_those_of_the_sites_taxonomies() -> None:
    settings = SiteSettings(taxonomies={"series": TaxonomySettings()})
    document = _read("series: s\ntags: t", settings=settings)[0]
    assert document.terms == {"series": ["s"]}
    assert json.loads(document.front) == {"extra": {"tags": "t"}}


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("draft: true", "draft"),
        ("Draft: true", "draft"),
        ("status: draft", "draft"),
        ("status: Draft", "draft"),
        ("draft: true\npublished: true\nstatus: published", "draft"),
        ("status: hidden", "status: hidden"),
        ("status: skip", "status: skip"),
        ("published: false", "published: false"),
        ("draft: false\nstatus: hidden", "status: hidden"),
        ("draft: false", ""),
        ("status: published", ""),
        ("published: true", ""),
        ("published: 2020-01-01", ""),
        ("a: b", ""),
    ],
)
def test_a_page_is_kept_back_by_the_word_of_any_generator(header: str, reason: str) -> None:
    assert _read(header)[0].withheld == reason


def test_published_is_a_date_in_hugo() -> None:
    moment = "2024-01-31T00:00:00+01:00"
    assert _read("published: 2024-01-31")[0].publish_date == moment
    assert _read("published: 2020-01-01\npublish_date: 2024-01-31")[0].publish_date == moment
    assert _read("published: true\npublishDate: 2024-01-31")[0].publish_date == moment


def test_of_two_names_ours_wins_and_lists_are_joined() -> None:
    assert _read("lastmod: 2020-01-01\nupdated: 2024-01-31")[0] == _read("updated: 2024-01-31")[0]
    assert _read("permalink: /b/\nurl: /a/\nsave_as: c/index.html")[0].path == "/a/"
    assert _read("category: a\ncategories: [b]")[0].terms == {"categories": ["b", "a"]}
    assert _read("save_as: a/b/index.html")[0].path == "a/b/"


def test_a_slug_and_a_path_have_one_form() -> None:
    assert _read("slug: e\u0301")[0].slug == "é"


header_lines = st.lists(
    st.tuples(
        st.sampled_from(sorted(KNOWN_KEYS | ALIASES.keys())),
        st.sampled_from(
            ["", "x", "1", "-1", "true", "[a, 1, true]", "{ttl: 60}", "2024-01-31", "~", "'é/..'",
             "1e400", ".nan", "2024-01-31T99:00:00Z", "!!binary x", "[[]]", "{1: {2: 3}}"]
        ),
    )
)  # fmt: skip


@given(header_lines, st.sampled_from(["a.md", "_index.md", "b/index.md", "2024-01-01-x.md"]))
def test_no_front_matter_raises(lines: list[tuple[str, str]], name: str) -> None:
    header = "\n".join(f"{key}: {value}" for key, value in lines)
    try:
        _, diagnostics = _read(header, name)
    except FrontMatterError:
        return
    for problem in (*diagnostics.problems, *diagnostics.warnings):
        assert problem.where is not None
        assert problem.where.path == f"content/{name}"
