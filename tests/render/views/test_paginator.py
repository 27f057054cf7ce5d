"""`paginator` in a template."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built
from tests.render.conftest import SITE, only_at


@pytest.mark.parametrize(
    ("path", "template", "text"),
    [
        ("/blog/", "{{ paginator.count }} {{ paginator.total }} {{ paginator.size }}", "2 4 2"),
        ("/blog/", "{{ paginator.urls | join(' ') }}", "/sub/blog/ /sub/blog/page/2/"),
        ("/blog/", "{{ paginator.previous }} {{ paginator.next }}", "None /sub/blog/page/2/"),
        ("/blog/page/2/", "{{ paginator.previous }} {{ paginator.next }}", "/sub/blog/ None"),
        ("/blog/page/2/", "{{ paginator.pages | map(attribute='slug') | join }}", "ctrip"),
        ("/blog/first/", "{{ paginator.count }} {{ paginator.pages | length }}", "1 0"),
    ],
)
def test_a_part_of_a_list_knows_the_others(
    site: Callable[..., Built], path: str, template: str, text: str
) -> None:
    built = site({**SITE, "templates/section.html": only_at(path, template)})
    assert built.read(path[1:] + "index.html") == text


def test_pages_of_a_term_can_be_paged(site: Callable[..., Built]) -> None:
    files = {f"content/{n}.md": "---\ntags: t\n---\n" for n in range(5)}
    config = 'theme = ""\n[taxonomies.tags]\npaginate_by = 2\n'
    built = site({**files, "ssg.toml": config})
    assert built.read("tags/t/index.html") == "t: /0/ /1/"
    assert built.read("tags/t/page/3/index.html") == "t: /4/"
