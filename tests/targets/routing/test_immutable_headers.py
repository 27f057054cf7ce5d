"""`_headers` for fingerprinted files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.header_rule import headers_for
from ssg.targets.routing.immutable_headers import append_headers, immutable
from tests.conftest import BARE, Built

FILES = {
    "content/a.md": "",
    "templates/page.html": "{{ get_url('s.css', cachebust=true) }}",
    "static/s.css": "",
    "static/_headers": "/*\n  X-Own: yes\n  Cache-Control: no-cache",
}
LASTING = "public, max-age=31536000, immutable"


def test_fingerprinted_files_may_be_kept_for_ever(site: Callable[..., Built]) -> None:
    built = site(FILES, target="netlify")
    rules = parse_headers(built.read("_headers"))
    assert (rules.problems, rules.warnings) == ((), ())
    assert rules.rules == built.report.routes.headers
    double = headers_for(rules.rules, "/s.38b060a751.css")
    assert double == {"x-own": "yes", "cache-control": LASTING}
    assert headers_for(rules.rules, "/s.css")["cache-control"] == "no-cache"


def test_parts_of_the_search_index_may_be_kept_for_ever(site: Callable[..., Built]) -> None:
    config = BARE["ssg.toml"] + "[search]\nenabled = true\n[languages.fr]\n"
    built = site({"ssg.toml": config, "content/a.md": "", "content/a.fr.md": ""}, target="netlify")
    rules = parse_headers(built.read("_headers")).rules
    parts = [name for name in built.files if ".parts/" in name]
    assert {name.split("/")[1] for name in parts} == {"en.parts", "fr.parts"}
    for name in parts:
        assert headers_for(rules, "/" + name) == {"cache-control": LASTING}
    assert headers_for(rules, "/search/en.json") == {}


def test_without_such_files_the_sites_own_is_left_alone(site: Callable[..., Built]) -> None:
    built = site({**FILES, "templates/page.html": ""}, target="netlify")
    assert built.read("_headers") == FILES["static/_headers"]
    built = site({**FILES, "static/_headers": ""}, target="static")
    assert built.read("_headers") == ""


def test_a_name_is_no_pattern(tmp_path: Path) -> None:
    path = "/a b/:x*ö.css"
    append_headers(tmp_path / "_headers", immutable([path]))
    rules = parse_headers((tmp_path / "_headers").read_text()).rules
    assert headers_for(rules, path) == {"cache-control": LASTING}
    assert headers_for(rules, "/a b/zxyzö.css") == {}


@pytest.mark.parametrize("target", ["netlify", "vercel", "server"])
def test_variants_of_pictures_may_be_kept_for_ever(site: Callable[..., Built], target: str) -> None:
    variant = "/_img/0123456789abcdef-640.webp"
    config = BARE["ssg.toml"] + '[[deferred.rules]]\nmatch = "**"\ndeferred = false\n'
    built = site({"ssg.toml": config, "content/a.md": ""}, target=target)
    assert headers_for(built.report.routes.headers, variant) == {}
    built = site({"ssg.toml": config + "[images]\n", "content/a.md": ""}, target=target)
    assert headers_for(built.report.routes.headers, variant) == {"cache-control": LASTING}
    assert headers_for(built.report.routes.headers, "/boat.jpg") == {}
