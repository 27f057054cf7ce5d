"""What strangers' paths are answered with where a site has several languages."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Built

CONFIG = 'theme = ""\nbase_url = "https://example.org/"\n[languages.fr]\n[languages.ar]\n'
FILES = {
    "content/blog/a.md": "",
    "content/blog/a.fr.md": "",
    "content/blog/a.ar.md": "",
    "static/_redirects": "/fr/vieux /fr/blog/ 301\n",
}


def _rules(site: Callable[..., Built], rules: str = "", **files: str) -> list[str]:
    built = site({"ssg.toml": CONFIG + rules, **FILES, **files}, target="netlify")
    lines = [line for line in built.read("_redirects").splitlines() if line and line[0] != "#"]
    return [" ".join(line.split()) for line in lines]


def test_each_language_has_its_error_page_behind_all_other_rules(
    site: Callable[..., Built],
) -> None:
    assert _rules(site, '[[deferred.rules]]\nlanguage = "fr"\n') == [
        "/fr/vieux /fr/blog/ 301",
        "/fr/blog/a/ /.netlify/builders/ssg-pages 200",
        "/ar/* /ar/404.html 404",
        "/fr/* /fr/404.html 404",
    ]


def test_where_the_builder_answers_for_all_it_knows_the_languages(
    site: Callable[..., Built],
) -> None:
    rules = '[[deferred.rules]]\nmatch = "**"\n[[deferred.rules]]\nkind = "section"\n'
    lines = _rules(site, rules)
    assert "/fr/* /.netlify/builders/ssg-pages 200" in lines
    assert not [line for line in lines if line.endswith("404")]


def test_a_site_of_one_language_needs_no_rule(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": ""}, target="netlify")
    assert "_redirects" not in built.files


def test_a_root_without_language_leads_on_but_not_for_ever(site: Callable[..., Built]) -> None:
    config = CONFIG.replace("[languages.fr]", '[languages.en]\npath = "en"\n[languages.fr]')
    built = site({"ssg.toml": config, **FILES}, target="netlify")
    assert "/ /en/ 302" in [
        " ".join(line.split()) for line in built.read("_redirects").splitlines()
    ]
