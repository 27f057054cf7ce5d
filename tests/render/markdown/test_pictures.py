"""Pictures in Markdown, on a site with `[images]`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssg.model.images.picture import Picture
from ssg.render.pictures.image_element import placeholder_style
from tests.conftest import BARE, Built, build_site, write
from tests.images.pictures import encoded, frames, photo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"></svg>'
IMAGES = '[images]\nwidths = [100, 200, 400]\nleast_width = 50\nexclude = ["**/logo*"]\n'
PICTURES: Mapping[str, str | bytes] = {
    "content/blog/boat.jpg": encoded(photo(300, 200), "JPEG"),
    "content/blog/a b&c.jpg": encoded(photo(90, 60), "JPEG"),
    "content/blog/boat.webp": encoded(photo(100, 50), "WEBP"),
    "content/blog/boat.avif": encoded(photo(100, 50), "AVIF", speed=10),
    "content/blog/wide.png": encoded(photo(450, 50), "PNG"),
    "content/blog/dot.png": encoded(photo(20, 10), "PNG"),
    "content/blog/logo.png": encoded(photo(300, 200), "PNG"),
    "content/blog/dance.gif": frames("GIF"),
    "content/blog/plan.svg": SVG,
    "static/top.jpg": encoded(photo(100, 50), "JPEG"),
}
SIZE = ' width="300" height="200" decoding="async"'


def _element(digest: str, alt: str, src_end: str = "", title: str = "") -> str:
    """The element of `boat.jpg`."""

    def srcset(suffix: str) -> str:
        sizes = ((100, 100), (200, 200), (400, 300))
        listed = (f"/sub/_img/{digest}-{name}.{suffix} {width}w" for name, width in sizes)
        return f'srcset="{", ".join(listed)}" sizes="100vw"'

    return (
        f'<picture><source type="image/webp" {srcset("webp")} />'
        f'<img src="/sub/_img/{digest}-200.jpg{src_end}" alt="{alt}"{title} loading="lazy" '
        f"{srcset('jpg')}{SIZE} /></picture>"
    )


def _plain(name: str, size: str, alt: str = "A") -> str:
    return f'<img src="/sub/{name}" alt="{alt}" loading="lazy"{size} decoding="async" />'


BOAT = {
    '![A *b* "c"](boat.jpg "T&")': ('A b "c"', "", ' title="T&amp;"'),
    "![](boat.jpg)": ("", "", ""),
    "![A](<boat.jpg>)": ("A", "", ""),
    "![A](./%62oat.jpg)": ("A", "", ""),
    "![A](boat.jpg#center)": ("A", "#center", ""),
    "![A](boat.jpg?v=1)": ("A", "", ""),
    "![A](/blog/boat.jpg)": ("A", "", ""),
    "![A](@/blog/boat.jpg)": ("A", "", ""),
    "![A][boat]\n\n[boat]: boat.jpg": ("A", "", ""),
    "[![A](boat.jpg)](boat.jpg)": ("A", "", ""),
    "| a |\n|---|\n| ![A](boat.jpg) |": ("A", "", ""),
    "x[^1]\n\n[^1]: ![A](boat.jpg)": ("A", "", ""),
}
WHOLE = {
    "![A](plan.svg)": _plain("blog/plan.svg", ' width="90" height="60"'),
    "![A](dance.gif)": _plain("blog/dance.gif", ' width="120" height="80"'),
    "![A](dot.png)": _plain("blog/dot.png", ' width="20" height="10"'),
    "![A](logo.png)": _plain("blog/logo.png", ' width="300" height="200"'),
    "![A](nothing.jpg)": '<img src="/sub/blog/x/nothing.jpg" alt="A" />',
    "![A](https://example.com/boat.jpg)": '<img src="https://example.com/boat.jpg" alt="A" />',
    "![A](//example.com/boat.jpg)": '<img src="//example.com/boat.jpg" alt="A" />',
    '<img src="boat.jpg" alt="A">': '<img src="boat.jpg" alt="A">',
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A page for each text."""
    root = tmp_path_factory.mktemp("pictures")
    base = BARE["ssg.toml"].replace(".org/", ".org/sub/") + IMAGES
    files = {**BARE, "ssg.toml": base, **PICTURES}
    for number, text in enumerate([*BOAT, *WHOLE, *OTHERS]):
        files[f"content/blog/x{number}.md"] = f"---\npath: /blog/x{number}/\n---\n{text}"
    write(root, files)  # type: ignore[arg-type]  # str or bytes
    return build_site(root)


OTHERS = (
    "![A](boat.avif)",
    "![A](boat.webp)",
    "![A](wide.png)",
    "![A](<a b&c.jpg>)",
    "![A](/top.jpg)",
)


def _html(built: Built, text: str) -> str:
    number = [*BOAT, *WHOLE, *OTHERS].index(text)
    return built.read(f"blog/x{number}/index.html").replace(f"/x{number}/", "/x/")


def _digest(built: Built, path: str) -> str:
    picture = built.site.picture(path)
    assert picture
    return picture.digest


