"""A site in several languages: where its pages are, what they share, what stands in for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.config.load import Project
from ssg.content.site_structure import make_site_structure
from ssg.content.source.document import Diagnostics, SourceDocument
from ssg.content.source.document_reader import DocumentReader
from ssg.content.source.source_files import ContentFolder
from ssg.model.page import Page, PageKind
from ssg.model.settings import LanguageSettings, Settings, SiteSettings
from tests.conftest import Built
from tests.examples import examples

_NOWHERE = Path("/nowhere")
CONFIG = 'theme = ""\nbase_url = "https://example.org/"\n'
FRENCH = CONFIG + '[languages.fr]\nname = "Français"\n'
WHOLE = FRENCH + "fallback = true\n"

Site = Callable[..., Built]


def _paths(built: Built, language: str) -> list[str]:
    pages = (page for page in built.site.all_pages() if page.language == language)
    return [page.path for page in pages if page.kind in {"page", "fallback", "section"}]


def _translations(built: Built, path: str) -> Mapping[str, str]:
    return dict(built.site.alternates(path))


# -- names of files ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["blog/post.fr.md", "fr/blog/post.md", "fr/blog/post.fr.md"])
def test_a_name_or_a_folder_says_the_language(site: Site, name: str) -> None:
    built = site({"ssg.toml": FRENCH, "content/blog/post.md": "x", f"content/{name}": "y"})
    page = built.page("/fr/blog/post/")
    assert (page.language, page.source) == ("fr", name)
    assert _translations(built, "/blog/post/") == {"": "/blog/post/", "fr": "/fr/blog/post/"}
    assert built.read("fr/blog/post/index.html") == "Post|<p>y</p>\n"


@pytest.mark.parametrize("name", ["post.md", "post.en.md", "en/post.md"])
def test_the_default_language_may_be_named_as_well(site: Site, name: str) -> None:
    built = site({"ssg.toml": FRENCH, f"content/{name}": "x", "content/post.fr.md": "y"})
    assert built.page("/post/").source == name
    assert _translations(built, "/post/") == {"": "/post/", "fr": "/fr/post/"}


def test_a_site_of_one_language_has_no_other_names(site: Site) -> None:
    built = site({"content/post.fr.md": "x", "content/fr/post.md": "y"})
    assert {"/post.fr/", "/fr/post/"} <= set(built.paths)
    assert built.report.warnings == ()


def test_a_name_that_looks_like_a_language_is_warned_of(site: Site) -> None:
    files = {"content/a.md": "", "content/a.de.md": "", "content/socket.io.md": ""}
    assert [str(warning) for warning in site(files).report.warnings] == [
        'content/a.de.md: "de" is not a language of this site, so it is part of the name. '
        "Add [languages.de] if it is one"
    ]


def test_where_there_are_languages_every_other_one_is_warned_of(site: Site) -> None:
    config = CONFIG + "[languages.pt-BR]\n"
    files = {"content/a.pt-br.md": "", "content/b.v2.md": "", "content/c.md": ""}
    assert [str(warning) for warning in site({"ssg.toml": config, **files}).report.warnings] == [
        'content/a.pt-br.md: "pt-br" is not a language of this site, so it is part of the name. '
        'Did you mean "pt-BR"?'
    ]


# -- where pages are ---------------------------------------------------------------------------


def test_each_language_has_its_folder(site: Site) -> None:
    config = CONFIG + '[languages.fr]\npath = "francais"\n[languages.pt-BR]\n'
    names = ("a.md", "a.fr.md", "a.pt-BR.md")
    built = site({"ssg.toml": config, **{f"content/{name}": "" for name in names}})
    assert _paths(built, "") == ["/", "/a/"]
    assert _paths(built, "fr") == ["/francais/", "/francais/a/"]
    assert _paths(built, "pt-BR") == ["/pt-BR/", "/pt-BR/a/"]


def test_a_root_that_no_language_has_leads_to_the_default_one(site: Site) -> None:
    config = CONFIG + '[languages.en]\npath = "en"\n[languages.fr]\n'
    built = site({"ssg.toml": config, "content/a.md": "", "content/a.fr.md": ""})
    assert _paths(built, "") == ["/en/", "/en/a/"]
    assert 'url=https://example.org/en/"' in built.read("index.html")
    assert {"404.html", "en/404.html", "fr/404.html", "sitemap.xml"} <= set(built.files)
    assert "en/sitemap.xml" not in built.files


def test_a_translation_has_its_own_slug_path_and_aliases(site: Site) -> None:
    built = site(
        {
            "ssg.toml": FRENCH,
            "content/about.md": "",
            "content/about.fr.md": "---\nslug: à-propos\naliases: [/vieux/]\n---\n",
            "content/b.fr.md": "---\npath: /loin/d/ici/\n---\n",
        }
    )
    assert _translations(built, "/about/") == {"": "/about/", "fr": "/fr/à-propos/"}
    assert "/fr/loin/d/ici/" in _paths(built, "fr")
    assert "/fr/%C3%A0-propos/" in built.read("vieux/index.html")


def test_permalinks_are_below_the_folder_of_the_language(site: Site) -> None:
    config = CONFIG + '[permalinks]\nblog = "/:year/:section/:slug/"\n[languages.fr]\n'
    files = {"content/blog/2025-03-04-a.md": "", "content/fr/blog/2025-03-04-a.md": ""}
    built = site({"ssg.toml": config, **files})
    assert {"/2025/blog/a/", "/fr/2025/blog/a/"} <= set(built.paths)


def test_a_problem_names_the_real_file(problems: Callable[..., list[str]]) -> None:
    config = CONFIG + '[permalinks]\nblog = "/:year/:slug/"\n[languages.fr]\n'
    (line,) = problems({"ssg.toml": config, "content/blog/a.fr.md": ""})
    assert line.startswith("content/blog/a.fr.md: the permalink")


# -- what belongs together ---------------------------------------------------------------------


def test_a_key_joins_pages_of_other_names(site: Site) -> None:
    built = site(
        {
            "ssg.toml": FRENCH + "[languages.de]\n",
            "content/one.md": "",
            "content/un.fr.md": "---\ntranslation_key: one.md\n---\n",
            "content/deux.fr.md": "---\ntranslationKey: two\n---\n",
            "content/zwei.de.md": "---\ntranslation_key: two\n---\n",
        }
    )
    assert _translations(built, "/one/") == {"": "/one/", "fr": "/fr/un/"}
    assert _translations(built, "/fr/deux/") == {"de": "/de/zwei/", "fr": "/fr/deux/"}


def test_sections_terms_and_archives_are_translations(site: Site) -> None:
    text = "---\ndate: 2025-01-01\ntags: [Sea]\n---\n"
    config = CONFIG + '[archive]\npath = "years"\n[languages.fr.taxonomies.tags]\npath = "mots"\n'
    built = site({"ssg.toml": config, "content/b/a.md": text, "content/b/a.fr.md": text})
    assert _translations(built, "/") == {"": "/", "fr": "/fr/"}
    assert _translations(built, "/b/") == {"": "/b/", "fr": "/fr/b/"}
    assert _translations(built, "/tags/") == {"": "/tags/", "fr": "/fr/mots/"}
    assert _translations(built, "/tags/sea/") == {"": "/tags/sea/", "fr": "/fr/mots/sea/"}
    assert _translations(built, "/years/2025/") == {"": "/years/2025/", "fr": "/fr/years/2025/"}


def test_a_term_may_be_translated_by_a_file(site: Site) -> None:
    built = site(
        {
            "ssg.toml": FRENCH,
            "content/a.md": "---\ntags: [sea]\n---\n",
            "content/a.fr.md": "---\ntags: [mer]\n---\n",
            "content/tags/mer/_index.fr.md": "---\ntranslation_key: tags/sea/_index.md\n---\n",
        }
    )
    assert _translations(built, "/tags/sea/") == {"": "/tags/sea/", "fr": "/fr/tags/mer/"}


def test_lists_hold_pages_of_one_language(site: Site) -> None:
    text = "---\ndate: 2025-01-0{}\ntags: [x]\n---\n"
    names = ("b/a.md", "b/c.md", "b/a.fr.md", "fr/b/d.md")
    files = {f"content/{name}": text.format(n) for n, name in enumerate(names, 1)}
    built = site({"ssg.toml": FRENCH, **files})
    db = built.site
    french = ["/fr/b/d/", "/fr/b/a/"]

    def paths(pages: list[Page]) -> list[str]:
        return [page.path for page in pages]

    assert paths(db.pages(language="fr")) == french
    assert db.count_pages("fr") == 2
    assert paths(db.pages()) == ["/b/c/", "/b/a/"]
    assert paths(db.newest(9, language="fr")) == french
    assert paths(db.pages_in(built.page("/fr/b/").id)) == french
    assert paths(db.pages_between(-(2**62), 2**62, language="fr")) == french
    (term,) = db.terms("tags", language="fr")
    assert (term.path, term.page_count) == ("/fr/tags/x/", 2)
    assert paths(db.pages_with(term.id)) == french
    assert db.older(built.page("/fr/b/a/")) is None
    assert paths(db.related(built.page("/fr/b/a/").id, {"tags": 1}, 5)) == ["/fr/b/d/"]
    assert paths(db.feeds("fr")) == ["/fr/feed.xml"]


# -- what a language takes from the default one ------------------------------------------------


def test_a_section_is_sorted_alike_in_every_language(site: Site) -> None:
    built = site(
        {
            "ssg.toml": FRENCH,
            "content/docs/deep/_index.md": "---\ntitle: Deep\npaginate_by: 1\n---\nText.\n",
            "content/docs/deep/a.fr.md": "",
            "content/docs/deep/b.fr.md": "",
            "content/other/_index.md": "",
        }
    )
    assert _paths(built, "fr") == [
        "/fr/", "/fr/docs/", "/fr/docs/deep/", "/fr/docs/deep/a/", "/fr/docs/deep/b/",
    ]  # fmt: skip
    page = built.page("/fr/docs/deep/")
    assert (page.title, page.source) == ("Deep", None)
    assert built.site.body(page.id).text == ""
    assert built.page("/fr/docs/deep/page/2/").language == "fr"


def test_cascades_reach_every_language_and_its_own_ones_win(site: Site) -> None:
    built = site(
        {
            "ssg.toml": FRENCH,
            "content/b/_index.md": "---\ncascade:\n  extra: {a: 1, b: 2}\n---\n",
            "content/b/_index.fr.md": "---\ncascade:\n  extra: {a: 3}\n---\n",
            "content/b/post.fr.md": "",
            "content/fr/b/other.md": "",
            "content/b/post.md": "",
            "templates/page.html": "{{ page.extra.a }}{{ page.extra.b }}",
        }
    )
    assert built.read("b/post/index.html") == "12"
    assert built.read("fr/b/post/index.html") == built.read("fr/b/other/index.html") == "32"


def test_what_is_not_translated_is_absent(site: Site) -> None:
    built = site({"ssg.toml": FRENCH, "content/a.md": "", "content/b.fr.md": ""})
    assert _paths(built, "fr") == ["/fr/", "/fr/b/"]


def test_or_it_is_shown_in_the_default_language(site: Site) -> None:
    files = {
        "content/a.md": "---\ndate: 2025-01-01\ntags: [x]\naliases: [/old/]\n---\nText.\n",
        "content/b.md": "",
        "content/b.fr.md": "---\ndate: 2024-01-01\n---\n",
    }
    built = site({"ssg.toml": WHOLE, **files}, target="netlify")
    page = built.page("/fr/a/")
    assert (page.kind, page.source, page.original_path) == (PageKind.FALLBACK, "a.md", "/a/")
    assert (page.deferred, page.reason) == (True, "it is not translated")
    assert built.render("/fr/a/") == "A|<p>Text.</p>\n"
    assert built.site.page_from("a.md") == built.page("/a/")
    assert _translations(built, "/a/") == {"": "/a/"}
    home = built.page("/fr/")
    assert [one.path for one in built.site.pages_in(home.id)] == ["/fr/a/", "/fr/b/"]
    assert [one.path for one in built.site.newest(9, home.id)] == ["/fr/b/"]
    assert [one.path for one in built.site.pages(language="fr")] == ["/fr/b/"]
    assert "/fr/a/" not in dict(built.site.addresses())


def test_an_original_whose_translation_is_a_draft_is_shown(site: Site) -> None:
    files = {"content/a.md": "", "content/a.fr.md": "---\ndraft: true\n---\n"}
    assert site({"ssg.toml": WHOLE, **files}).page("/fr/a/").kind == PageKind.FALLBACK


def test_front_matter_and_rules_decide_on_what_stands_in(site: Site) -> None:
    config = WHOLE + '[[deferred.rules]]\nkind = "fallback"\nmatch = "b*"\ndeferred = false\n'
    files = {"content/a.md": "---\ndeferred: false\n---\n", "content/b.md": "", "content/c.md": ""}
    built = site({"ssg.toml": config, **files}, target="netlify")
    deferred = [page.path for page in built.site.deferred_pages()]
    assert deferred == ["/fr/c/"]


# -- files beside pages ------------------------------------------------------------------------


def test_a_bundle_shares_its_files(site: Site) -> None:
    built = site(
        {
            "ssg.toml": FRENCH,
            "content/trip/index.md": "![](a.txt)",
            "content/trip/index.fr.md": "![](a.txt)",
            "content/fr/other/index.md": "![](b.txt)",
            "content/trip/a.txt": "a",
            "content/fr/other/b.txt": "b",
        }
    )
    assert 'src="/trip/a.txt"' in built.read("fr/trip/index.html")
    assert 'src="/fr/other/b.txt"' in built.read("fr/other/index.html")
    assert [name for name in built.files if name.endswith(".txt")] == [
        "fr/other/b.txt", "trip/a.txt",
    ]  # fmt: skip


@pytest.mark.parametrize("own", ["", "---\ndraft: true\n---\n"])
def test_files_go_where_there_is_a_page(site: Site, own: str) -> None:
    files = {"content/trip/index.fr.md": "![](a.txt)", "content/trip/a.txt": "a"}
    files |= {"content/trip/index.md": own} if own else {}
    built = site({"ssg.toml": FRENCH, **files})
    assert 'src="/fr/trip/a.txt"' in built.read("fr/trip/index.html")
    assert "fr/trip/a.txt" in built.files


# -- menus -------------------------------------------------------------------------------------


def test_menus_lead_to_the_page_in_their_language(site: Site) -> None:
    config = CONFIG + (
        '[[menus.main]]\npage = "a.md"\n[[menus.main]]\npage = "b.md"\n[languages.fr]\n'
        '[languages.de]\n[[languages.de.menus.main]]\nname = "A"\npage = "a.fr.md"\n'
    )
    template = "{% for item in site.menus.main %}{{ item.url }} {{ item.name }};{% endfor %}"
    files = {"content/a.md": "", "content/a.fr.md": "---\ntitle: Un\n---\n", "content/b.md": ""}
    files |= {"content/c.de.md": "", "templates/page.html": template}
    built = site({"ssg.toml": config, **files})
    assert built.read("a/index.html") == "/a/ A;/b/ B;"
    assert built.read("fr/a/index.html") == "/fr/a/ Un;/b/ B;"
    assert built.read("de/c/index.html") == "/fr/a/ A;"


def test_an_entry_whose_page_is_left_out_is_left_out(site: Site) -> None:
    config = CONFIG + '[[menus.main]]\npage = "a.md"\n[languages.fr]\n'
    template = "{% for item in site.menus.main %}{{ item.url }}{% endfor %}"
    files = {"content/a.md": "---\ndraft: true\n---\n", "content/b.fr.md": "", "content/b.md": ""}
    built = site({"ssg.toml": config, **files, "templates/page.html": template})
    assert built.read("b/index.html") == built.read("fr/b/index.html") == ""


# -- no two pages are in one place -------------------------------------------------------------

_SEGMENTS = st.sampled_from(["a", "b", "fr-x", "tags"])
_NAMES = st.builds(
    lambda language, folders, name, form: (language, "/".join([*folders, name]), form),
    st.sampled_from(["", "fr", "de"]),
    st.lists(_SEGMENTS, max_size=2),
    st.sampled_from(["a.md", "c.md", "_index.md", "index.md"]),
    st.booleans(),
)


def _source(language: str, name: str, *, by_folder: bool) -> str:
    if not language:
        return name
    return f"{language}/{name}" if by_folder else f"{name.removesuffix('.md')}.{language}.md"


def _shape(documents: Mapping[str, str], *, fallback: bool) -> tuple[list[Page], Diagnostics]:
    languages = {
        "en": LanguageSettings(name="en", weight=1),
        "fr": LanguageSettings(name="fr", weight=2, path="fr", fallback=fallback),
        "de": LanguageSettings(name="de", weight=3, path="de"),
    }
    site = SiteSettings(languages=languages)
    made = [
        SourceDocument(source=source, language=language)
        for source, language in sorted(documents.items())
    ]
    diagnostics = Diagnostics()
    project = Project(root=_NOWHERE, settings=Settings(site=site, theme=""))
    shape = make_site_structure(
        project, ContentFolder(DocumentReader(site), made), [], [], diagnostics
    )
    return shape.rows.pages, diagnostics


@settings(max_examples=examples(50), deadline=None)
@given(st.dictionaries(_NAMES.map(lambda n: (n[0], n[1])), st.booleans()), st.booleans())
def test_the_editions_of_a_site_never_meet(
    wanted: Mapping[tuple[str, str], bool], fallback: bool
) -> None:
    """Two pages share a path only where they do in one language already."""
    documents = {
        _source(language, name, by_folder=by_folder): language
        for (language, name), by_folder in wanted.items()
    }
    pages, diagnostics = _shape(documents, fallback=fallback)
    assert diagnostics.problems == []
    ids = [page.id for page in pages]
    assert len(ids) == len(set(ids))
    by_path: dict[str, set[str]] = {}
    for page in pages:
        by_path.setdefault(page.path, set()).add(page.language)
    assert all(len(languages) == 1 for languages in by_path.values())
    for page in pages:
        home = f"/{page.language}/" if page.language else "/"
        assert page.path.startswith(home)
    parents = {page.id: page for page in pages}
    for page in pages:
        if page.parent_id is not None:
            assert parents[page.parent_id].language == page.language
