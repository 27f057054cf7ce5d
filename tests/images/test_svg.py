"""Sanitised SVG: drawings stay the same, attacks are gone."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.images.picture_error import PictureError
from ssg.images.svg import MAX_DEPTH, sanitize_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


def sanitized(inner: str, head: str = HEAD) -> str:
    return sanitize_svg(f"{head}{inner}</svg>".encode()).decode()


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 the same


DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" role="img">\
<title>A &amp; B</title><defs><linearGradient id="g" gradientUnits="userSpaceOnUse">\
<stop offset="0" stop-color="red"></stop></linearGradient><clipPath id="c"><rect width="5" \
height="5"></rect></clipPath><style>.a &gt; b { fill: url(#g); stroke-width: 2 }</style></defs>\
<g clip-path="url(#c)" fill="url('#g')" style="opacity: .5; mask: url( #m )" xml:space="preserve">\
<path d="M0 0L5 5" transform="rotate(5)" marker-end="url(#m)"></path>\
<text x="1" font-family="Noto Sans, serif">Text <tspan dy="2">more</tspan></text></g>\
<use href="#g" x="2"></use>\
<image href="data:image/png;base64,iVBORw0KGgo=" width="3"></image>\
<circle r="4"><animate attributeName="r" from="4" to="2" dur="3s" repeatCount="indefinite">\
</animate></circle></svg>"""


def test_a_drawing_stays_as_it_is() -> None:
    assert sanitize_svg(DRAWING.encode()).decode() == DRAWING
    assert sanitize_svg(sanitize_svg(DRAWING.encode())).decode() == DRAWING


def test_prefixes_declarations_and_data_of_programs_are_left_out() -> None:
    data = """<?xml version="1.0" encoding="ISO-8859-1"?>
    <?xml-stylesheet href="https://example.org/a.css"?>
    <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "a.dtd" [<!ENTITY s "http://www.w3.org/2000/svg">]>
    <!-- a comment --><x:svg xmlns:x="&s;" xmlns:ink="urn:ink" ink:version="1" id="caf\xe9">
    <ink:view><x:script/><x:rect/></ink:view><x:metadata>m</x:metadata>
    <x:use xmlns:l="http://www.w3.org/1999/xlink" l:href="#a" l:title="t"/></x:svg>"""
    found = sanitize_svg(data.encode("latin-1")).decode()
    assert re.sub(r"\s*\n\s*", "", found) == (
        '<svg xmlns="http://www.w3.org/2000/svg" id="caf\xe9"><use href="#a"></use></svg>'
    )


