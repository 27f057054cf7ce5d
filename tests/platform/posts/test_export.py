"""An export is a site: it is built here."""

from __future__ import annotations

import io
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.posts import export as exports
from blog.posts.markdown import html_of
from blog.posts.portable_markdown import _is_plain, portable
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from tests.conftest import NOW
from tests.platform.client import RunningApi
from tests.platform.posts.stored import insert
from tests.platform.posts.writer import Writer

SHORTCODES = """\
Call {{ youtube(id="x") }} and `{{ code() }}`.

{{ alone() }}

{% block(a=1) %}
Body
{% end %}

```
{{ kept(x) }}
```

[page](@/about.md), [other](notes.md#a), [site](/ana/), \\{{ escaped() }} and \\\\{{ not() }}.

*[HTML]: HyperText

HTML <b>bold</b> {{{ three() }}}
"""


def _unpacked(writer: Writer, folder: Path) -> Path:
    answer = writer.get("/api/me/export")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="ana.zip"'
    with ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def _built(root: Path) -> Path:
    project = load(root, environment={})
    options = replace(BuildOptions(NOW, strict=True, package=False), processes=1)
    build(project, Layout.of(project), options, Silent())
    return root / "public"


def _content(html: str) -> str:
    found = re.search(r'<div class="prose">\s*(.*?)\s*</div>', html, re.S)
    assert found, html
    return found[1]


def test_an_export_can_be_built(api: RunningApi, ana: Writer, tmp_path: Path) -> None:
    api.clock.now = 1_700_000_000.0
    text = "A *text* with ![a pier](/media/pier.webp) and [a link](/ana/).\n\n- one\n- two\n"
    post = ana.published(title='A "title" \\ é', text=text, tags=["sea"], description="D")
    api.clock.advance(60)
    post = ana.publish(ana.save(post, slug="second"))
    ana.save(post, text="Not yet.")
    ana.create(title="A draft", text="Draft.")
    with api.platform.database.writing() as connection:
        picture = {"name": "pier.webp", "bytes": b"RIFF", "width": 1, "height": 1}
        insert(connection, "picture", [picture])
        owner = {"picture": "pier.webp", "account": ana.account.id, "uploaded_at": "2027"}
        insert(connection, "picture_owner", [owner])
    root = _unpacked(ana, tmp_path)
    assert (root / "content/second.md").read_text("utf-8") == (
        '+++\ntitle = "A \\"title\\" \\\\ é"\ndescription = "D"\nslug = "second"\ntags = ["sea"]\n'
        'date = "2023-11-14T22:13:20Z"\nupdated = "2023-11-14T22:14:20Z"\n'
        f'aliases = ["/a-title-e/"]\n+++\n\n{text}'
    )
    assert "draft = true" in (root / "content/a-draft.md").read_text("utf-8")
    assert "Not yet." in (root / "drafts/second.md").read_text("utf-8")
    public = _built(root)
    page = (public / "second/index.html").read_text("utf-8")
    assert _content(page) == html_of(text).strip()
    assert "A &#34;title&#34; \\ é" in page
    assert (public / "media/pier.webp").read_bytes() == b"RIFF"
    assert "/second/" in (public / "a-title-e/index.html").read_text("utf-8")
    assert "/second/" in (public / "tags/sea/index.html").read_text("utf-8")
    assert not (public / "a-draft").exists()


def test_what_calls_shortcodes_elsewhere_is_text(
    api: RunningApi, ana: Writer, tmp_path: Path
) -> None:
    api.clock.now = 1_700_000_000.0
    ana.published(text=SHORTCODES)
    ana.value("PATCH", "/api/me", {"name": "Ana", "about": "{{ about() }}"})
    page = (_built(_unpacked(ana, tmp_path)) / "first-post/index.html").read_text("utf-8")
    expected = html_of(SHORTCODES)
    for words in re.findall(r"\{[{%][^<\n]*", expected):
        assert words in page, words
    assert "<code>{{ code() }}</code>" in page
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<abbr" not in page


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "*a* {{ x() }}",
        "{% x() %}\n\n{% end %}",
        "`{{ x() }}`",
        "```\n{{ x() }}\n```\n\n{{ y() }}",
        "> {{ x() }}",
        "- {{ x() }}\n- \\{{ x() }}",
        "{{ x(",
        "\\\\{{ x() }}",
        "&#123;{ x() }}",
    ],
)
def test_a_portable_text_looks_the_same(text: str) -> None:
    assert html_of(portable(text)) == html_of(text)


_PIECES = ["{{ x() }}", "{% x() %}", "{% end %}", "{", "\\", "`", "```", "~~~", "\n", " ", "    "]
_PIECES += ["[a](@/b.md)", "[a]: @/b.md", "[a](b.md#c)", "[a]", "> ", "- ", "<b>", "*[H]: x", "H"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_no_text_asks_anything_of_a_site(text: str) -> None:
    assert _is_plain(portable(text))


def test_an_export_is_made_in_pieces(api: RunningApi, ana: Writer) -> None:
    with api.platform.database.writing() as connection:
        for number in range(300):
            connection.change(
                """INSERT INTO post (id, author, slug, status, title, text, created_at)
                   VALUES (:id, :author, :slug, 'unpublished', 'T', :text, '2027')""",
                id=f"{number:05}",
                author=ana.account.id,
                slug=f"post-{number}",
                text=f"{number} " * 10_000,
            )
    tracemalloc.start()
    sent = sum(map(len, exports.export(api.platform, ana.account)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    names = [file.name for file in exports.files(api.platform, ana.account)]
    assert len(names) == len(set(names)) == 302
    assert sent > 50_000
    assert peak < 8_000_000
