"""Checking whole sites."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.inspect.dry_run import dry_run
from ssg.build.options import BuildOptions
from ssg.check.external_links import HttpReply
from ssg.check.finding import CheckReport
from ssg.check.run import CheckOptions, check
from ssg.config.load import load
from tests.conftest import BARE, NOW, Files, Silent, write
from tests.images.pictures import encoded, quarters

CONFIG = 'theme = ""\nbase_url = "{}"\n[target]\nname = "netlify"\n'
ROOT = CONFIG.format("https://example.org/")
SUB = CONFIG.format("https://example.org/sub/")
DEFERRED = "---\ndeferred: true\n---\n"

EVERYTHING = CheckOptions()

Check = Callable[..., CheckReport]


@pytest.fixture
def run(tmp_path: Path) -> Check:
    """Check a site of some files over the bare theme."""

    def make(files: Files, wanted: CheckOptions = EVERYTHING) -> CheckReport:
        write(tmp_path, {**BARE, "ssg.toml": ROOT, **files})
        project = load(tmp_path, environment={})
        with dry_run(project, BuildOptions(NOW, package=False)) as compiled:
            return check(compiled, wanted, Silent())

    return make


@pytest.fixture
def found(run: Check) -> Callable[..., list[str]]:
    """The findings as lines, with their kinds."""

    def lines(files: Files, **wanted: object) -> list[str]:
        report = run(files, CheckOptions(**wanted))  # type: ignore[arg-type]
        return [f"{one.kind} {one}" for one in report.findings]

    return lines


Found = Callable[..., list[str]]


@pytest.mark.parametrize(
    "target",
    [
        "/b/", "/b/index.html", "/b/?x=1#p", "../b.md", "../b.md#p", "@/b.md", "../b/",
        "#here", "#top", "/feed.xml", "/file.pdf", "/file.pdf#page=2", "/old/", "/old", "/rule/x/y",
        "/.netlify/functions/mine", "mailto:a@example.org", "tel:+123", "https://example.org/b/",
        "//example.org/b/", "https://other.example/x", "/%C3%BC/", "/ü/", "/d/", "/d/#deep",
        "/v1.2/",
        "/b/#:~:text=words", "pic.png", "/404.html",
    ],
)  # fmt: skip
def test_addresses_that_answer_are_not_findings(found: Found, target: str) -> None:
    files = {
        "content/a/index.md": f"## Here\n\n[x](<{target}>)\n",
        "content/a/pic.png": "",
        "content/b.md": "---\naliases: [/old/]\n---\n## P\n",
        "content/ü.md": "",
        "content/d.md": DEFERRED + "## Deep\n",
        "content/v1.2.md": "---\npath: /v1.2/\n---\n",
        "static/file.pdf": "",
        "static/_redirects": "/rule/* /b/ 301\n",
    }
    assert found(files) == []


@pytest.mark.parametrize(
    ("target", "right"),
    [("/b", "/b/"), ("../b", "/b/"), ("https://example.org/b#p", "/b/"), ("/v1.2", "/v1.2/"),
     ("/ü", "/ü/")],
)  # fmt: skip
def test_a_link_that_lacks_the_slash_is_a_warning(run: Check, target: str, right: str) -> None:
    report = run({
        "content/a.md": f"---\ntitle: A\n---\n[x]({target})\n", "content/b.md": "## P\n",
        "content/v1.2.md": "---\npath: /v1.2/\n---\n", "content/ü.md": "",
    })  # fmt: skip
    (finding,) = report.findings
    assert finding.kind.is_warning
    assert str(finding) == (
        f"content/a.md:4: {right.rstrip('/')} redirects to {right}. Write {right}"
    )


def test_a_relative_link_of_a_template_is_told_once(found: Found) -> None:
    names = [f"p{number}" for number in range(12)]
    files = {
        "templates/page.html": '<nav>\n<a href="guide/b/">x</a> <a href="#main">y</a></nav>',
        "content/guide/b.md": "", **{f"content/{name}.md": "" for name in names},
    }  # fmt: skip
    assert found(files) == [
        "dead-link templates/page.html:2: the relative address guide/b/ leads elsewhere on each "
        "page, and nowhere. Write /guide/b/ (on 13 pages: /guide/b/, /p0/, /p1/, ...)",
        "dead-anchor templates/page.html:2: there is no anchor for #main "
        "(on 13 pages: /guide/b/, /p0/, /p1/, ...)",
    ]


def test_a_relative_link_of_a_menu_is_told_once(found: Found) -> None:
    files = {
        "ssg.toml": ROOT + '[extra]\nnav = "guide/"\n',
        "templates/page.html": '<a href="{{ site.extra.nav }}">x</a>',
        "content/a.md": "", "content/b.md": "",
    }  # fmt: skip
    assert found(files) == [
        "dead-link ssg.toml:6: the relative address guide/ leads elsewhere on each page, "
        "and nowhere (on 2 pages: /a/, /b/)"
    ]


def test_a_relative_link_that_was_copied_to_texts_is_told_once(found: Found) -> None:
    files = {f"content/{name}.md": "[x](menu/y/)\n" for name in "abcdef"}
    assert found(files) == [
        "dead-link content/a.md:1: the relative address menu/y/ leads elsewhere on each page, "
        "and nowhere (on 6 pages: /a/, /b/, /c/, ...)"
    ]


def test_equal_relative_links_of_few_texts_are_told_for_each(found: Found) -> None:
    files = {f"content/{name}/index.md": "![x](gone.png)\n" for name in "ab"}
    assert found(files) == [
        "missing-file content/a/index.md:1: there is no file /a/gone.png",
        "missing-file content/b/index.md:1: there is no file /b/gone.png",
    ]


def test_a_relative_link_that_lacks_the_slash_is_told_once(found: Found) -> None:
    template = '<a href="../b">x</a>'
    files = {"templates/page.html": template, "content/a.md": "", "content/b.md": "",
             "content/c.md": "", "content/d/e.md": "", "content/d/b.md": ""}  # fmt: skip
    assert found(files) == [
        "redirected-link templates/page.html:1: ../b lacks the final slash, and redirects "
        "(on 5 pages: /a/, /b/, /c/, ...)"
    ]


@pytest.mark.parametrize("target", ["/shop", "/shop/", "/shop/a/b", "https://example.org/shop/"])
def test_paths_that_another_project_serves_may_be_ignored(found: Found, target: str) -> None:
    files = {"ssg.toml": ROOT + '[link_checker]\nignore = ["/shop/**"]\n',
             "content/a.md": f"[x]({target})"}  # fmt: skip
    assert found(files) == []


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("/bb/", 'dead-link content/a.md:3: there is nothing at /bb/. Did you mean "/b/"?'),
        ("/b/c/", 'dead-link content/a.md:3: there is nothing at /b/c/. Did you mean "/b/"?'),
        ("nope/", "dead-link content/a.md:3: there is nothing at /a/nope/"),
        ("/gone/x", "dead-link content/a.md:3: there is nothing at /gone/x"),
        ("/%FF/", "dead-link content/a.md:3: there is nothing at /%FF/"),
        ("/b/#q", "dead-anchor content/a.md:3: /b/ has no anchor #q"),
        ("/d/#dep", 'dead-anchor content/a.md:3: /d/ has no anchor #dep. Did you mean "deep"?'),
        ("#her", 'dead-anchor content/a.md:3: /a/ has no anchor #her. Did you mean "here"?'),
        ("/b/#a%20b", "dead-anchor content/a.md:3: /b/ has no anchor #a b"),
        ("https://example.org/bb/", 'dead-link content/a.md:3: there is nothing at /bb/. '
         'Did you mean "/b/"?'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", DEFERRED])
def test_dead_links_have_their_line(found: Found, target: str, line: str, head: str) -> None:
    files = {
        "content/a.md": f"{head}## Here\n\n[x]({target})\n",
        "content/b.md": "## P\n",
        "content/d.md": DEFERRED + "## Deep\n",
        "static/_redirects": "/gone/* /404.html 404\n",
    }
    number = 3 + head.count("\n")
    assert found(files) == [line.replace(":3:", f":{number}:")]


def test_a_link_in_a_template_is_reported_once_with_its_line(found: Found) -> None:
    files = {
        "templates/page.html": '\n<a href="/nope/">x</a>{{ page.content }}',
        **{f"content/{name}.md": DEFERRED * (name > "b") for name in "abcd"},
    }
    assert found(files) == [
        "dead-link templates/page.html:2: there is nothing at /nope/ "
        "(on 4 pages: /a/, /b/, /c/, ...)"
    ]


def test_a_link_in_the_configuration_has_its_line(found: Found) -> None:
    files = {
        "ssg.toml": ROOT + '[extra]\nnav = "/nope/"\n',
        "templates/page.html": '<a href="{{ site.extra.nav }}">x</a>',
        "content/a.md": "",
    }
    assert found(files) == ["dead-link ssg.toml:6: there is nothing at /nope/ (on /a/)"]


def test_missing_files_are_found_wherever_they_are_loaded(found: Found) -> None:
    files = {
        "templates/page.html": '<link href="/t.css"><script src="/s.js"></script>\n'
        '<meta property="og:image" content="{{ get_url("/card.png", true) }}">\n'
        '<img alt="" src="there.png" srcset="small.png 1x, big.png 2x">{{ page.content }}',
        "content/a/index.md": "\n![x](gone.png)\n",
        "content/a/there.png": "",
        "content/a/small.png": "",
    }
    assert found(files) == [
        "missing-file content/a/index.md:2: there is no file /a/gone.png",
        "missing-file templates/page.html:1: there is no file /s.js (on /a/)",
        "missing-file templates/page.html:1: there is no file /t.css (on /a/)",
        "missing-file templates/page.html:2: there is no file /card.png (on /a/)",
        "missing-file templates/page.html:3: there is no file /a/big.png (on /a/)",
    ]


def test_a_card_is_there_and_another_one_is_not(found: Found) -> None:
    files = {
        "ssg.toml": ROOT + "[images.cards]\n",
        "templates/page.html": '<meta property="og:image" content="{{ page.card.permalink }}">\n'
        '<img alt="" src="/_img/cards/a/0123456789abcdef.png">',
        "content/a.md": "",
    }
    assert found(files) == [
        "missing-file templates/page.html:2: there is no file "
        "/_img/cards/a/0123456789abcdef.png (on /a/)"
    ]


def test_style_sheets_are_read_too(found: Found) -> None:
    files = {
        "static/css/a.css": "@import 'b.css';\nb { src: url(../fonts/x.woff2) }\n",
        "static/css/b.css": "a { b: url(data:image/png;base64,AA) url(https://x.example/y) }",
        "themes/t/theme.toml": "",
        "themes/t/static/t.css": "a { b: url('nope.png') }",
        "ssg.toml": ROOT.replace('""', '"t"'),
    }
    assert found(files) == [
        "missing-file static/css/a.css:2: there is no file /fonts/x.woff2",
        "missing-file themes/t/static/t.css:1: there is no file /nope.png",
    ]


def test_duplicate_ids(found: Found) -> None:
    files = {
        "content/a.md": '## Part\n\n<p id="part">x</p>\n',
        "content/b.md": "",
        "templates/section.html": '<p id="x"></p>\n<p id="x"></p>',
    }
    assert found(files) == [
        'duplicate-id content/a.md:3: the id "part" occurs more than once on a page',
        'duplicate-id templates/section.html:1: the id "x" occurs more than once on a page (on /)',
    ]


def test_a_page_that_cannot_be_rendered_is_a_finding_among_others(found: Found) -> None:
    files = {
        "content/a.md": DEFERRED + "[x](/nope/)\n",
        "content/b.md": DEFERRED + "{{ nothing() }}\n",
        "content/c.md": DEFERRED + "[x](a.md#nope)\n",
    }
    lines = found(files)
    assert [line.split()[:2] for line in lines] == [
        ["render", "content/b.md:4:"], ["render", "content/c.md:4:"],
        ["dead-link", "content/a.md:4:"],
    ]  # fmt: skip


def test_misspelt_keys_and_aliases_are_findings(found: Found) -> None:
    files = {
        "content/a.md": "---\ntitel: x\naliases: [/old/]\n---\n",
        "static/_redirects": "/old/ /other/ 301\n/other/ /a/ 301\n",
    }
    lines = found(files)
    assert 'source content/a.md:2:1: unknown key "titel". Did you mean "title"?' in lines
    assert any(line.startswith("redirect ") and "/old/" in line for line in lines)


@pytest.mark.parametrize("page", ["/b/", "/sub/b/#p", "b.md", "../b/"])
def test_a_site_below_a_path_has_its_links_there(found: Found, page: str) -> None:
    text = f"[x]({page})" if page != "/sub/b/#p" else f'<a href="{page}">x</a>'
    assert found({"ssg.toml": SUB, "content/a.md": text, "content/b.md": "## P\n"}) == []


def test_a_dead_link_below_a_path_is_found(found: Found) -> None:
    files = {"ssg.toml": SUB, "content/a.md": "\n[x](/bb/)", "content/b.md": ""}
    assert found(files) == [
        'dead-link content/a.md:2: there is nothing at /bb/. Did you mean "/b/"?'
    ]


def test_a_sample_still_checks_links_to_parts_of_other_pages(run: Check) -> None:
    files = {f"content/p{n}.md": f"{DEFERRED}## P{n}\n\n[x](/nope/)\n" for n in range(9)}
    files["content/a.md"] = "[x](/p7/#p7) [y](/p8/#p7)\n"
    report = run(files, CheckOptions(sample=2))
    assert (report.coverage.deferred, report.coverage.deferred_in_all) == (2, 9)
    assert [(str(one.kind), len(one.pages)) for one in report.findings] == [
        ("dead-link", 2), ("dead-anchor", 1),
    ]  # fmt: skip


def test_many_pages_are_scanned_by_several_processes(run: Check) -> None:
    files = {f"content/p{n:03}.md": f"[x](/nope/) [y](/p{n:03}/#z)\n" for n in range(200)}
    report = run(files)
    (link, *anchors) = report.findings
    assert len(link.pages) == 200
    assert len(anchors) == 200
    assert report.coverage.critical >= 201


def test_each_external_address_is_requested_once(run: Check) -> None:
    asked: list[str] = []

    def ask(url: str) -> HttpReply:
        asked.append(url)
        return HttpReply(404 if "gone" in url else 403)

    files = {
        "content/a.md": "[x](https://x.example/gone#a)\n\n[y](https://x.example/gone#b)\n",
        "content/b.md": "[x](https://x.example/gone) [z](https://z.example/)\n",
        "ssg.toml": ROOT + '[link_checker]\npause = 0\nignore = ["https://no.example/**"]\n',
        "content/c.md": "[n](https://no.example/x)\n",
    }
    report = run(files, CheckOptions(external=ask))
    assert sorted(asked) == ["https://x.example/gone", "https://z.example/"]
    assert [str(one) for one in report.findings] == [
        "content/a.md:1: https://x.example/gone does not answer: status 404 (on 2 pages: /a/, /b/)"
    ]
    assert (report.coverage.asked, report.coverage.refused) == (2, 1)


def test_the_same_site_gives_the_same_report(run: Check) -> None:
    files = {f"content/{n}.md": f"[x](/no{n}/) ![y](no.png)\n" for n in range(20)}
    assert run(files) == run(files)


# -- pictures --------------------------------------------------------------------------------------

IMAGES = ROOT + "[images]\nwidths = [40, 80]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![](/boat.jpg)", []),
        ("![A](/boat.jpg)", []),
        ('<img src="/boat.jpg" width="60" alt="A">', []),
        ('<img src="/boat.jpg" width="60" alt>', []),
        ('<img src="/boat.jpg" width="60" aria-hidden="true">', []),
        ("![A](/bots.jpg)", ["missing-file content/a.md:4: there is no file /bots.jpg"]),
        (
            '<img src="/_img/0123456789abcdef-40.webp" alt="A">',
            ["missing-file content/a.md:4: there is no file /_img/0123456789abcdef-40.webp"],
        ),
        (
            '<img src="/boat.jpg" width="60">',
            [
                "image-without-alt content/a.md:4: the image /boat.jpg has no alt. "
                'Describe it in alt, or write alt="" for decoration'
            ],
        ),
        (
            '<img src="/boat.jpg" width="50" alt="A">',
            [
                "large-image content/a.md:4: the picture /boat.jpg is 120 pixels wide, and is "
                "shown 50 pixels wide. Show it with Markdown or image(), which offer smaller sizes"
            ],
        ),
        (
            '<img src="/boat.jpg" alt="A">',
            [
                "large-image content/a.md:4: the picture /boat.jpg is 120 pixels wide, and has no "
                "other size. Show it with Markdown or image(), which offer smaller sizes"
            ],
        ),
        (
            '<img src="/cut.jpg" alt="A">',
            ["broken-image content/a.md:4: the picture /cut.jpg "],
        ),
        (
            '<img src="/boat.jpg" srcset="/boat.jpg 1x, /cut.jpg 2x" alt="A">',
            ["broken-image content/a.md:4: the picture /cut.jpg "],
        ),
    ],
)
def test_pictures_are_checked(found: Found, text: str, expected: list[str]) -> None:
    boat = encoded(quarters(), "JPEG")
    files = {
        "ssg.toml": IMAGES, "static/boat.jpg": boat, "static/cut.jpg": boat[:30],
        "content/a.md": f"{DEFERRED}{text}\n",
        "templates/section.html": "", "templates/page.html": "{{ page.content }}",
    }  # fmt: skip
    lines = [line for line in found(files) if not line.startswith("source ")]
    assert len(lines) == len(expected)
    assert all(line.startswith(start) for line, start in zip(lines, expected, strict=True))
