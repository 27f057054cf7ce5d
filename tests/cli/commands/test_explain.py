"""`ssg explain`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ssg.render.dependencies.tags import page_tag
from tests.cli.commands.test_plan import FILES
from tests.cli.conftest import Ran
from tests.conftest import Files
from tests.images.pictures import encoded, quarters

Ssg = Callable[..., Ran]


def test_a_deferred_page_is_explained(ssg: Ssg) -> None:
    facts = json.loads(ssg("explain", "/blog/a/", "--json", files=FILES).out)
    assert facts == {
        "url": "http://localhost:8000/blog/a/",
        "path": "/blog/a/",
        "kind": "page",
        "source": "content/blog/a.md",
        "maker": None,
        "templates": ["templates/page.html"],
        "deferred": True,
        "reason": 'rule 1 (match "blog/**")',
        "ttl": 60,
        "stale": 5,
        "cache_tags": ["blog"],
        "rule": "/blog/a/ /.netlify/builders/ssg-pages 200",
        "bytes": 2,
        "requests": None,
        "tags": {},
    }


NETLIFY = 'name = "netlify"\n'
FUNCTION = f'{NETLIFY}kind = "function"\n'


def test_the_tags_of_a_page_are_named_where_its_host_has_tags(ssg: Ssg) -> None:
    config = FILES["ssg.toml"].replace(NETLIFY, FUNCTION)
    files = {**FILES, "ssg.toml": config}
    assert config != FILES["ssg.toml"]
    tags = json.loads(ssg("explain", "/blog/a/", "--json", files=files).out)["tags"]
    assert tags.pop(page_tag("/blog/a/")) == "page /blog/a/"
    assert tags.pop("blog") == "a tag of your own"
    assert tags.pop("site") == "site"
    assert "template page.html@0" in tags.values()
    assert "this build" in tags.values()
    lines = ssg("explain", "/blog/a/", files=files).out.splitlines()
    assert any(line.endswith(f"{page_tag('/blog/a/')}  page /blog/a/") for line in lines)
    assert json.loads(ssg("explain", "b.md", "--json", files=files).out)["tags"] == {}


def test_people_read_lines(ssg: Ssg) -> None:
    ran = ssg("explain", "b.md", files=FILES)
    facts = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in ran.out.splitlines()}
    assert facts["plan"] == "critical"
    assert facts["source"] == "content/b.md"
    assert facts["size"] == "2 bytes"
    assert "ttl" not in facts


def test_an_unknown_page_is_an_error_with_a_near_one(ssg: Ssg) -> None:
    ran = ssg("explain", "/blog/aa/", files=FILES)
    assert ran.status == 1
    assert ran.err == 'error: there is no page /blog/aa/. Did you mean "/blog/a/"?\n'


def test_a_draft_can_be_explained(ssg: Ssg) -> None:
    files = {**FILES, "content/d.md": "---\ndraft: true\n---\n"}
    assert ssg("explain", "/d/", files=files).status == 1
    assert ssg("explain", "/d/", "-D").status == 0


def test_a_draft_is_reported_as_left_out(ssg: Ssg) -> None:
    files = {**FILES, "content/d.md": "---\ndraft: true\n---\n"}
    for name in ("/d/", "content/d.md"):
        ran = ssg("explain", name, files=files)
        assert ran.status == 1
        assert ran.err == (
            f"error: there is no page {name}. content/d.md is left out: draft. "
            "--drafts, --future and --expired take such pages in\n"
        )


def test_a_hook_is_named_as_the_maker_of_its_page(ssg: Ssg) -> None:
    hook = (
        "from ssg.content.build_hooks import SourcePage\n\n\ndef setup(hooks):\n"
        "    @hooks.on_sources\n    def boats(root):\n"
        '        yield SourcePage("ana.md", {"title": "Ana"})\n'
    )
    ran = ssg("explain", "/ana/", files={**FILES, "build_hooks.py": hook})
    assert "\nsource     content/ana.md\nmade by    build_hooks.py:5\n" in ran.out
    assert json.loads(ssg("explain", "ana.md", "--json").out)["maker"] == "build_hooks.py:5"
    assert "made by" not in ssg("explain", "/b/").out


def test_the_requests_that_were_counted_are_told(ssg: Ssg) -> None:
    files = {**FILES, "data/popular.json": '{"pages": [{"path": "/b/", "requests": 1204}]}'}
    assert "requests   1204\n" in ssg("explain", "b.md", files=files).out
    assert json.loads(ssg("explain", "/blog/a/", "--json").out)["requests"] == 0
    more = files["data/popular.json"][:-1] + ', "others": {"pages": 9, "requests": 9}}'
    other = ssg("explain", "/blog/a/", "--json", files={"data/popular.json": more})
    assert json.loads(other.out)["requests"] is None


PICTURES: Files = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/sub/"\n[target]\nname = "netlify"\n'
    '[images]\nwidths = [40, 80]\nformats = ["webp"]\n'
    '[[deferred.rules]]\nmatch = "/late/"\n',
    "templates/page.html": "{{ page.content }}",
    "templates/section.html": "",
    "content/boat.jpg": encoded(quarters(), "JPEG"),
    "content/a.md": "![A](boat.jpg)",
    "content/late.md": "![A](boat.jpg)",
    "content/none.md": "",
}


@pytest.mark.parametrize("name", ["/boat.jpg", "content/boat.jpg", "boat.jpg", "VARIANT"])
def test_a_picture_is_explained(ssg: Ssg, name: str) -> None:
    facts = json.loads(ssg("explain", "/boat.jpg", "--json", files=PICTURES).out)
    paths = [one["path"] for one in facts["variants"]]
    found = json.loads(ssg("explain", name.replace("VARIANT", "/sub" + paths[0]), "--json").out)
    assert found == facts
    assert facts["url"] == "https://example.org/sub/boat.jpg"
    assert (facts["width"], facts["height"], facts["format"]) == (120, 80, "jpeg")
    assert facts["pages"] == ["/a/", "/late/"]
    assert [(one["width"], one["deferred"]) for one in facts["variants"]] == [
        (40, False), (80, False),
    ]  # fmt: skip
    assert facts["unused"] == 2


def test_a_picture_is_explained_in_words(ssg: Ssg) -> None:
    text = ssg("explain", "/boat.jpg", files=PICTURES).out
    assert "120 x 80 jpeg" in text
    assert "-40.webp  40 x 27  critical" in text
    assert "2 more that no page shows" in text


def test_a_picture_whose_name_several_have_is_an_error(ssg: Ssg) -> None:
    files = {**PICTURES, "static/old/boat.jpg": PICTURES["content/boat.jpg"]}
    ran = ssg("explain", "boat.jpg", files=files)
    hint = "Write the path of one: /boat.jpg or /old/boat.jpg"
    assert ran.err == f"error: 2 pictures are named boat.jpg. {hint}\n"


def test_an_unknown_picture_is_an_error(ssg: Ssg) -> None:
    told = ssg("explain", "b.jpg", files=PICTURES).err
    assert told == "error: there is no page or picture b.jpg\n"


def test_a_picture_without_variants_is_explained(ssg: Ssg) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 2"/>'
    text = ssg("explain", "/a.svg", files={**PICTURES, "content/a.svg": drawing}).out
    assert "plan    as it is\nreason  drawings stay as they are\n" in text
    text = ssg("explain", "/cut.jpg", files={"content/cut.jpg": b""}).out
    assert "plan    as it is\nreason  is empty\n" in text