@pytest.mark.parametrize("text", BOAT)
def test_a_picture_has_variants(built: Built, text: str) -> None:
    alt, end, title = BOAT[text]
    alt = alt.replace('"', "&quot;")
    assert _element(_digest(built, "/blog/boat.jpg"), alt, end, title) in _html(built, text)


@pytest.mark.parametrize("text", WHOLE)
def test_a_picture_is_shown_as_it_is(built: Built, text: str) -> None:
    assert WHOLE[text] in _html(built, text)


def test_a_picture_in_the_format_of_all_variants_needs_no_sources(built: Built) -> None:
    """It has a width of its own: the two candidates of one width would be the same."""
    digest = _digest(built, "/blog/boat.webp")
    assert (
        f'<p><img src="/sub/_img/{digest}-100.webp" alt="A" loading="lazy" width="100" height="50" '
        'decoding="async" /></p>'
    ) in _html(built, "![A](boat.webp)")


def test_avif_as_the_original_format_comes_before_webp(built: Built) -> None:
    digest = _digest(built, "/blog/boat.avif")
    assert (
        f'<picture><source type="image/avif" srcset="/sub/_img/{digest}-100.avif" />'
        f'<img src="/sub/_img/{digest}-100.webp" alt="A" '
    ) in _html(built, "![A](boat.avif)")


def test_a_picture_that_is_wider_than_all_widths_has_only_these(built: Built) -> None:
    digest = _digest(built, "/blog/wide.png")
    html = _html(built, "![A](wide.png)")
    assert f'{digest}-400.png 400w" sizes="100vw" width="400" height="44"' in html
    assert html.count("w,") == 4


def test_a_single_candidate_has_no_sizes(built: Built) -> None:
    digest = _digest(built, "/blog/a b&c.jpg")
    assert (
        f'<picture><source type="image/webp" srcset="/sub/_img/{digest}-100.webp" />'
        f'<img src="/sub/_img/{digest}-100.jpg" alt="A" loading="lazy" width="90" height="60" '
        'decoding="async" /></picture>'
    ) in _html(built, "![A](<a b&c.jpg>)")


def test_pictures_of_the_static_folder_have_variants(built: Built) -> None:
    assert f"/sub/_img/{_digest(built, '/top.jpg')}-100.jpg" in _html(built, "![A](/top.jpg)")


def _loading(html: str) -> list[str]:
    return [
        "high" if "fetchpriority" in tag else "eager" if '"eager"' in tag else "lazy"
        for tag in html.split("<img")[1:]
    ]


def test_the_first_pictures_of_a_page_may_load_at_once(site: Callable[..., Built]) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"] + "[images]\neager = 2\n",
        "templates/section.html": "{% for p in section.pages %}{{ p.summary }}{% endfor %}",
        "templates/shortcodes/box.html": "{{ body }}",
        "content/a.jpg": encoded(photo(40, 20), "JPEG"),
        "content/a.md": "![1](a.jpg)\n\n<!-- more -->\n\n"
        "{% box() %}\n![2](a.jpg)\n{% end %}\n\n![3](a.jpg)",
    })  # fmt: skip
    assert _loading(built.read("a/index.html")) == ["high", "eager", "lazy"]
    assert _loading(built.read("index.html")) == ["lazy"]


@pytest.mark.parametrize(
    ("kind", "name", "style"),
    [("color", "a.jpg", True), ("blur", "a.jpg", True), ("none", "a.jpg", False),
     ("blur", "a.png", False)],
)  # fmt: skip
def test_a_placeholder_is_the_background(kind: str, name: str, style: bool) -> None:
    """The facts of the picture are given: this is about HTML alone."""
    picture = Picture(
        f"/{name}", name, "0" * 16, "1" * 64, 300, 200, "jpeg", False, name == "a.png", "",
        "#aabbcc", "data:image/webp;base64,AA==", "",
    )  # fmt: skip
    css = {"color": "background:#aabbcc"}.get(
        kind, "background:url(data:image/webp;base64,AA==) 0 0/100% 100% no-repeat"
    )
    assert placeholder_style(picture, kind) == (css if style else "")


def test_a_broken_picture_is_an_error_with_its_line(problems: Callable[..., list[str]]) -> None:
    files = {
        "ssg.toml": BARE["ssg.toml"] + "[images]\n",
        "content/a.md": "one\n\n![A](cut.jpg)",
        "content/cut.jpg": encoded(photo(40, 20), "JPEG")[:30],
    }
    (line,) = problems(files)
    assert line.startswith('content/a.md:3: the picture "cut.jpg" ')
    assert 'images.broken = "warn"' in line


def test_a_site_may_show_broken_pictures(site: Callable[..., Built], tmp_path: Path) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"] + '[images]\nbroken = "warn"\n',
        "content/a.md": "![A](cut.jpg)",
        "content/cut.jpg": encoded(photo(40, 20), "JPEG")[:30],
    })  # fmt: skip
    assert '<img src="/cut.jpg" alt="A" loading="lazy" decoding="async" />' in built.read(
        "a/index.html"
    )


