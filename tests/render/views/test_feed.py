"""Feeds and sitemaps, read as machines read them."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from tests.conftest import Built

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SUB = 'theme = ""\nbase_url = "https://example.org/sub/"\ntitle = "A & B"\nauthor = "Me"\n'
FULL = SUB + "[feed]\nfull_content = true\nlimit = 2\n"
POSTS = {
    "content/blog/_index.md": "---\ntitle: Blog\ngenerate_feeds: true\n---\n",
    "content/blog/old.md": "---\ndate: 2024-01-01\n---\nold",
    "content/blog/new.md": "---\ntitle: 1 < 2 & 3\ndate: 2025-01-01T10:00:00+02:00\n"
    "updated: 2025-02-01\nauthors: [Ann, Bob]\ntags: [x&y]\nsummary: Short <b>\n---\n"
    "[a](/a/) ![b](@/away.md)\n\f\v",
    "content/blog/undated.md": "no date",
    "content/away.md": "---\ndate: 2025-06-01\n---\n"
    "Intro [l](@/blog/old.md).\n\n<!--more-->\n\nrest",
}


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 our own


def _entries(text: str) -> list[ET.Element]:
    return parse(text).findall(f"{ATOM}entry")


def _titles(text: str) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in _entries(text)]


def test_a_feed_is_well_formed_and_absolute(site: Callable[..., Built]) -> None:
    text = site({**POSTS, "ssg.toml": SUB}).read("feed.xml")
    feed = parse(text)
    assert feed.findtext(f"{ATOM}title") == "A & B"
    assert _titles(text) == ["Away", "1 < 2 & 3", "Old"]
    assert feed.findtext(f"{ATOM}updated") == "2025-06-01T00:00:00+00:00"
    urls = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
    urls += [element.text or "" for element in feed.iter(f"{ATOM}id")]
    assert urls
    assert all(url.startswith("https://example.org/sub/") for url in urls)


def test_an_entry_says_who_and_when(site: Callable[..., Built]) -> None:
    entry = _entries(site({**POSTS, "ssg.toml": SUB}).read("feed.xml"))[1]
    assert entry.findtext(f"{ATOM}published") == "2025-01-01T08:00:00+00:00"
    assert entry.findtext(f"{ATOM}updated") == "2025-02-01T00:00:00+00:00"
    assert [name.text for name in entry.iter(f"{ATOM}name")] == ["Ann", "Bob"]
    category = entry.find(f"{ATOM}category")
    assert category is not None
    assert category.get("term") == "x&y"
    assert entry.findtext(f"{ATOM}summary") == "<p>Short &lt;b&gt;</p>"


def test_links_in_an_entry_are_absolute(site: Callable[..., Built]) -> None:
    entries = _entries(site({**POSTS, "ssg.toml": SUB}).read("feed.xml"))
    summary = entries[0].findtext(f"{ATOM}summary") or ""
    assert 'href="https://example.org/sub/blog/old/"' in summary


def test_a_feed_can_contain_full_texts_of_the_newest(site: Callable[..., Built]) -> None:
    text = site({**POSTS, "ssg.toml": FULL}).read("feed.xml")
    assert _titles(text) == ["Away", "1 < 2 & 3"]
    content = _entries(text)[1].findtext(f"{ATOM}content") or ""
    assert 'href="https://example.org/sub/a/"' in content
    assert 'src="https://example.org/sub/away/"' in content


def test_what_xml_forbids_breaks_no_feed(site: Callable[..., Built]) -> None:
    files = {"content/a.md": '---\ntitle: "a\\x0bb\\x00"\ndate: 2025-01-01\n---\n'}
    assert _titles(site(files).read("feed.xml")) == ["ab"]


def test_the_feed_of_a_section_lists_its_pages(site: Callable[..., Built]) -> None:
    text = site({**POSTS, "ssg.toml": SUB}).read("blog/feed.xml")
    assert _titles(text) == ["1 < 2 & 3", "Old"]
    assert parse(text).findtext(f"{ATOM}title") == "Blog · A & B"


def test_a_feed_without_entries_is_a_feed(site: Callable[..., Built]) -> None:
    feed = parse(site().read("feed.xml"))
    assert feed.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_feeds_can_be_renamed_or_turned_off(site: Callable[..., Built]) -> None:
    named = site({**POSTS, "ssg.toml": SUB + '[feed]\nfilename = "atom.xml"\n'})
    assert {"atom.xml", "blog/atom.xml"} < set(named.files)
    off = site({"ssg.toml": SUB + "[feed]\nenabled = false\n"})
    assert not [name for name in off.files if name.endswith(("feed.xml", "atom.xml"))]


def test_a_deferred_page_is_in_feed_and_sitemap(site: Callable[..., Built]) -> None:
    rules = '[[deferred.rules]]\nmatch = "**"\n'
    built = site({**POSTS, "ssg.toml": SUB + rules}, target="netlify")
    assert not (built.report.output / "blog/old/index.html").exists()
    assert "Old" in _titles(built.read("feed.xml"))
    assert "https://example.org/sub/blog/old/" in _locations(built.read("sitemap.xml"))


def _locations(text: str) -> list[str | None]:
    return [url.findtext(f"{SITEMAP}loc") for url in parse(text)]


def test_a_sitemap_lists_every_page_once_with_its_last_change(site: Callable[..., Built]) -> None:
    built = site({**POSTS, "ssg.toml": SUB, "content/ü & x.md": ""})
    text = built.read("sitemap.xml")
    locations = _locations(text)
    assert len(locations) == len(set(locations))
    assert "https://example.org/sub/%C3%BC-x/" in locations
    assert not [url for url in locations if url and url.endswith((".xml", ".html"))]
    changes = {
        url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in parse(text)
    }
    assert changes["https://example.org/sub/blog/new/"] == "2025-02-01T00:00:00+00:00"
    assert changes["https://example.org/sub/blog/undated/"] is None
