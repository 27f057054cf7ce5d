"""Link targets of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ssg.render.markdown.links import is_internal, source_of, split_target
from tests.conftest import Built

SUB = {"ssg.toml": 'theme = ""\nbase_url = "https://example.org/sub/"\n'}
SITE = {
    **SUB,
    "content/blog/_index.md": "",
    "content/blog/2024/post.md": "",
    "content/blog/2024/beside.png": "x",
    "content/blog/logo.png": "x",
    "content/blog/trip/index.md": "## Map",
    "content/blog/trip/img/a b.jpg": "x",
    "content/docs/Über uns.md": "",
}


def _href(built: Built, name: str) -> str:
    found = re.search(r'(?:href|src)="([^"]*)"', built.read(name))
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("source", "target", "url"),
    [
        ("blog/2024/post.md", "@/blog/trip/index.md", "/sub/blog/trip/"),
        ("blog/2024/post.md", "../trip/index.md#map", "/sub/blog/trip/#map"),
        ("blog/2024/post.md", "@/docs/%C3%9Cber%20uns.md?x=1", "/sub/docs/%C3%BCber-uns/?x=1"),
        ("blog/2024/post.md", "<@/docs/Über uns.md>", "/sub/docs/%C3%BCber-uns/"),
        ("blog/2024/post.md", "../_index.md", "/sub/blog/"),
        ("blog/2024/post.md", "@/blog/logo.png?x=1", "/sub/blog/logo.png?x=1"),
        ("blog/2024/post.md", "/style.css", "/sub/style.css"),
        ("blog/2024/post.md", "beside.png", "/sub/blog/2024/beside.png"),
        ("blog/2024/post.md", "../logo.png#x", "/sub/blog/logo.png#x"),
        ("blog/2024/post.md", "elsewhere/", "/sub/blog/2024/post/elsewhere/"),
        ("blog/2024/post.md", "?page=2", "/sub/blog/2024/post/?page=2"),
        ("blog/trip/index.md", "<img/a b.jpg>", "/sub/blog/trip/img/a%20b.jpg"),
        ("blog/_index.md", "logo.png", "/sub/blog/logo.png"),
        ("blog/_index.md", "#part", "#part"),
        ("blog/_index.md", "https://example.com/a.md", "https://example.com/a.md"),
        ("blog/_index.md", "//example.com/a.md", "//example.com/a.md"),
        ("blog/_index.md", "mailto:a@b.c", "mailto:a@b.c"),
    ],
)
def test_a_target_becomes_a_url_below_the_base(
    site: Callable[..., Built], source: str, target: str, url: str
) -> None:
    section = {"templates/section.html": "{{ page.content }}"}
    built = site({**SITE, **section, f"content/{source}": f"[x]({target})"})
    place = built.site.page_from(source)
    assert place
    assert _href(built, place.path[1:] + "index.html") == url


def test_the_same_reference_twice_has_one_base(site: Callable[..., Built]) -> None:
    html = site({**SUB, "content/a.md": "[a][x] [b][x]\n\n[x]: /y"}).read("a/index.html")
    assert html.count('href="/sub/y"') == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "x\n\n[y](nope.md)",
            'content/a.md:3: the link "nope.md" names no page: there is no nope.md',
        ),
        ("[y](@/b/c.md#d)", "content/a.md:1: the link"),
        ("x\n[y](über.md)", "content/a.md:2: the link"),
        ("![y](../../out.md)", "content/a.md:1: the link"),
        ("x\n\n[y][z]\n\n[z]: nope.md", "content/a.md:5: the link"),
    ],
)
def test_a_link_to_a_missing_page_is_an_error(
    problems: Callable[..., list[str]], text: str, line: str
) -> None:
    (problem,) = problems({"content/a.md": text})
    assert problem.startswith(line)


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("docs/instal.md", "docs/install.md"),
        ("install.md", "docs/install.md"),
        ("doc/install.md", "docs/install.md"),
        ("@/docs/Install.md", "docs/install.md"),
        ("docs/sub/zebra.md", None),
    ],
)
def test_an_unknown_name_gets_a_suggestion(
    problems: Callable[..., list[str]], target: str, meant: str | None
) -> None:
    others = {f"content/docs/page-{number}.md": "x" for number in range(50)}
    (problem,) = problems(
        {**others, "content/docs/install.md": "x", "content/a.md": f"[x]({target})"}
    )
    assert problem.partition(" Did you mean ")[2] == (f'"{meant}"?' if meant else "")


def test_each_wrong_link_is_reported_with_its_line(
    problems: Callable[..., list[str]],
) -> None:
    text = "[x](gone.md)\n\n`[x](gone.md)`\n\n[y](lost.md)\n[x](gone.md), [x](gone.md)"
    lines = [problem.partition(" names")[0] for problem in problems({"content/a.md": text})]
    gone, lost = 'the link "gone.md"', 'the link "lost.md"'
    assert lines == [
        f"content/a.md:{line}: {link}" for line, link in ((1, gone), (5, lost), (6, gone))
    ]


@pytest.mark.parametrize(
    ("target", "internal"),
    [
        ("a.md", True),
        ("@/a.md", True),
        ("../b/c.md#d", True),
        ("/a.md", False),
        ("https://x.org/a.md", False),
        ("#a.md", False),
        ("image.png", False),
        ("a.mdx", False),
        ("", False),
    ],
)
def test_internal_links_name_sources(target: str, internal: bool) -> None:
    assert is_internal(target) == internal


def test_a_source_is_named_from_the_content_folder() -> None:
    assert source_of("../b.md#c", "docs/x/a.md") == "docs/b.md"
    assert source_of("@/b%20c.md?d", "docs/a.md") == "b c.md"


@pytest.mark.parametrize(
    ("target", "parts"),
    [("a.md#b?c", ("a.md", "#b?c")), ("a?b#c", ("a", "?b#c")), ("a", ("a", "")), ("", ("", ""))],
)
def test_a_target_is_a_file_and_a_rest(target: str, parts: tuple[str, str]) -> None:
    assert split_target(target) == parts


ANCHORS = {
    "templates/shortcodes/box.html": '<div id="boxed">{{ body }}</div>',
    "templates/page.html": '{{ page.content }}<p id="comments">',
    "content/b.md": "Text[^1].\n\n## The Pier\n\n### Cost {#price}\n\n> #### Quoted\n\n"
    '<a id="raw"></a> <a name="old">x</a>\n\n{% box() %}\n## Inside\n[](a.md#nope)\n{% end %}\n\n'
    "`## no heading`\n\n## Ünder\n\n[^1]: N\n",
}


@pytest.mark.parametrize(
    "anchor",
    [
        "the-pier", "price", "quoted", "raw", "old", "boxed", "inside", "fn-1", "comments", "top",
        "", "Top", "%C3%BCnder", "ünder", ":~:text=pier", "price:~:text=x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["[x](b.md#{})", "[x][y]\n\n[y]: @/b.md#{}", "![x](b.md?q#{})"])
def test_a_link_to_a_part_leads_there(site: Callable[..., Built], anchor: str, form: str) -> None:
    files = {**ANCHORS, "content/a.md": form.format(anchor)}
    files["content/b.md"] = files["content/b.md"].replace("[](a.md#nope)", "")
    assert "/b/" in site(files).read("a/index.html")


@pytest.mark.parametrize("target", ["static", "netlify"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x\n\n[y](b.md#the-peer)", "content/a.md:3: "),
        ("`[y](b.md#the-peer)`\n\n[y](b.md#the-peer)", "content/a.md:3: "),
        ("the b.md#the-peer\n\n[z]\n\n[z]: @/b.md#the-peer", "content/a.md:5: "),
        ("![y](b.md#the-peer)", "content/a.md:1: "),
        ("- [y](b.md)\n- [y](<b.md#the-peer>)", "content/a.md:2: "),
    ],
)
def test_a_link_to_a_missing_id_is_an_error(
    problems: Callable[..., list[str]], text: str, line: str, target: str
) -> None:
    rules = 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n'
    b = ANCHORS["content/b.md"].replace("[](a.md#nope)", "")
    (problem,) = problems(
        {"ssg.toml": rules, **ANCHORS, "content/0.md": "a sample", "content/a.md": text,
         "content/b.md": b}, target=target,
    )  # fmt: skip
    assert problem.startswith(line)
    assert problem.endswith('names an id that content/b.md does not have. Did you mean "the-pier"?')


def test_two_pages_may_name_parts_of_each_other(site: Callable[..., Built]) -> None:
    text = "## Here\n\n[x]({}#here) [y]({}#here)"
    built = site(
        {"content/a.md": text.format("b.md", "a.md"), "content/b.md": text.format("a.md", "b.md")}
    )
    assert 'href="/b/#here"' in built.read("a/index.html")


def test_parts_need_not_be_checked(site: Callable[..., Built]) -> None:
    files = {"ssg.toml": 'theme = ""\n[markdown]\ncheck_anchors = false\n'}
    files |= {"content/a.md": "[x](b.md#later)", "content/b.md": ""}
    assert 'href="/b/#later"' in site(files).read("a/index.html")


def test_a_page_that_cannot_be_converted_is_blamed_itself(
    problems: Callable[..., list[str]],
) -> None:
    files = {"content/a.md": "[x](b.md#y)", "content/b.md": "{{ nope() }}"}
    assert problems(files) == ['content/b.md:1: unknown shortcode "nope"']
