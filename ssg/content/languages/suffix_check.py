"""Warns of file names with the suffix of a language that the site does not have."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from ssg.content.source.document import SourceDocument
from ssg.model.errors import Location, Problem, did_you_mean

_MARKED = re.compile(r"(.+)\.(([a-z]{2})(?:-[A-Za-z]{2,4})?)\.md")

_TWO_LETTERS = (
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
    "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
    "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
    "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
    "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
)
"""Language codes of two letters (ISO 639-1)."""
_CODES = frozenset(_TWO_LETTERS.split())


def unknown_suffixes(
    documents: Sequence[SourceDocument], languages: Collection[str]
) -> Iterator[Problem]:
    """A warning for each file such as `post.de.md` in a site without German.

    In a site with one language a name may end in such a way by chance (`socket.io.md`), so it is a
    warning only if the same page exists without the suffix.
    """
    marked = [
        (document.source, found)
        for document in documents
        if document.source.count(".") > 1 and (found := _MARKED.fullmatch(document.source))
    ]
    if not marked:
        return
    names = frozenset() if languages else {document.source for document in documents}
    for source, found in marked:
        code, is_likely = found[2], bool(languages) or f"{found[1]}.md" in names
        if is_likely and found[3] in _CODES and code not in languages:
            hint = did_you_mean(code, languages) or f"Add [languages.{code}] if it is one"
            message = f'"{code}" is not a language of this site, so it is part of the name'
            yield Problem(message, Location(f"content/{source}"), hint)
