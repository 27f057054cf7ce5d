"""The search index of a build."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import BARE, Built, build_site, write
from tests.examples import examples
from tests.search.texts import zipf_texts

ENABLED = BARE["ssg.toml"] + "[search]\nenabled = true\n"
DEFERRED = ENABLED + '[target]\nname = "netlify"\n[[deferred.rules]]\nmatch = "**"\n'


def index(built: Built) -> Mapping[str, bytes]:
    """The files of the index."""
    output = built.report.output
    return {name: (output / name).read_bytes() for name in built.files if name[:7] == "search/"}


def cards(built: Built) -> list[str]:
    """The links of all pages that can be found."""
    contents = map(json.loads, index(built).values())
    return [card[0] for content in contents if isinstance(content, list) for card in content]


def test_there_is_none_unless_it_is_asked_for(site: Callable[..., Built]) -> None:
    assert index(site({"content/a.md": ""})) == {}


def test_deferred_pages_are_in_it(site: Callable[..., Built]) -> None:
    files = {"content/a.md": "A boat.", "content/b/_index.md": "", "content/b/c.md": "A crane."}
    full = site({**files, "ssg.toml": ENABLED})
    deferred = site({"ssg.toml": DEFERRED}, target="netlify")
    assert [page.path for page in deferred.site.deferred_pages()] == ["/a/", "/b/c/"]
    assert sorted(cards(deferred)) == ["/", "/a/", "/b/", "/b/c/"]
    assert index(deferred) == index(full)


def test_pages_that_are_left_out_are_not_in_it(site: Callable[..., Built]) -> None:
    draft = {"content/a.md": "---\ndraft: true\n---\nsecret", "ssg.toml": ENABLED}
    assert not any(b"secret" in data for data in index(site(draft)).values())


def test_a_file_in_the_way_is_told(problems: Callable[..., list[str]]) -> None:
    files = {"ssg.toml": ENABLED, "static/search/en.json": "{}"}
    assert problems(files) == ["search/en.json: the search index needs this place. Move the file"]


def test_what_is_kept_is_used_again_and_forgotten(site: Callable[..., Built]) -> None:
    built = site({"ssg.toml": ENABLED, "content/a.md": "A boat."})
    kept = built.root / ".ssg/search"
    (first,) = kept.iterdir()
    stamp = first.stat().st_mtime_ns
    assert index(site({"static/x.txt": "x"})) == index(built)
    assert first.stat().st_mtime_ns == stamp
    site({"content/a.md": "A crane."})
    (second,) = kept.iterdir()
    assert second.name != first.name


def test_a_change_of_code_makes_all_batches_again(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = site({"ssg.toml": ENABLED, "content/a.md": "A boat."})
    (first,) = (built.root / ".ssg/search").iterdir()
    monkeypatch.setattr("ssg.search.indexed_pages.code_fingerprint", lambda: "other code")
    site({"static/x.txt": "x"})
    (second,) = (built.root / ".ssg/search").iterdir()
    assert second.name != first.name


@pytest.mark.parametrize("damage", [b"", b"no zlib", b"x\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_is_kept_may_be_broken(site: Callable[..., Built], damage: bytes) -> None:
    built = site({"ssg.toml": ENABLED, "content/a.md": "A boat."})
    for file in (built.root / ".ssg/search").iterdir():
        file.write_bytes(damage)
    assert index(site({"static/x.txt": "x"})) == index(built)


def test_a_template_knows_where_it_is(site: Callable[..., Built]) -> None:
    page = {"templates/page.html": "{{ site.search }}", "content/a.md": ""}
    assert site({**page, "ssg.toml": ENABLED}).read("a/index.html") == "/search/en.json"
    assert site({"ssg.toml": BARE["ssg.toml"]}).read("a/index.html") == "None"


def test_one_changed_word_of_500_posts_changes_a_handful_of_files(
    site: Callable[..., Built],
) -> None:
    texts = zipf_texts(500)
    posts = {f"content/blog/{number}.md": text for number, text in enumerate(texts)}
    before = index(site({"ssg.toml": ENABLED, **posts}))
    changed = texts[250].replace(texts[250].split()[75], "zephyr", 1)
    after = index(site({"content/blog/250.md": changed}))
    new = {name for name, data in after.items() if before.get(name) != data}
    assert len(after) > 50
    assert len(new) <= 4
    assert "search/en.json" in new


_TEXTS = st.dictionaries(
    st.sampled_from([f"content/{name}.md" for name in "abcdefgh"]),
    st.text("ab é.#\n", max_size=12),
    max_size=6,
)


@settings(max_examples=examples(6), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_TEXTS, min_size=1, max_size=4))
def test_many_builds_give_the_index_of_one(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Mapping[str, str]]
) -> None:
    root, clean = tmp_path_factory.mktemp("often"), tmp_path_factory.mktemp("once")
    for files in steps:
        _exchange(root, files)
        often = build_site(root)
    _exchange(clean, steps[-1])
    assert index(often) == index(build_site(clean))


def _exchange(root: Path, files: Mapping[str, str]) -> None:
    for old in (root / "content").glob("*.md"):
        old.unlink()
    write(root, {**BARE, "ssg.toml": ENABLED, **files})
    (root / "content").mkdir(exist_ok=True)