def test_feeds_have_absolute_urls(site: Callable[..., Built]) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"] + "[feed]\nfull_content = true\n[images]\nwidths = [20, 40]\n",
        "content/a.md": "---\ndate: 2026-01-01\n---\n![A](a.jpg)",
        "content/a.jpg": encoded(photo(40, 20), "JPEG"),
    })  # fmt: skip
    digest, feed = _digest(built, "/a.jpg"), built.read("feed.xml")
    origin = f"https://example.org/_img/{digest}"
    assert f"{origin}-20.webp 20w, {origin}-40.webp 40w" in feed
    assert f"src=&#34;{origin}-40.jpg&#34;" in feed
    assert "/_img/" not in feed.replace("https://example.org/_img/", "")


def test_a_text_in_another_language_has_the_pictures_of_the_default_one(
    site: Callable[..., Built],
) -> None:
    languages = '[languages.en]\nname = "English"\n[languages.fr]\nname = "F"\nfallback = true\n'
    built = site({
        "ssg.toml": BARE["ssg.toml"] + 'default_language = "en"\n' + languages
        + "[images]\nwidths = [40]\n",
        "content/trip/index.md": "![A](sea.jpg)", "content/trip/index.fr.md": "![F](sea.jpg)",
        "content/b/index.md": "![B](bay.jpg)",
        "content/trip/sea.jpg": encoded(photo(40, 20), "JPEG"),
        "content/b/bay.jpg": encoded(photo(40, 20), "JPEG"),
    })  # fmt: skip
    for name, page in (("trip/sea.jpg", "fr/trip"), ("b/bay.jpg", "b")):
        assert f"/_img/{_digest(built, f'/{name}')}-40.jpg" in built.read(f"{page}/index.html")


def test_markdown_outputs_have_absolute_addresses_of_files(site: Callable[..., Built]) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"] + "[outputs]\nmarkdown = true\n[images]\n",
        "content/a/index.md": "![A](@/a/sea.jpg)",
        "content/a/sea.jpg": encoded(photo(40, 20), "JPEG"),
    })  # fmt: skip
    assert "![A](https://example.org/a/sea.jpg)" in built.read("a/index.md")


def test_a_function_writes_the_same_html_without_pillow(site: Callable[..., Built]) -> None:
    files = {
        "ssg.toml": BARE["ssg.toml"] + '[images]\nplaceholder = "blur"\nwidths = [20, 40]\n',
        "templates/page.html": "{{ page.content }}{{ image('/a.jpg', width=10).html }}",
        "content/a.md": "---\ndeferred: true\n---\n![A](a.jpg)",
        "content/a.jpg": encoded(photo(40, 20), "JPEG"),
    }
    made = site(files).read("a/index.html")
    deferred = site({}, target="netlify")
    code = (
        "import sys; sys.modules['PIL'] = None\n"
        "from ssg.model.queries.site import Site\nfrom ssg.render.renderer import Renderer\n"
        f"site = Site.open({str(deferred.report.database)!r})\n"
        "print(Renderer(site).render(site.page_at('/a/')).decode(), end='')"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert "a/index.html" not in deferred.files
    assert found.stdout == made
    assert "placeholder" not in made and "background:url(data:image/webp;base64," in made


@pytest.mark.parametrize(
    ("call", "html"),
    [
        ('src="boat.jpg", alt="A"', '<img src="/_img/BOAT-200.jpg" alt="A" loading="lazy" srcset='),
        ('src="boat.jpg", width=150', '300w" sizes="150px" alt="" width="150" height="100"'),
        ('src="https://x.org/a.png", width=9', '<img src="https://x.org/a.png" alt="" width="9"'),
    ],
)
def test_the_figure_of_the_default_theme_has_several_sizes(
    site: Callable[..., Built], call: str, html: str
) -> None:
    built = site({
        "ssg.toml": 'base_url = "https://example.org/"\n[images]\nwidths = [100, 200, 400]\n',
        "content/a/boat.jpg": PICTURES["content/blog/boat.jpg"],
        "content/a/index.md": f"{{{{ figure({call}) }}}}",
    })  # fmt: skip
    shown = built.read("a/index.html").replace(_digest(built, "/a/boat.jpg"), "BOAT")
    assert html in shown


def test_pictures_of_another_service_have_its_sizes(site: Callable[..., Built]) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"].replace(".org/", ".org/sub/") + "[images]\n"
        '[[images.resized]]\nmatch = "/media/{name}-{width}x{height}.webp"\n'
        'variant = "/media/{name}-{to}.webp"\nwidths = [400]\n',
        "content/a.md": "![A](/media/b-800x600.webp)",
    })  # fmt: skip
    assert (
        '<img src="/sub/media/b-800x600.webp" alt="A" loading="lazy" srcset="/sub/media/b-400.webp '
        '400w, /sub/media/b-800x600.webp 800w" sizes="100vw" width="800" height="600" '
        'decoding="async" />'
    ) in built.read("a/index.html")
