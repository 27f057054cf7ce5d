"""URL paths of a site: making, checking, and turning them into files and links.

A *path* is site-relative, decoded and canonical: `/`, `/blog/post/`, `/feed.xml`. One that ends
in a slash is the file `index.html` of that folder.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import takewhile
from urllib.parse import quote, unquote_to_bytes, urlsplit

INDEX_FILE = "index.html"
MAX_SEGMENT_BYTES = 255  # NAME_MAX of every common file system

_GAP = re.compile(r"(\w?)([^\w.]+)")
_SLUG = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
"""The usual name, which is a slug already."""
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\?#%*:\"<>|]")
_PLAIN = re.compile(r"[A-Za-z0-9_./~-]*")
"""A path without characters to encode."""
_USUAL = re.compile(r"(?:/[a-z0-9_-]+)*/?")
"""The usual path, which needs no further check."""
_FORBIDDEN_NAMES = 'a control character or one of \\ ? # % * : " < > |'


def slugify(text: str) -> str:
    """`Hello, Wörld!` -> `hello-wörld`. Letters of every script stay; '' if nothing is left."""
    if _SLUG.fullmatch(text):
        return text
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    return _GAP.sub(_dash, composed).strip("-.")


def _dash(gap: re.Match[str]) -> str:
    """A dash between words. Vowel signs and accents stay, as they belong to the letter before."""
    letter, rest = gap.groups()
    marks = "".join(takewhile(_is_mark, rest)) if letter else ""
    return letter + marks + ("-" if len(marks) < len(rest) else "")


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in {"Mn", "Mc"}


def path_problem(path: str) -> str | None:
    """Why `path` cannot be a page's URL path, or None if it can."""
    if len(path) <= MAX_SEGMENT_BYTES and _USUAL.fullmatch(path):
        return None
    segments = path.split("/")
    if ".." in segments or "." in segments:
        return "leaves the publish folder"
    if match := _FORBIDDEN.search(path):
        return f"contains {match.group()!r}; a URL path may not contain {_FORBIDDEN_NAMES}"
    if any(len(segment.encode()) > MAX_SEGMENT_BYTES for segment in segments):
        return f"has a part longer than {MAX_SEGMENT_BYTES} bytes, which no file system accepts"
    return None


def canonical_path(text: str) -> str:
    """`about`, `/about`, `about/` -> `/about/`; `feed.xml` -> `/feed.xml`. Slashes are merged."""
    segments = [part for part in unicodedata.normalize("NFC", text).split("/") if part]
    path = "/" + "/".join(segments)
    is_file = bool(segments) and "." in segments[-1].strip(".") and not text.endswith("/")
    return path if is_file or path == "/" else path + "/"


def output_file(path: str) -> str:
    """The file of a path in the publish folder: `/blog/` -> `blog/index.html`."""
    return path[1:] + INDEX_FILE if path.endswith("/") else path[1:]


def quote_path(path: str) -> str:
    """Percent-encode a path for a link or a `Location` (RFC 3986, section 3.3)."""
    return path if _PLAIN.fullmatch(path) else quote(path, safe="/~!$&'()*+,;=:@")


def decode_path(raw: str) -> str | None:
    """Decode the path of a request exactly once; None if it is not UTF-8 or contains a NUL."""
    if _PLAIN.fullmatch(raw):
        return raw
    try:
        text = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeError:
        return None
    return None if "\x00" in text else text


def base_path(base_url: str) -> str:
    """The path of a base URL without a slash at the end: `https://x.org/docs/` -> `/docs`."""
    return urlsplit(base_url).path.rstrip("/")
