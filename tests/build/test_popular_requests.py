"""Rules with `popular` in a build: the file decides, and a build notices that it changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssg.build.publish.publish_folder import file_names
from ssg.model.errors import ContentError
from tests.conftest import Built, build_site

Make = Callable[..., Built]
RULES = 'theme = ""\n[[deferred.rules]]\nmatch = "blog/**"\npopular = 2\n'
SITE = {"ssg.toml": RULES, **{f"content/blog/{name}.md": name for name in "abc"}}
MISSING = "ssg.toml:4:1: no page is popular yet: there is no data/popular.json. Run ssg popular LOG"


def _read(**requests: int) -> dict[str, str]:
    pages = [{"path": f"/blog/{name}/", "requests": one} for name, one in requests.items()]
    return {"data/popular.json": json.dumps({"pages": pages})}


def _deferred(built: Built) -> list[str]:
    return built.site.deferred_paths()


def test_the_most_read_pages_are_critical(site: Make) -> None:
    built = site({**SITE, **_read(a=1, b=3, c=2)}, target="netlify")
    assert _deferred(built) == ["/blog/a/"]
    assert built.page("/blog/b/").reason == 'rule 1 (match "blog/**") keeps the most read 2'
    assert built.report.warnings == ()


def test_a_first_build_has_no_file_and_says_how_to_make_it(site: Make) -> None:
    built = site(SITE, target="netlify")
    assert _deferred(built) == ["/blog/a/", "/blog/b/", "/blog/c/"]
    assert [str(one) for one in built.report.warnings] == [MISSING]
    with pytest.raises(ContentError, match="no page is popular yet"):
        site(target="netlify", strict=True)


def test_a_target_that_renders_everything_does_not_ask(site: Make) -> None:
    assert site(SITE, target="static").report.warnings == ()


@pytest.mark.parametrize("text", ["[]", '{"pages": [{"path": 1}]}', '{"version": 9, "pages": []}'])
def test_a_file_of_another_form_is_an_error_with_its_place(
    problems: Callable[..., list[str]], text: str
) -> None:
    (problem,) = problems({**SITE, "data/popular.json": text}, target="netlify")
    assert problem.startswith("data/popular.json: ")
    assert problem.endswith(". Run ssg popular LOG")


def _content(built: Built) -> Mapping[str, bytes]:
    output = built.report.output
    return {name: (output / name).read_bytes() for name in sorted(file_names(output))}


def test_a_build_notices_that_others_are_read(site: Make, tmp_path: Path) -> None:
    site({**SITE, **_read(a=1, b=3, c=2)}, target="netlify")
    built = site(_read(a=4, b=3, c=2), target="netlify")
    assert _deferred(built) == ["/blog/c/"]
    assert built.report.rendered == 1
    clean = build_site(tmp_path, target="netlify", no_cache=True)
    assert _content(built) == _content(clean)
    assert site(target="netlify").report.rendered == 0


def test_other_numbers_with_the_same_pages_render_nothing(site: Make) -> None:
    site({**SITE, **_read(a=1, b=3, c=2)}, target="netlify")
    assert site(_read(a=2, b=30, c=20), target="netlify").report.rendered == 0
