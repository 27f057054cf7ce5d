r"""The addresses that a text of a stranger may use.

An address gets here after the parser has resolved character references and escapes and
percent-encoded what is not allowed in a URL. `_CHARACTERS` makes sure of it: an address consists of
ASCII characters that a browser neither removes nor takes for others. A browser removes tabs and
line ends from addresses, and takes `\` for `/`.
"""

from __future__ import annotations

import re

MAX_URL_LENGTH = 2_000
"""The number of characters of an address. Old browsers and many programs end there, too."""

ID_PREFIX = "user-"
"""Begins each id in a text, so that no id equals one of the page or shadows a variable of a script.

`document.cookie` and other names can be shadowed by the id of an element (DOM clobbering).
"""

_CHARACTERS = re.compile(r"[A-Za-z0-9_.~:/?#@!$&'()*+,;=%-]*")
_WEB = re.compile(r"(https?)(://[A-Za-z0-9_.~%-]+(?::[0-9]{1,5})?(?:[/?#].*)?)", re.I)
_MAIL = re.compile(r"(mailto)(:[^:/?#]+(?:\?.*)?)", re.I)
_RELATIVE = re.compile(r"(?!//|@/)[^:/?#]*(?:[/?#].*)?")


def allowed_url(url: str, base: str, id_prefix: str = ID_PREFIX) -> str:
    """Return the address as it may be used in a link, or '' if it may not be used.

    `base` is the path of the site: a path of the site is below it. A fragment names an id of the
    text.
    """
    if len(url) > MAX_URL_LENGTH or not _CHARACTERS.fullmatch(url):
        return ""
    if absolute := _WEB.fullmatch(url) or _MAIL.fullmatch(url):
        return absolute[1].lower() + absolute[2]
    if not _RELATIVE.fullmatch(url):
        return ""
    if url.startswith("/"):
        return base + url
    return _own_fragment(url, id_prefix) if url.startswith("#") else url


def allowed_image_url(url: str, base: str) -> str:
    """Return the address as it may be used for an image, or ''."""
    allowed = allowed_url(url, base)
    return "" if allowed.startswith(("mailto:", "#", "?")) else allowed


def _own_fragment(url: str, id_prefix: str) -> str:
    name = url[1:].removeprefix(id_prefix)
    return f"#{id_prefix}{name}" if name else url
