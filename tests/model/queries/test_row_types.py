"""Values that are made from rows have the types that they declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, get_type_hints

from ssg.model.page import PageKind
from ssg.model.queries.site import Site
from tests.conftest import Built

FILES = {
    "ssg.toml": 'title = "S"\nbase_url = "https://x.org/"\n'
    "[[deferred.rules]]\nmatch = 'old/**'\n",
    "content/_index.md": "---\npaginate_by: 1\n---\n",
    "content/a.md": "---\ntitle: A\ndate: 2026-01-31\ntags: [x]\n---\nText",
    "content/old/b.md": "---\nupdated: 2026-01-31\nweight: 3\n---\n{{ n() }}",
    "hooks.py": "def setup(hooks): pass\n",
    "templates/shortcodes/n.html": "n",
    "templates/taxonomy.html": "",
    "templates/term.html": "",
}


def _values(site: Site) -> Iterator[Any]:
    pages = list(site.all_pages())
    yield from pages
    yield from site.templates()
    for page in pages:
        yield from site.terms_of(page.id)
        yield site.body(page.id)
    yield from filter(None, map(site.module, site.module_names()))


def test_each_field_has_its_declared_type(site: Callable[..., Built]) -> None:
    """A compiled build (mypyc) checks them, and an enum would have the methods of one."""
    found = list(_values(site(FILES).site))
    assert len({type(value) for value in found}) == 5
    for value in found:
        hints = get_type_hints(type(value))
        names = getattr(value, "_fields", None) or [one.name for one in fields(value)]
        for name in names:
            field = getattr(value, name)
            allowed = getattr(hints[name], "__args__", None) or (hints[name],)
            assert type(field) in allowed, (type(value).__name__, name, field)


def test_each_kind_of_a_row_is_the_value_of_a_kind(site: Callable[..., Built]) -> None:
    kinds = {page.kind for page in site(FILES).site.all_pages()}
    assert kinds <= set(PageKind)
    assert {type(kind) for kind in kinds} == {str}
