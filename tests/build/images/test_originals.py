"""Originals that nobody names are not published, if the site asks for that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.build.images.named_files import word_of
from ssg.build.incremental.dependencies.shown_variants import file_words
from tests.build.images.in_process import encode_in_process
from tests.build.images.test_build_images import SITE, photo, published
from tests.conftest import Built

CONFIG = SITE["ssg.toml"] + "publish_originals = false\n"
FILES = {**SITE, "ssg.toml": CONFIG, "static/boat.jpg": photo()}
LATE = "---\ndeferred: true\n---\n"


@pytest.fixture(autouse=True)
def _encoders(monkeypatch: pytest.MonkeyPatch) -> None:
    encode_in_process(monkeypatch)


def _originals(built: Built) -> set[str]:
    """The names of published originals, without their digests."""
    own = {name for name in built.files if name.endswith(".jpg") and "_img" not in name}
    return own | {name.partition("-")[2] for name in published(built) if "original" in name}


def test_an_original_that_nobody_names_is_not_published(site: Callable[..., Built]) -> None:
    built = site(FILES)
    assert _originals(built) == set()
    assert len(published(built)) == 4
    counts = built.report.images
    assert (counts.left_out, counts.bytes_saved) == (1, len(photo()))
    assert _originals(site({"ssg.toml": SITE["ssg.toml"]})) == {"boat.jpg"}
    assert _originals(site({"ssg.toml": CONFIG})) == set()


@pytest.mark.parametrize(
    "files",
    [
        {"content/boat.md": "[![Boat](/boat.jpg)](/boat.jpg)"},
        {"content/boat.md": "![Boat](/boat.jpg) [whole](../Boat%2Ejpg)"},
        {"content/boat.md": '<a href="https://example.org/boat.jpg?v=1">whole</a>'},
        {"static/s.css": "a { background: url(boat.jpg) }"},
        {"templates/other.html": "{{ get_url('boat.jpg') }}"},
        {"data/x.json": '{"cover": "boat.jpg"}'},
        {"content/late.md": f"{LATE}[whole](/boat.jpg)", "target": "netlify"},
        {"content/late.md": f"{LATE}![x][y]\n\n[y]: /boat.jpg", "target": "netlify"},
        {
            "content/late.md": "---\ndeferred: true\nextra: {a: boat.jpg}\n---\n",
            "target": "netlify",
        },
        {"content/late.md": LATE, "templates/x.html": "{{ page.assets }}", "target": "netlify"},
    ],
)
def test_an_original_that_may_be_named_is_published(
    site: Callable[..., Built], files: dict[str, str]
) -> None:
    target = files.pop("target", "static") if "target" in files else "static"
    assert "boat.jpg" in _originals(site({**FILES, **files}, target=target))


def test_what_is_left_whole_is_published(site: Callable[..., Built]) -> None:
    narrow, drawing = photo(size=(8, 8)), "<svg xmlns='http://www.w3.org/2000/svg'/>"
    files = {"static/narrow.jpg": narrow, "static/logo.jpg": photo(), "static/d.svg": drawing}
    built = site({**FILES, **files, "ssg.toml": CONFIG + 'exclude = ["logo*"]\n'})
    assert _originals(built) == {"narrow.jpg", "logo.jpg"}
    assert "d.svg" in built.files


def test_a_picture_that_is_too_long_for_all_widths_is_published(
    site: Callable[..., Built],
) -> None:
    strip = photo(size=(20, 33_000), form="PNG")
    late = {"content/late.md": f"{LATE}![x](/strip.png)", "static/strip.png": strip}
    assert "strip.png" in site({**FILES, **late}, target="netlify").files


def test_a_function_finds_the_original_at_its_digest(site: Callable[..., Built]) -> None:
    built = site({**FILES, "content/boat.md": f"{LATE}![Boat](/boat.jpg)"}, target="netlify")
    assert _originals(built) == {"original.jpg"}
    assert built.report.images.left_out == 0
    (name,) = published(built)
    assert (built.report.output / name).read_bytes() == photo()
    made = site({"ssg.toml": CONFIG + '[[deferred.rules]]\nkind = "image"\ndeferred = false\n'},
                target="netlify")  # fmt: skip
    assert _originals(made) == set()


def test_a_function_finds_the_original_for_addresses_of_the_site(
    site: Callable[..., Built],
) -> None:
    config = CONFIG + 'addresses = ["/img/{file}/{width}"]\n'
    critical = '[[deferred.rules]]\nkind = "image"\ndeferred = false\n'
    built = site({**FILES, "ssg.toml": config + critical}, target="netlify")
    assert len(published(built)) == 5
    assert _originals(built) == {"original.jpg"}
    static = site({**FILES, "ssg.toml": config})
    assert _originals(static) == set()
    (warning,) = static.report.warnings
    assert str(warning).startswith("target static does not answer images.addresses. ")


def test_the_service_of_a_host_is_sent_to_digests(site: Callable[..., Built]) -> None:
    files = {
        **FILES,
        "ssg.toml": CONFIG + 'service = "netlify"\n',
        "content/a.md": "[x](/boat.jpg)",
    }
    assert _originals(site(files, target="netlify")) == {"boat.jpg", "original.jpg"}


def test_a_later_link_publishes_an_original(site: Callable[..., Built]) -> None:
    assert _originals(site(FILES)) == set()
    assert _originals(site({"content/link.md": "[whole](/boat.jpg)"})) == {"boat.jpg"}
    kept = site({"content/other.md": "text"})
    assert kept.report.rendered < kept.report.critical
    assert _originals(kept) == {"boat.jpg"}
    assert _originals(site({"content/link.md": "no link"})) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a/My%20Boat.JPG", {"boat.jpg", "20boat.jpg"}),
        ('"x.png" y.webp, z.jpgx .avif', {"x.png", "y.webp", ".avif"}),
        ("a.tar.png(b.gif)", {"a.tar.png", "b.gif"}),
        ("a" * 100_000, set()),
    ],
)
def test_words_of_files_are_found_wherever_they_are(text: str, words: set[str]) -> None:
    assert file_words(text) == words


def test_a_name_that_can_be_written_in_many_ways_has_no_word() -> None:
    assert word_of("a/boat.jpg") == "boat.jpg"
    assert word_of("a/my boat.jpg") == "boat.jpg"
    assert word_of("a/böat.jpg") == ""
