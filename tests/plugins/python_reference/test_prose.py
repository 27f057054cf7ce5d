"""Texts of docstrings become Markdown, and names in them links."""

from __future__ import annotations

import pytest

from ssg.plugins.python_reference.addresses import entries_of, places_of
from ssg.plugins.python_reference.links import Context, Links
from ssg.plugins.python_reference.load_packages import load_packages
from ssg.plugins.python_reference.members import Members
from ssg.plugins.python_reference.options import Options
from ssg.plugins.python_reference.prose import as_markdown, plain
from tests.plugins.python_reference.reading import CONFIG, HERE

BOAT = "@/api/google_boats/boat/Boat.md"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """As if written in the module `google_boats`."""
    root = tmp_path_factory.mktemp("site")
    (root / "content/docs").mkdir(parents=True)
    (root / "content/docs/start.md").write_text("")
    options = Options(("google_boats",), CONFIG, search_paths=(str(HERE / "packages"),))
    packages, members = load_packages(root, options), Members(options)
    entries = entries_of(packages.roots, options.folder, members)
    links = Links(places_of(entries, members), packages.collection, root / "content")
    return Context(links, entries[0].symbol, entries[0].place)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A `Boat`, ``Boat``.", f"A [`Boat`]({BOAT}), [``Boat``]({BOAT})."),
        ("`Boat.name`, `boat.Boat`", f"[`Boat.name`]({BOAT}#name), [`boat.Boat`]({BOAT})"),
        ("`google_boats.boat.Boat.sail()`", f"[`google_boats.boat.Boat.sail()`]({BOAT}#sail)"),
        ("`DEPTH`", "[`DEPTH`](@/api/google_boats/_index.md#DEPTH)"),
        ("`Anchor.drop`", "[`Anchor.drop`](@/api/google_boats/Anchor.md#drop)"),
        ("`nothing`, `x = Boat`, `os.path`", "`nothing`, `x = Boat`, `os.path`"),
        ("`google_boats`", "`google_boats`"),  # this page
        ("[`Boat`][] [Boat][] [a][Boat]", f"[`Boat`]({BOAT}) [Boat]({BOAT}) [a]({BOAT})"),
        ("[a][nothing] [b][] [`c`][]", r"a \[b\]\[\] `c`"),
        ("[a](https://b.example/) [1]", "[a](https://b.example/) [1]"),
        (":class:`Boat` :py:meth:`.Boat.sail`", f"[`Boat`]({BOAT}) [`Boat.sail`]({BOAT}#sail)"),
        (":class:`!Boat` :obj:`~a.b.C`", "`Boat` `C`"),
        (":meth:`to sail <Boat.sail>`", f"[to sail]({BOAT}#sail)"),
        (":math:`x` :unknown:`y`", "`x` `y`"),
        ("`a link <https://b.example/>`_ [2]_", r"[a link](https://b.example/) \[2\]"),
        ("`content/docs/start.md`", "[`content/docs/start.md`](@/docs/start.md)"),
        ("`content/docs/none.md`", "`content/docs/none.md`"),
        ("{{ a }} {% b %} <c> { d }", r"\{{ a }} \{% b %} \<c> { d }"),
        ("`{{ a }}` <https://b.example/x_y_z>", "`{{ a }}` <https://b.example/x_y_z>"),
        ("the __init__ of a_b_c", r"the \_\_init\_\_ of a_b_c"),
        ("# One\n\nTwo\n---", "## One\n\n## Two"),
        ("```text\n`Boat` {{ x }}\n\n<y>\n```\n\nb", "```text\n`Boat` {{ x }}\n\n<y>\n```\n\nb"),
        (">>> 1\n1", "```pycon\n>>> 1\n1\n```"),
        ("So::\n\n    a\n\n    b\n\nc", "So:\n\n```python\na\n\nb\n```\n\nc"),
        ("::\n\n    a", "```python\na\n```"),
        (".. code-block:: js\n   :linenos:\n\n   a", "```js\na\n```"),
        (".. deprecated:: 2 A `B`.", "> [!WARNING] Deprecated since 2\n> A `B`."),
        (".. versionadded:: 2.0", "> [!NOTE] Added in 2.0"),
        (".. unknown:: x\n\n   y", "```text\n.. unknown:: x\n\n    y\n```"),
        (".. _label:\n\na\n\n.. a comment\n   of two lines\n\nb", "a\n\nb"),
        ("- a\n- `Boat`   ", f"- a\n- [`Boat`]({BOAT})"),
        ("a    b\nc    d", "```text\na    b\nc    d\n```"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_text_becomes_markdown(context: Context, text: str, wanted: str) -> None:
    assert as_markdown(text, context) == wanted


def test_a_description_has_no_marks() -> None:
    text = "A `Boat`, :class:`~a.Boat`, [`b`][], [c](d), **e** and `f <g>`_"
    assert plain(text) == "A Boat, Boat, b, c, e and f"
