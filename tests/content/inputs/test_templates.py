"""The layers of templates."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Built

THEME = {
    "ssg.toml": 'theme = "t"\n',
    "themes/t/templates/base.html": "base[{% block x %}{% endblock %}]",
    "themes/t/templates/page.html": "{% extends 'base.html' %}{% block x %}theme{% endblock %}",
    "themes/t/templates/section.html": "",
    "content/a.md": "",
}


def _page(built: Built) -> str:
    return built.read("a/index.html")


def test_a_template_of_the_site_goes_before_that_of_its_theme(site: Callable[..., Built]) -> None:
    assert _page(site({**THEME, "templates/page.html": "site"})) == "site"


def test_the_themes_own_stays_within_reach(site: Callable[..., Built]) -> None:
    own = "{% extends 'theme:page.html' %}{% block x %}{{ super() }}+site{% endblock %}"
    assert _page(site({**THEME, "templates/page.html": own})) == "base[theme+site]"


def test_a_base_of_the_site_reaches_into_the_theme(site: Callable[..., Built]) -> None:
    own = "own({% block x %}{% endblock %})"
    files = {**THEME, "templates/base.html": own}
    built = site({**files, "templates/page.html": "{% extends 'theme:page.html' %}"})
    assert _page(built) == "own(theme)"


def test_built_in_templates_can_be_replaced_and_extended(site: Callable[..., Built]) -> None:
    own = "{% include 'theme:404.html' %}own"
    built = site({**THEME, "templates/page.html": "", "templates/404.html": own})
    assert built.read("404.html").endswith("own")
    assert "Page not found" in built.read("404.html")


def test_a_home_page_may_have_a_template_of_its_own(site: Callable[..., Built]) -> None:
    assert site({"templates/index.html": "home"}).read("index.html") == "home"


def test_a_template_that_is_not_utf8_is_told(problems: Callable[..., list[str]]) -> None:
    assert problems({"templates/part.html": b"\xff"}) == [
        "templates/part.html: the template is not UTF-8"
    ]


def test_a_byte_order_mark_and_crlf_stay_out_of_pages(site: Callable[..., Built]) -> None:
    built = site({"templates/page.html": b"\xef\xbb\xbfa\r\nb", "content/a.md": ""})
    assert (built.report.output / "a/index.html").read_bytes() == b"a\nb"
