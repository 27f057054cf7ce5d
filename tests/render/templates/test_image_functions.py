"""Functions and filters of templates for pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import BARE, Built, build_site, write
from tests.images.pictures import encoded, photo
from tests.render.conftest import only_at

IMAGES = """
[images]
widths = [100, 200, 400]
exclude = ["**/logo.png"]
[images.recipes]
thumb = { width = 30, height = 30 }
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"></svg>'
PICTURES = {
    "content/blog/boat.jpg": encoded(photo(300, 200), "JPEG"),
    "content/blog/logo.png": encoded(photo(40, 30), "PNG"),
    "content/blog/plan.svg": SVG,
    "content/blog/strip.png": encoded(photo(100, 17_000), "PNG"),
    "content/trip/index.md": "x",
    "content/trip/sea.jpg": encoded(photo(90, 60), "JPEG"),
    "static/img/top.jpg": encoded(photo(50, 40), "JPEG"),
}
TALL = encoded(photo(20, 17_000), "PNG")
BOAT = "/sub/_img/BOAT"
CALLS = {
    # sizes of the site
    "image('boat.jpg')": f"{BOAT}-200.jpg",
    "image('boat.jpg').srcset": f"{BOAT}-100.jpg 100w, {BOAT}-200.jpg 200w, {BOAT}-400.jpg 300w",
    "image('boat.jpg').sources[0].type": "image/webp",
    "image('boat.jpg').sources[0].srcset": f"{BOAT}-100.webp 100w, {BOAT}-200.webp 200w, "
    f"{BOAT}-400.webp 300w",
    "image('boat.jpg', format='png').sources | length": "0",
    "image('boat.jpg', quality=50, format='webp').url": f"{BOAT}-200-q50.webp",
    "image('boat.jpg').width ~ 'x' ~ image('boat.jpg').height": "300x200",
    "image('boat.jpg').orig_width": "300",
    "image('boat.jpg').path": "/blog/boat.jpg",
    "image('boat.jpg').format": "jpeg",
    "image('boat.jpg').permalink": "https://example.org/sub/_img/BOAT-200.jpg",
    "image('boat.jpg', alt='<b>').alt": "&lt;b&gt;",
    # one size
    "image('boat.jpg', width=60).url": f"{BOAT}-60.jpg",
    "image('boat.jpg', 60).srcset": f"{BOAT}-60.jpg 1x, {BOAT}-120.jpg 2x",
    "image('boat.jpg', 200).srcset": f"{BOAT}-200.jpg 1x, {BOAT}-400.jpg 1.5x",
    "image('boat.jpg', width=300).srcset": "",
    "image('boat.jpg', width=60, density=1).srcset": "",
    "image('boat.jpg', width=60, density=[1, 1.5]).srcset": f"{BOAT}-60.jpg 1x, {BOAT}-90.jpg 1.5x",
    "image('boat.jpg', width=60, sizes='50vw').srcset": f"{BOAT}-60.jpg 60w, {BOAT}-120.jpg 120w",
    "image('boat.jpg', width=60).width": "60",
    "image('boat.jpg', height=20, density=1).width": "30",
    "image('boat.jpg', width=60, height=60).url": f"{BOAT}-60x60-cover.jpg",
    "image('boat.jpg', 60, 60, fit='contain').height": "40",
    "image('boat.jpg', 60, 60, fit='crop', focus='top left').url": f"{BOAT}-60x60-crop-0.0.jpg",
    "image('boat.jpg', 60, 60, fit='crop').srcset": "",
    "image('boat.jpg', 60, 60, fit='scale').srcset": f"{BOAT}-60x60-scale.jpg 1x, "
    f"{BOAT}-120x120-scale.jpg 2x",
    "image('boat.jpg', recipe='thumb').srcset": f"{BOAT}-30x30-cover.jpg 1x, "
    f"{BOAT}-60x60-cover.jpg 2x",
    "image('boat.jpg', recipe=page.extra.recipe).url": f"{BOAT}-30x30-cover.jpg",
    # elements
    "image('boat.jpg', width=300, format='jpg', alt='A \"b\"', title='T').html": f'<img src="{BOAT}'
    '-300.jpg" alt="A &#34;b&#34;" title="T" loading="lazy" width="300" height="200" '
    'decoding="async" />',
    "image('boat.jpg', width=300, format='jpg', loading='eager', class='x', "
    "attrs={'id': 'y', 'hidden': true}).html": f'<img src="{BOAT}-300.jpg" alt="" loading="eager" '
    'class="x" id="y" hidden width="300" height="200" decoding="async" />',
    "image('strip.png', alt='S').html": '<img src="/sub/blog/strip.png" alt="S" loading="lazy" '
    'width="100" height="17000" decoding="async" />',
    "image('plan.svg', alt='P').html": '<img src="/sub/blog/plan.svg" alt="P" loading="lazy" '
    'width="90" height="60" decoding="async" />',
    "image('plan.svg', width=45).height": "30",
    "image('logo.png', width=20).url[-7:]": "-20.png",
    # names
    "image('../trip/sea.jpg').path": "/trip/sea.jpg",
    "image('sea.jpg', page=get_page('trip/index.md')).path": "/trip/sea.jpg",
    "image('@/trip/sea.jpg').path": "/trip/sea.jpg",
    "image('/trip/sea.jpg').path": "/trip/sea.jpg",
    "image('trip/sea.jpg').path": "/trip/sea.jpg",
    "image('content/trip/sea.jpg').path": "/trip/sea.jpg",
    "image('/img/top.jpg').path": "/img/top.jpg",
    "image('static/img/top.jpg').path": "/img/top.jpg",
    "image(image('boat.jpg'), 60).url": f"{BOAT}-60.jpg",
    "image('nothing.jpg', allow_missing=true)": "None",
    "get_image_metadata('nothing.jpg', allow_missing=true)": "None",
    "image('x' * 2001, allow_missing=true)": "None",
    # names of Zola
    "resize_image(path='boat.jpg', width=60, height=60).url": f"{BOAT}-60x60-cover.jpg",
    "resize_image(path='boat.jpg', width=60, op='fit_width').height": "40",
    "resize_image(path='boat.jpg', height=40, op='fit_height', format='webp').url": f"{BOAT}"
    "-x40.webp",
    "resize_image(path='boat.jpg', width=60, height=60, op='fit').height": "40",
    "resize_image(path='boat.jpg', width=60, height=60, op='scale', quality=9).static_path": "_img/"
    "BOAT-60x60-scale-q9.jpg",
    "resize_image(path='boat.jpg', width=60, height=60).orig_height": "200",
    "get_image_metadata(path='plan.svg').mime": "image/svg+xml",
    "get_image_metadata(path='boat.jpg').width": "300",
    # filters of Hugo
    "'boat.jpg' | resize('60x')": f"{BOAT}-60.jpg",
    "'boat.jpg' | resize('x40 webp')": f"{BOAT}-x40.webp",
    "'boat.jpg' | resize('60x60')": f"{BOAT}-60x60-scale.jpg",
    "image('boat.jpg') | fit('60x60')": f"{BOAT}-60x60-contain.jpg",
    "('boat.jpg' | fill('60x30 TopLeft webp q75 Lanczos')).url": f"{BOAT}-60x30-cover-0.0-q75.webp",
    "'boat.jpg' | crop('60x30 Smart')": f"{BOAT}-60x30-crop.jpg",
}  # fmt: skip
LOOP = (
    "{% for w, h in [(31, 21), (32, 22)] %}{{ image('boat.jpg', w, h, density=1) }} {% endfor %}"
    "{% set v = 33 %}{{ image('boat.jpg', width=v) }}"
    "{% macro m(v=34) %}{{ image('/blog/boat.jpg', width=v) }}{% endmacro %} {{ m() }}"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A page with the text of each call."""
    root = tmp_path_factory.mktemp("pictures")
    calls = "\n".join(f"{{{{ {call} }}}}" for call in CALLS)
    template = only_at("/blog/a/", f"{calls}\n\n{LOOP}")
    files = {
        **BARE, **PICTURES, "ssg.toml": BARE["ssg.toml"].replace(".org/", ".org/sub/") + IMAGES,
        "content/blog/a.md": "---\nextra: {recipe: thumb}\n---\n", "templates/page.html": template,
    }  # fmt: skip
    write(root, files)
    return build_site(root)


def _lines(built: Built) -> list[str]:
    picture = built.site.picture("/blog/boat.jpg")
    assert picture
    text = built.read("blog/a/index.html").removesuffix("\n")
    return text.replace(picture.digest, "BOAT").split("\n")


@pytest.mark.parametrize("call", CALLS)
def test_a_call_gives(built: Built, call: str) -> None:
    assert _lines(built)[[*CALLS].index(call)] == CALLS[call]


def test_constants_of_loops_and_variables_are_known_at_the_build(built: Built) -> None:
    names = ("31x21-cover", "32x22-cover", "33", "34")
    assert _lines(built)[-1].split() == [f"{BOAT}-{name}.jpg" for name in names]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("image('boot.jpg')", 'image: there is no picture "boot.jpg" -> Did you mean "boat.jpg"?'),
        ("image('cut.jpg')", 'image: the picture "cut.jpg" '),
        ("image('boat.jpg', 60, 60, fit='cower')", 'image: unknown fit "cower"'),
        ("image('boat.jpg', recipe='thump')", 'there is no recipe "thump" -> Did you mean "thumb"'),
        ("image('boat.jpg', format='bmp')", 'unknown format "bmp"'),
        ("image('boat.jpg', width='60')", "\"width\" must be a whole number, not '60'"),
        (
            "image('boat.jpg', attrs={'a onload': 'x'})",
            "'a onload' is not the name of an attribute",
        ),
        (
            "image('tall.png', width=20)",
            "image: this variant would have 20 x 17000 pixels -> A side has at most 16383",
        ),
        ("image('boat.jpg', widht=60)", 'unknown argument "widht" -> Did you mean "width"?'),
        (
            "image('boat.jpg', width=page.weight + 77)",
            'the site has no recipe "77" in webp -> The build knows only sizes that are '
            "constants in templates; list others below [images.recipes]: any_name = { width = 77 }",
        ),
        ("resize_image('boat.jpg', 60, 60, op='fitt')", 'unknown operation "fitt"'),
        ("'boat.jpg' | fill('60x')", '"60x" has no width and height'),
        ("'boat.jpg' | fill('60x60 topp')", '"topp" is not a part of a size'),
        ("'boot.jpg' | resize('60x')", 'resize: there is no picture "boot.jpg"'),
        ("get_image_metadata('boot.jpg')", 'get_image_metadata: there is no picture "boot.jpg"'),
    ],
)
def test_a_wrong_call_is_an_error_with_its_line(
    problems: Callable[..., list[str]], call: str, message: str
) -> None:
    (line,) = problems({
        "ssg.toml": BARE["ssg.toml"] + IMAGES,
        "content/blog/boat.jpg": PICTURES["content/blog/boat.jpg"],
        "content/blog/cut.jpg": encoded(photo(40, 20), "JPEG")[:30],
        "content/blog/tall.png": TALL,
        "content/blog/a.md": "",
        "templates/page.html": f"\n{{{{ {call} }}}}",
    })  # fmt: skip
    assert line.startswith("templates/page.html:2: ")
    what, _, hint = message.partition(" -> ")
    assert what in line
    assert hint in line


def test_a_site_without_images_says_so(problems: Callable[..., list[str]]) -> None:
    (line,) = problems({
        "content/a.md": "",
        "templates/page.html": "{{ image('a.jpg', allow_missing=true) }}{{ image('a.jpg') }}",
    })  # fmt: skip
    assert "image: this site has no [images]" in line


def test_a_render_hook_has_the_picture(site: Callable[..., Built]) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"] + IMAGES + "\n",
        "content/blog/boat.jpg": PICTURES["content/blog/boat.jpg"],
        "content/blog/a.md": '![A "b"](boat.jpg "T") ![N](nothing.jpg)',
        "templates/markdown/image.html": "[{{ image.html if image else image }}|{{ alt }}]",
    })  # fmt: skip
    html = built.read("blog/a/index.html")
    assert 'alt="A &#34;b&#34;" title="T" loading="lazy" srcset="' in html
    assert "[None|N]" in html


@pytest.mark.parametrize(
    ("images", "template", "has_style"),
    [
        ("", "{{ image('boat.jpg').color }}", False),
        ("", "{{ 'boat.jpg' | dominant_color }}{{ 'boat.jpg' | placeholder }}", False),
        ("", "{{ image('boat.jpg', placeholder='color').html }}", True),
        ('placeholder = "blur"\n', "{{ page.content }}", True),
    ],
)
def test_colours_are_found_if_templates_or_the_site_show_them(
    site: Callable[..., Built], images: str, template: str, has_style: bool
) -> None:
    built = site({
        "ssg.toml": BARE["ssg.toml"] + "[images]\nwidths = [100]\n" + images,
        "content/blog/boat.jpg": PICTURES["content/blog/boat.jpg"],
        "content/blog/a.md": "![A](boat.jpg)",
        "templates/page.html": template,
    })  # fmt: skip
    html, picture = built.read("blog/a/index.html"), built.site.picture("/blog/boat.jpg")
    assert picture and picture.color.startswith("#")
    assert (' style="background:' in html) is has_style
    assert picture.color in html or picture.placeholder in html
