"""Which deferred pages a build tries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build.render.link_prescan import internal_targets
from ssg.build.render.rehearse import pages_to_rehearse
from ssg.content.reading.text_features import LINKS_TO_SOURCE, features_of
from tests.conftest import Built

RULE = {"ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n'}
NOTE = {"templates/shortcodes/note.html": "{{ body | default('') }}"}


def _tried(built: Built) -> list[str]:
    ids, _ = pages_to_rehearse(built.report.database)
    return sorted(built.site.page_by_id(number).slug for number in ids)


def test_one_page_of_each_template_and_each_that_could_fail_by_itself(
    site: Callable[..., Built],
) -> None:
    files = {
        **RULE,
        **NOTE,
        "templates/other.html": "",
        "content/a.md": "plain",
        "content/b.md": "plain, too",
        "content/c.md": "---\ntemplate: other.html\n---\n",
        "content/d.md": "{{ note() }}",
        "content/e.md": "[ok](a.md) [web](https://x.org/y.md)",
        "content/f.md": "`[x](nope.md)`",
    }
    assert _tried(site(files, target="netlify")) == ["a", "c", "d", "f"]


@pytest.mark.parametrize(
    "text",
    [
        "[x](nope.md)", "[x](@/nope.md#a)", "[x]( nope.md )", "[x](<no pe.md>)", "![x](../nope.md)",
        "[x][y]\n\n[y]: nope.md", '[x](nope.md "title")', "[x][y]\n\n[y]: <no pe.md>",
        "{{ nope() }}", "{% nope() %}\n{% end %}", "{% note() %}\n[x](nope.md)\n{% end %}",
        "{% note() %}\n", "```py {linenos=x}\n1\n```", "~~~py linenums=x\n1\n~~~",
        '```py {hl_lines="x"}\n1\n```',
    ],
)  # fmt: skip
def test_a_page_that_must_fail_on_request_fails_the_build(
    problems: Callable[..., list[str]], text: str
) -> None:
    files = {**RULE, **NOTE, "content/a.md": "fine", "content/b.md": "fine\n\n" + text}
    (line,) = problems(files, target="netlify")
    assert line.startswith("content/b.md:")


def test_one_page_is_tried_for_each_render_hook(site: Callable[..., Built]) -> None:
    files = {
        **RULE,
        "templates/markdown/link.html": "",
        "templates/markdown/image.html": "",
        "templates/markdown/code.html": "",
        "content/a.md": "plain",
        "content/b.md": "[x](/y/)",
        "content/c.md": "[x](/y/) ![x](/y.png)",
        "content/d.md": "```\n```",
        "content/e.md": "```\n```\n\n# x",
    }
    assert _tried(site(files, target="netlify")) == ["a", "b", "c", "d"]


_PIECES = st.sampled_from(["[", "]", "(", ")", "<", ">", ":", "@/", ".md", "#a", "x", " ", "\n"])


@given(st.lists(_PIECES).map("".join))
def test_a_text_with_an_internal_link_has_the_sign_of_one(text: str) -> None:
    if list(internal_targets(text)):
        assert features_of(text) & LINKS_TO_SOURCE


def test_a_template_that_fails_for_a_deferred_kind_fails_the_build(
    problems: Callable[..., list[str]],
) -> None:
    rule = 'theme = ""\n[[deferred.rules]]\nkind = "term"\n'
    files = {
        "ssg.toml": rule,
        "templates/term.html": "{{ nope }}",
        "content/a.md": "---\ntags: x\n---\n",
    }
    assert problems(files, target="netlify") == [
        "templates/term.html:1: 'nope' is undefined (while rendering /tags/x/)"
    ]


def test_a_site_without_deferred_pages_tries_none(site: Callable[..., Built]) -> None:
    assert _tried(site({"content/a.md": "{{ x }}"})) == []
