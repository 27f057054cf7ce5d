"""What a build says of keys that its host does not have. Errors: `tests/invalid/host-cannot`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ssg.targets.netlify.capabilities import CAPABILITIES
from tests.conftest import Built

BUILDER = 'theme = ""\n[target]\nname = "netlify"\n'
FUNCTION = BUILDER + 'kind = "function"\nkeep_cache = true\n'
STALE = (
    '"stale" has no effect with Netlify\'s On-demand Builders: an expired page is served until a '
    "refresh succeeds"
)
TAGS = '"cache_tags" has no effect with Netlify\'s On-demand Builders: responses have no tags'
HINT = 'Write kind = "function" in [target]'
RULES = '[deferred]\nstale = 5\n[[deferred.rules]]\nmatch = "**"\ncache_tags = "a"\nstale = 0\n'
PAGES = {
    "content/a.md": "---\ncache_tags: [shop]\n---\n",
    "content/b.md": "---\nstale: 1h\n---\n",
    "content/c/_index.md": "---\ncascade: {cache_tags: [c]}\n---\n",
    "content/c/x.md": "",
    "content/c/y.md": "",
}


def _warnings(built: Built) -> list[str]:
    return [str(warning) for warning in built.report.warnings]


def test_what_has_no_effect_is_told_once_with_the_number_of_places(
    site: Callable[..., Built],
) -> None:
    built = site({**PAGES, "ssg.toml": BUILDER + RULES}, target="netlify")
    assert _warnings(built) == [
        f"ssg.toml:5:1: {STALE} (and in 2 more places). {HINT}",
        f"ssg.toml:8:1: {TAGS} (and in 2 more places). {HINT}",
    ]


def test_a_cascade_is_one_place_and_has_its_line(site: Callable[..., Built]) -> None:
    built = site({**PAGES, "content/a.md": "", "ssg.toml": BUILDER}, target="netlify")
    assert _warnings(built) == [
        f"content/b.md:2:1: {STALE}. {HINT}",
        f"content/c/_index.md:2:11: {TAGS}. {HINT}",
    ]


def test_a_page_of_a_hook_is_told_with_the_hook(site: Callable[..., Built]) -> None:
    hook = (
        "from ssg.content.build_hooks import SourcePage\n"
        "def setup(hooks):\n    @hooks.on_sources\n    def made(site):\n"
        "        yield SourcePage('m.md', {'title': 'M', 'stale': 60}, 'text')\n"
    )
    built = site({"ssg.toml": BUILDER, "build_hooks.py": hook}, target="netlify")
    (line,) = _warnings(built)
    assert line.startswith(f"content/m.md: {STALE} (made by build_hooks.py:3")


def test_strict_builds_refuse_what_has_no_effect(problems: Callable[..., list[str]]) -> None:
    lines = problems({**PAGES, "ssg.toml": BUILDER}, target="netlify", strict=True)
    assert [line.split(": ")[0] for line in lines] == ["content/a.md:2:1", "content/b.md:2:1"]


@pytest.mark.parametrize(
    ("config", "target"),
    [(FUNCTION + RULES, "netlify"), (BUILDER + "keep_cache = true\n" + RULES, "static")],
)
def test_a_function_can_do_it_and_a_static_site_has_no_cache(
    site: Callable[..., Built], config: str, target: str
) -> None:
    pages = {**PAGES, "content/a.md": "---\nttl: 5\n---\n", "ssg.toml": config}
    assert _warnings(site(pages, target=target, strict=True)) == []


def test_the_next_build_says_it_again(site: Callable[..., Built]) -> None:
    files = {**PAGES, "ssg.toml": BUILDER + RULES}
    first = _warnings(site(files, target="netlify"))
    files["content/a.md"] += "more text"
    assert _warnings(site(files, target="netlify")) == first
    files["content/b.md"] = "---\nstale: 1h\ncache_tags: b\n---\n"
    assert f"ssg.toml:8:1: {TAGS} (and in 3 more places). {HINT}" in _warnings(
        site(files, target="netlify")
    )


def test_an_error_is_shown_in_its_first_places(problems: Callable[..., list[str]]) -> None:
    pages = {f"content/p{number:02}.md": "---\nttl: 5\n---\n" for number in range(12)}
    lines = problems({**pages, "ssg.toml": BUILDER}, target="netlify")
    assert len(lines) == 10
    assert lines[0].startswith('content/p00.md:2:1: "ttl" is 5, but must be at least 60 with ')
    assert "(and in 2 more places)" in lines[-1]
    assert lines[-1].startswith("content/p09.md:2:1: ")


def test_more_pages_than_a_deploy_may_have_are_warned_of(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(CAPABILITIES["builder"], pages=1)
    monkeypatch.setitem(CAPABILITIES, "builder", few)
    config = BUILDER + '[[deferred.rules]]\nmatch = "c/**"\n'
    built = site({"ssg.toml": config, "content/c/a.md": "", "content/c/b.md": ""}, target="netlify")
    (line,) = _warnings(built)
    assert line.startswith("the site has 2 deferred pages; with Netlify's On-demand Builders, ")
    assert line.endswith(HINT)


def test_it_is_told_with_all_other_problems(problems: Callable[..., list[str]]) -> None:
    files = {
        "content/a.md": "---\npath: /same/\nttl: 5\n---\n",
        "content/b.md": "---\npath: /same/\nttl: 7\n---\n",
        "content/c.md": "---\nbroken\n---\n",
        "content/d/_index.md": "---\ncascade: {ttl: 6}\ntitle: 3\n---\n",
        "content/d/x.md": "",
        "templates/page.html": "{% if %}",
        "ssg.toml": BUILDER,
    }
    places = [line.split(" ")[0] for line in problems(files, target="netlify")]
    assert places == [
        "content/a.md", "content/a.md:3:1:", "content/b.md:3:1:", "content/c.md:2:1:",
        "content/d/_index.md:2:11:", "content/d/_index.md:3:1:", "templates/page.html:1:",
    ]  # fmt: skip


def test_languages_and_sections_without_a_file(problems: Callable[..., list[str]]) -> None:
    files = {
        "ssg.toml": BUILDER + "[languages.fr]\n",
        "content/_index.md": "---\ncascade: {ttl: 6}\n---\n",
        "content/d/x.md": "",
        "content/d/x.fr.md": "---\nttl: 9\n---\n",
    }
    places = [line.split(" ")[0] for line in problems(files, target="netlify")]
    assert places == ["content/_index.md:2:11:", "content/d/x.fr.md:2:1:"]
