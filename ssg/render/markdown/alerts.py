"""Alerts: quotations that begin with `[!KIND] Title`, as on GitHub and in Obsidian.

Each kind of Obsidian is known by all its names. `[!KIND]-` is shown folded and `[!KIND]+` open, and
both can be folded by readers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ssg.render.markdown.page_state import Token

_ALIASES: Mapping[str, str] = {
    "summary": "abstract", "tldr": "abstract", "hint": "tip", "check": "success", "done": "success",
    "help": "question", "faq": "question", "attention": "warning", "fail": "failure",
    "missing": "failure", "error": "danger", "cite": "quote",
}  # fmt: skip
KINDS = (
    "note", "tip", "important", "warning", "caution", "abstract", "info", "todo", "success",
    "question", "failure", "danger", "bug", "example", "quote",
)  # fmt: skip
"""The kinds of GitHub, and those that Obsidian has besides."""

_TITLES: Mapping[str, Mapping[str, str]] = {
    "en": {"faq": "FAQ", "tldr": "TL;DR", "todo": "To do"},
    "de": {
        "note": "Hinweis", "tip": "Tipp", "important": "Wichtig", "warning": "Warnung",
        "caution": "Vorsicht", "abstract": "Zusammenfassung", "info": "Info", "todo": "Zu tun",
        "success": "Erledigt", "question": "Frage", "failure": "Fehlgeschlagen",
        "danger": "Gefahr", "bug": "Fehler", "example": "Beispiel", "quote": "Zitat",
    },
    "fr": {
        "tip": "Astuce", "warning": "Avertissement", "caution": "Attention", "abstract": "Résumé",
        "todo": "À faire", "success": "Réussi", "failure": "Échec", "bug": "Bogue",
        "example": "Exemple", "quote": "Citation",
    },
}  # fmt: skip
_MARKER = re.compile(
    rf"[ \t]*\[!({'|'.join([*KINDS, *_ALIASES])})\]([-+]?)[ \t]*([^\n]*)(?:\n|\Z)", re.I
)


def make_alert(token: Token) -> None:
    """Turn a quotation whose first line is a marker into an alert."""
    first = token["children"][0]
    match = _MARKER.match(first["text"]) if first["type"] == "paragraph" else None
    if match is None:
        return
    name = match[1].lower()
    fold = {"-": "closed", "+": "open"}.get(match[2], "")
    kind = _ALIASES.get(name, name)
    token.update(type="alert", kind=kind, name=name, fold=fold, title=match[3].strip())
    first["text"] = first["text"][match.end() :]
    if not first["text"].strip():
        del token["children"][0]


def default_title(token: Token, language: str) -> str:
    """Return the title of an alert that has none of its own."""
    titles, kind, name = _TITLES.get(language, {}), token["kind"], token["name"]
    return titles.get(name) or titles.get(kind) or _TITLES["en"].get(name) or name.capitalize()