ATTACKS = [
    "<script>alert(1)</script>",
    '<script href="data:text/javascript,alert(1)"/>',
    "<g><script><g>alert(1)</g></script></g>",
    '<rect onload="alert(1)" ONCLICK="alert(1)"/>',
    "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='javascript:alert(1)'/>"
    "</foreignObject>",
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>',
    '<a href="javascript:alert(1)"><text>click</text></a>',
    '<a xlink:href="https://example.org/"/>',
    '<use href="https://example.org/a.svg#x"/>',
    '<use xlink:href="data:image/svg+xml;base64,PHN2Zy8+#x"/>',
    '<image href="https://example.org/a.png"/>',
    '<image xlink:href="file:///etc/passwd"/>',
    '<image href="data:image/svg+xml,&lt;svg onload=alert(1)/>"/>',
    '<image href="data:text/html;base64,PHNjcmlwdD4="/>',
    '<feImage href="//example.org/a.png"/>',
    "<style>@import 'https://example.org/a.css';</style>",
    "<style>rect { fill: url(https://example.org/a.svg#x) }</style>",
    "<style>rect { fill: url(#ok) url(//example.org) }</style>",
    "<style>rect { fill: u\\72l(https://example.org/) }</style>",
    "<style>@font-face { src: url(data:font/woff,alert) }</style>",
    "<style>rect { background: image-set('https://example.org/a.png' 1x) }</style>",
    "<style><![CDATA[</style><script>alert(1)</script>]]></style>",
    "<style>rect { behavior: expression(alert(1)) }</style>",
    "<style><g>@import 'https://example.org'</g></style>",
    '<rect style="fill: url(https://example.org/)"/>',
    '<rect fill="url(https://example.org/#a)" cursor="url(//example.org/), auto"/>',
    "<rect filter=\"url( ' https://example.org/#a' )\"/>",
    '<animate attributeName="href" to="javascript:alert(1)"/>',
    '<animate attributeName="xlink:href" values="#a;https://example.org"/>',
    '<animate attributeName="onclick" to="alert(1)"/>',
    '<set attributeName="href" to="javascript:alert(1)"/>',
    '<handler type="application/ecmascript">alert(1)</handler>',
    '<listener event="click" handler="#alert"/>',
    '<svg xml:base="https://example.org/"><use href="#x"/></svg>',
    '<?php alert(1) ?><?xml-stylesheet href="https://example.org/a.css"?>',
    "<discard/><iframe src='https://example.org'/><embed src='https://example.org'/>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_gone(attack: str) -> None:
    found = sanitized(attack + '<rect width="5"/>')
    assert '<rect width="5"></rect></svg>' in found
    shown = found.replace("http://www.w3.org/2000/svg", "")
    hostile = r"alert|script|example|//|onload|onclick|iframe|php|passwd|data:|base=|handler"
    assert not re.search(hostile, shown, re.IGNORECASE), found


def test_texts_that_look_like_markup_stay_texts() -> None:
    text = "&lt;script&gt;1&lt;/script&gt;"
    assert sanitized(f"<text>{text}</text><text><![CDATA[<b>]]></text>") == (
        f'<svg xmlns="http://www.w3.org/2000/svg"><text>{text}</text><text>&lt;b&gt;</text></svg>'
    )
    quoted = sanitized("""<rect id='"&gt;&lt;script x="'/>""")
    assert parsed(quoted)[0].attrib == {"id": '"><script x="'}


REFUSED = {
    "not well-formed": "<svg",
    "another namespace": "<svg/>",
    "not well-formed SVG: no element": "",
    "an XML entity": '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><svg>&c;</svg>',
    "XML entity that": '<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/passwd">]><svg>&a;</svg>',
    f"more than {MAX_DEPTH}": HEAD + "<g>" * MAX_DEPTH + "</g>" * MAX_DEPTH + "</svg>",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_what_is_not_a_drawing_is_an_error(reason: str) -> None:
    with pytest.raises(PictureError, match=reason):
        sanitize_svg(REFUSED[reason].encode())


NAMES = st.sampled_from(
    "svg g a script style text use image foreignObject animate rect x:y xlink:href".split()  # noqa: SIM905 one line
)
KEYS = st.sampled_from(
    ["onload", "href", "xlink:href", "style", "fill", "id", "attributeName", "to", "x:z"]
)
VALUES = st.one_of(
    st.sampled_from(["#a", "javascript:alert(1)", "url(#a)", "url(//b)", "@import", "a\\b", "<&>"]),
    st.text("abcu'\"<>&#:/()rl", max_size=12),
)


@given(st.lists(st.tuples(NAMES, st.dictionaries(KEYS, VALUES, max_size=3), st.booleans(), VALUES)))
def test_what_is_left_is_always_harmless_and_stays_so(
    elements: list[tuple[str, dict[str, str], bool, str]],
) -> None:
    from xml.sax.saxutils import escape, quoteattr

    inner, opened = "", list[str]()
    for name, attributes, is_closed, text in elements:
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        inner += f"<{name}{written}>{escape(text)}"
        opened.append(name)
        if is_closed:
            inner += f"</{opened.pop()}>"
    inner += "".join(f"</{name}>" for name in reversed(opened))
    head = HEAD.replace("<svg ", '<svg xmlns:x="urn:x" ')
    found = sanitized(inner, head)
    assert sanitize_svg(found.encode()).decode() == found
    for element in parsed(found).iter():
        assert element.tag.startswith("{http://www.w3.org/2000/svg}")
        assert element.tag.rpartition("}")[2] not in {"script", "foreignObject", "a"}
        for key, value in element.attrib.items():
            assert not key.startswith("on")
            assert key != "href" or value.strip().startswith("#")
            assert not re.search(r"url\(\s*['\"]?[^#'\"\s]", value, re.IGNORECASE)
            assert "javascript:" not in value
