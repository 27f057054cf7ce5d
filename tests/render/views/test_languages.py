"""Templates of a site in several languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

CONFIG = 'theme = ""\nbase_url = "https://example.org/sub/"\n'
FRENCH = CONFIG + '[languages.fr]\nname = "Français"\n'
THREE = FRENCH + '[languages.ar]\nname = "العربية"\n'

Site = Callable[..., Built]


def _show(site: Site, template: str, files: dict[str, str], config: str = FRENCH) -> Built:
    return site({"ssg.toml": config, "templates/page.html": template, **files})


# -- links -------------------------------------------------------------------------------------

PAGES = {
    "content/a.md": "",
    "content/a.fr.md": "",
    "content/b.md": "",
    "content/fr/c.md": "",
    "content/d/e.md": "",
    "content/d/e.fr.md": "",
}


@pytest.mark.parametrize(
    ("target", "english", "french"),
    [
        ("@/a.md", "/sub/a/", "/sub/fr/a/"),
        ("@/a.fr.md", "/sub/fr/a/", "/sub/fr/a/"),
        ("@/fr/a.md", "/sub/fr/a/", "/sub/fr/a/"),
        ("@/a.en.md", "/sub/a/", "/sub/a/"),
        ("@/b.md", "/sub/b/", "/sub/b/"),
        ("@/d/e.md#x", "/sub/d/e/#x", "/sub/fr/d/e/#x"),
        ("a.md", "/sub/a/", "/sub/fr/a/"),
        ("d/e.md", "/sub/d/e/", "/sub/fr/d/e/"),
    ],
)
@pytest.mark.parametrize("asking", ["x.fr.md", "fr/x.md"])
def test_a_link_stays_in_its_language(
    site: Site, target: str, english: str, french: str, asking: str
) -> None:
    config = FRENCH + "[markdown]\ncheck_anchors = false\n"
    files = {"content/x.md": f"[x]({target})", f"content/{asking}": f"[x]({target})"}
    built = _show(site, "{{ page.content }}", {**PAGES, **files}, config)
    assert f'href="{english}"' in built.read("x/index.html")
    assert f'href="{french}"' in built.read("fr/x/index.html")


def test_a_fallback_text_may_link_to_ids_of_its_own_language(site: Site) -> None:
    files = {
        "content/x.md": "[x](a.md#part) [y](a.md#both)",
        "content/a.md": "# A\n## Part\n## Both\n",
        "content/a.fr.md": "# A\n## Partie\n## Both\n",
    }
    config = FRENCH + 'fallback = true\n[[deferred.rules]]\nmatch = "**"\n'
    built = _show(site, "{{ page.content }}", files, config)
    text = built.render("/fr/x/")
    assert 'href="/sub/a/#part"' in text
    assert 'href="/sub/fr/a/#both"' in text


def test_an_id_is_searched_in_the_language_of_the_text(problems: Callable[..., list[str]]) -> None:
    rules = '[[deferred.rules]]\nmatch = "x*"\n'
    files = {
        "ssg.toml": FRENCH + rules,
        "content/x.fr.md": "[x](a.md#part)",
        "content/a.md": "# A\n## Part\n",
        "content/a.fr.md": "# A\n## Partie\n",
    }
    (line,) = problems(files, target="netlify")
    assert line.startswith('content/x.fr.md:1: the link "a.md#part" names an id that')


def test_a_page_that_only_the_language_has_needs_no_mark(site: Site) -> None:
    built = _show(site, "{{ page.content }}", {**PAGES, "content/x.fr.md": "[x](@/c.md)"})
    assert 'href="/sub/fr/c/"' in built.read("fr/x/index.html")


@pytest.mark.parametrize("target", ["@/b.fr.md", "@/c.md", "@/nope.md"])
def test_a_link_to_a_language_that_lacks_the_page_is_an_error(
    problems: Callable[..., list[str]], target: str
) -> None:
    files = {"ssg.toml": FRENCH, **PAGES, "content/x.md": f"[x]({target})"}
    (line,) = problems(files)
    assert line.startswith(f'content/x.md:1: the link "{target}" names no page')


def test_functions_find_pages_in_the_language(site: Site) -> None:
    template = '{{ get_page("a.md").url }} {{ get_section("d").url }} {{ get_url("@/b.md") }}'
    built = _show(site, template, PAGES)
    assert built.read("a/index.html") == "/sub/a/ /sub/d/ /sub/b/"
    assert built.read("fr/a/index.html") == "/sub/fr/a/ /sub/fr/d/ /sub/b/"


# -- views -------------------------------------------------------------------------------------


def test_a_language_has_its_name_and_urls(site: Site) -> None:
    template = (
        "{% for one in site.languages %}{{ one }} {{ one.code }} {{ one.name }} {{ one.direction }}"
        " {{ one.path }} {{ one.url }} {{ one.permalink }} {{ one.site_title }}\n{% endfor %}"
        '{{ site.language == page.language }} {{ page.language == "en" }}'
    )
    built = _show(site, template, {"content/a.md": ""}, THREE)
    assert built.read("a/index.html").splitlines() == [
        "en en en ltr / /sub/ https://example.org/sub/ My site",
        "fr fr Français ltr /fr/ /sub/fr/ https://example.org/sub/fr/ My site",
        "ar ar العربية rtl /ar/ /sub/ar/ https://example.org/sub/ar/ My site",
        "True True",
    ]


def test_a_site_of_one_language_has_that_one(site: Site) -> None:
    template = "{% for one in site.languages %}{{ one }} {{ one.direction }}{% endfor %}"
    template += "{{ page.translations }}{{ page.alternates }}{{ page.original }}"
    config = CONFIG + 'default_language = "he"\n'
    built = _show(site, template, {"content/a.md": ""}, config)
    assert built.read("a/index.html") == "he rtl[][]None"


def test_translations_use_their_own_language(site: Site) -> None:
    template = (
        "{{ page.title }}:{% for one in page.translations %}"
        " {{ one.language }} {{ one.title }} {{ one.content }}{% endfor %}"
        ' {{ page.translation("ar") }} {{ page.translation(page.language).url }}'
    )
    files = {
        "content/a.md": "{{ word() }}",
        "content/a.fr.md": "---\ntitle: Un\n---\n{{ word() }}",
        "templates/shortcodes/word.html": "{{ site.language.name }}",
    }
    built = _show(site, template, files, THREE)
    assert built.read("a/index.html") == "A: fr Un Français None /sub/a/"
    assert built.read("fr/a/index.html") == "Un: en A en None /sub/fr/a/"


def test_alternates_are_for_the_head_of_a_page(site: Site) -> None:
    template = "{% for code, url in page.alternates %}{{ code }} {{ url }}\n{% endfor %}"
    files = {
        "content/a.fr.md": "",
        "content/a.ar.md": "",
        "content/b.md": "",
        "content/b.fr.md": "",
    }
    built = _show(site, template, files, THREE)
    assert built.read("fr/a/index.html").splitlines() == [
        "fr https://example.org/sub/fr/a/",
        "ar https://example.org/sub/ar/a/",
    ]
    assert built.read("b/index.html").splitlines()[-1] == "x-default https://example.org/sub/b/"


def test_a_fallback_page_knows_its_original(site: Site) -> None:
    template = (
        "{{ page.language }} {{ page.kind }} {{ page.word_count }} {{ page.assets | join }}"
        " {{ page.original.url if page.original }} {{ page.original.language if page.original }}"
        " {{ page.translations | length }} {{ page.content }}"
    )
    files = {"content/a/index.md": "Two words [x](b.txt).", "content/a/b.txt": ""}
    built = _show(site, template, files, FRENCH + "fallback = true\n")
    text = '<p>Two words <a href="/sub/a/b.txt">x</a>.</p>\n'
    assert built.read("a/index.html") == f"en page 3 /sub/a/b.txt   0 {text}"
    assert built.read("fr/a/index.html") == f"fr page 3 /sub/a/b.txt /sub/a/ en 1 {text}"


def test_an_imported_template_uses_the_language_of_the_page(site: Site) -> None:
    files = {
        "content/a.md": "",
        "content/a.fr.md": "",
        "templates/m.html": "{% set home = site.url %}{% macro url() %}{{ home }}{% endmacro %}",
    }
    built = _show(site, '{% from "m.html" import url %}{{ url() }}', files)
    assert built.render("/a/") == "/sub/"
    assert built.render("/fr/a/") == "/sub/fr/"


# -- texts -------------------------------------------------------------------------------------


def test_texts_are_in_the_language_of_the_page(site: Site) -> None:
    files = {
        "content/a.md": "",
        "content/a.fr.md": "",
        "i18n/en.toml": 'hello = "Hello {name}"\nonly = "Only"\n',
        "i18n/fr.toml": 'hello = "Bonjour {name}"\n',
    }
    template = '{{ trans("hello", name="Ann") }} {{ trans("only") }} {{ trans("hello", "en") }}'
    built = _show(site, template, files)
    assert built.read("a/index.html") == "Hello Ann Only Hello {name}"
    assert built.read("fr/a/index.html") == "Bonjour Ann Only Hello {name}"
    (warning,) = built.report.warnings
    assert str(warning) == "i18n/fr.toml: has no text for only. The text in en is shown instead"


def test_a_text_has_forms_for_numbers(site: Site) -> None:
    files = {
        "content/a.md": "",
        "content/a.pl.md": "",
        "i18n/en.toml": '[posts]\none = "{count} post"\nother = "{count} posts"\n',
        "i18n/pl.toml": '[posts]\none = "{count} wpis"\nfew = "{count} wpisy"\n'
        'many = "{count} wpisów"\n',
    }
    template = '{% for n in [1, 2, 5, 1.5] %}{{ trans("posts", count=n) }};{% endfor %}'
    built = _show(site, template, files, CONFIG + "[languages.pl]\n")
    assert built.read("a/index.html") == "1 post;2 posts;5 posts;1.5 posts;"
    assert built.read("pl/a/index.html") == "1 wpis;2 wpisy;5 wpisów;1.5 posts;"
    assert built.report.warnings == ()


def test_a_missing_plural_form_is_a_warning(site: Site) -> None:
    files = {
        "i18n/en.toml": '[posts]\none = "a"\nother = "b"\n[menu]\nother = "x"\n',
        "i18n/pl.toml": '[posts]\none = "a"\nmany = "b"\n[menu]\nother = "x"\n',
    }
    built = _show(site, "", files, CONFIG + "[languages.pl]\n[languages.ja]\n")
    assert [str(warning) for warning in built.report.warnings] == [
        "i18n/ja.toml: has no text for menu.other, posts.other. The text in en is shown instead",
        "i18n/pl.toml: has no text for posts.few. The text in en is shown instead",
    ]


def test_a_language_without_messages_is_a_warning(site: Site) -> None:
    built = _show(site, "", {"i18n/en.toml": 'a = "1"\n'})
    (warning,) = built.report.warnings
    assert str(warning) == "i18n/fr.toml: has no text for a. The text in en is shown instead"


# -- dates -------------------------------------------------------------------------------------

DATED = {"content/a.md": "---\ndate: 2026-01-31\n---\n"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Saturday 31 January, Sat Jan Jan January %B"),
        ("fr", "samedi 31 janvier, sam. janv. janv. janvier %B"),
        ("pt-BR", "sábado 31 janeiro, sáb. jan. jan. janeiro %B"),
        ("ru", "суббота 31 января, сб янв. янв. январь %B"),
        ("ar", "السبت 31 يناير, السبت يناير يناير يناير %B"),
        ("xx", "Saturday 31 January, Sat Jan Jan January %B"),
    ],
)
def test_a_date_is_in_the_language_of_the_page(site: Site, language: str, text: str) -> None:
    template = '{{ page.date | date("%A %-d %B, %a %b %h %OB %%B") }}'
    config = CONFIG + f'default_language = "{language}"\n'
    assert _show(site, template, DATED, config).read("a/index.html") == text


def test_a_site_may_name_the_months_itself(site: Site) -> None:
    files = {**DATED, "i18n/fr.toml": '[date]\nmonths = "a%, b, c, d, e, f, g, h, i, j, k, l"\n'}
    config = CONFIG + 'default_language = "fr"\n'
    template = '{{ page.date | date("%B %OB %A") }} {{ trans("date.long") }}'
    assert _show(site, template, files, config).read("a/index.html") == "a% a% samedi %-d %B %Y"


def test_the_usual_form_of_a_date_is_a_text(site: Site) -> None:
    files = {**DATED, "content/a.fr.md": DATED["content/a.md"]}
    built = _show(site, '{{ page.date | date(trans("date.long")) }}', files)
    assert built.read("a/index.html") == "January 31, 2026"
    assert built.read("fr/a/index.html") == "31 janvier 2026"
