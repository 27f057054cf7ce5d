"""What a text says of how it may be rendered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.reading.text_features import (
    LINKS_TO_SOURCE,
    MAY_FAIL,
    RENDER_HOOK_FEATURES,
    features_of,
)

_MARKS = {"link": "](", "image": "![", "heading": "#", "code": "```", "blockquote": ">"}
_PIECES = st.sampled_from(
    [
        "{", "{{", "{%", "```", "~~~", "py", "linenos", "linenums", "hl_lines", "=", "[", "](",
        "]:", "!", "#", ">", "<", ")", "@/", ".md", "a", " ", "\n", "[b]: ", "é",
    ]
)  # fmt: skip


def _may_fail(text: str) -> bool:
    """Told plainly: by each line that opens or ends a code block, from the fence on."""
    if "{{" in text or "{%" in text:
        return True
    fences = (
        line[line.index(fence) :]
        for line in text.split("\n")
        for fence in ("```", "~~~")
        if fence in line
    )
    names = ("linenos", "linenums", "hl_lines")
    return any(name in fence for fence in fences for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "{{ a() }}", "{% a() %}{% end %}", "```py {linenos=on}\n```", "~~~ {hl_lines=x}\n~~~",
        "> - ```py linenums=x\n", "```\n```\n\n```py linenostart=x\n```",
    ],
)  # fmt: skip
def test_what_may_fail(text: str) -> None:
    assert features_of(text) & MAY_FAIL


@pytest.mark.parametrize(
    "text", ["{ a }", "linenos=x and hl_lines", "```py\nlinenos = 1\n```", "`{linenos=x}`", ""]
)
def test_what_cannot_fail(text: str) -> None:
    assert not features_of(text) & MAY_FAIL


@pytest.mark.parametrize(
    "text",
    [
        "[a](b.md)", "[a](@/b)", "[a]( <b c.md#d> )", "[a](\nb.md)", "![a](../b.md?c)",
        "[a][b]\n\n[b]: c.md", "   [b]: <c d.md>", "`[a](b.md)`",
    ],
)  # fmt: skip
def test_what_may_link_to_a_source(text: str) -> None:
    assert features_of(text) & LINKS_TO_SOURCE


@pytest.mark.parametrize("text", ["[a](b) c.md", "a@/b", "[a](/b/)", "[a](b)(c.md)", "[a] (b.md)"])
def test_what_links_to_no_source(text: str) -> None:
    assert not features_of(text) & LINKS_TO_SOURCE


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_signs_are_what_a_plain_search_finds(text: str) -> None:
    features = features_of(text)
    assert bool(features & MAY_FAIL) == _may_fail(text)
    assert {hook for hook, feature in RENDER_HOOK_FEATURES.items() if features & feature} == {
        hook for hook, mark in _MARKS.items() if mark in text
    }
