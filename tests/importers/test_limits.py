"""What an import reads and evaluates is limited: each of these sites ends soon, with a reason."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from ssg.importers import limits, source_tree
from ssg.importers.limits import TimeLimitError, time_limit, value_problem
from ssg.importers.registry import import_site
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError
from tests.conftest import Files, write
from tests.importers.old import BARE, Imported

Old = Callable[..., Imported]

SECONDS = 15
"""More than the limit of a small site, for slow machines."""


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    start = time.monotonic()
    yield
    assert time.monotonic() - start < SECONDS


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter limits, so that the tests end sooner."""
    monkeypatch.setattr(limits, "_SECONDS_PER_TEXT", 0.3)
    monkeypatch.setattr(limits, "_SECONDS_PER_SITE", 1.0)
    monkeypatch.setattr(limits, "_CHARACTERS_PER_SECOND", 2_000_000)


FRONT = "---\ntitle: A\n---\n"
CALL = "{% assign a = a | "
SPLIT = "{% assign a = 'x' | split: '' %}"
LIQUID = [
    "{% for i in (1..100000000) %}x{% endfor %}",
    "{% for i in (1..100000000) reversed %}x{% endfor %}",
    "{% for i in (1..100000000) limit: 3 offset: 90000000 %}x{% endfor %}",
    "{% tablerow i in (1..100000000) %}x{% endtablerow %}",
    "{% for i in (1..10000) %}{% for j in (1..10000) %}{% endfor %}{% endfor %}",
    "{% for i in (1..9000) %}{% endfor %}" * 400,
    "{% assign a = 'xxxxxxxx' %}" + f"{CALL} append: a %}}" * 60,
    "{% capture a %}xxxxxxxx{% endcapture %}"
    + "{% capture a %}{{ a }}{{ a }}{% endcapture %}" * 60,
    "{{ 'x' " + "| replace: 'x', 'xxxxxxxxxxxxxxxxxxxx' " * 40 + "}}",
    "{% assign a = 9999999 %}{% for i in (1..100) %}" + CALL + "times: a %}{% endfor %}{{ a }}",
    "{% assign a = (1..100000000) | reverse %}", "{{ (1..100000000) | join: ',' }}",
    "{{ (1..100000000) | sort | size }}", f"{{{{ (1..900000) | join: '{'x' * 9000}' }}}}",
    SPLIT + f"{CALL} concat: a %}}" * 60,
    SPLIT + f"{CALL} push: a %}}{CALL} push: a %}}" * 60 + "{{ a }}",
    "{% if a %}" * 5000 + "{% endif %}" * 5000,
    "{{ a" + "[a" * 5000 + "]" * 5000 + "}}",
    "{{" * 200_000, "{% raw %}" * 50_000, "{% a %}" * 3000,
    "{% for i in (1..100) %}{% include a.html %}{% endfor %}",
]  # fmt: skip


@pytest.mark.parametrize("text", LIQUID, ids=range(len(LIQUID)))
@pytest.mark.usefixtures("short")
def test_liquid(old: Old, text: str) -> None:
    found = old("jekyll", {"a.md": FRONT + text, "_includes/a.html": "{% include a.html %}" * 9})
    assert any(one.startswith("a.md:4: ") for one in found.findings)
    assert sum(map(len, found.texts.values())) < 6_000_000


def test_the_reason_is_told_with_its_line(old: Old) -> None:
    found = old("jekyll", {"a.md": FRONT + "A\n\n" + LIQUID[0]})
    assert (
        "a.md:6: Liquid that cannot be rendered stays as it is: "
        "it needs more than 200,000 iterations" in found.findings
    )


def test_usual_liquid_stays(old: Old) -> None:
    loop = "{% for i in (1..3) reversed %}{{ i | times: 2 }},{% endfor %}"
    text = loop + "{{ 'a-b' | replace: '-', '+' }}"
    assert old("jekyll", {"a.md": FRONT + text}).body("a.md") == "6,4,2,a+b"


SETTINGS = [
    "A = 'x' * 10\n" + "SITENAME = SITENAME + SITENAME\n" * 100,
    "SITENAME = 'xxxxxxxxxx'\n" + "SITENAME = f'{SITENAME}{SITENAME}'\n" * 100,
    "LINKS = [1, 2]\n" + "LINKS = [LINKS, LINKS]\n" * 100,
    "MENUITEMS = [1, 2]\n" + "MENUITEMS = MENUITEMS + MENUITEMS\n" * 100,
    "FOO = {'a': 1}\n" + "FOO = {'a': FOO, 'b': FOO}\n" * 100,
    "SITESUBTITLE = " + "-" * 100_000 + "1\n", "SITESUBTITLE = " + "1 + " * 50_000 + "1\n",
    "SITESUBTITLE = " + "1 + " * 900 + "1\n", "SITESUBTITLE = " + "-" * 900 + "1\n",
    "SITESUBTITLE = " + "[" * 80 + "]" * 80 + "\n", "LINKS = " + "(" * 5000 + ")" * 5000 + "\n",
    "FILENAME_METADATA = '(?P<slug>(a+)+)b'\n", "PATH_METADATA = '((a+)+)b'\n",
    "ARTICLE_URL = '{slug}' + " + "'{slug}'" * 20000 + "\n",
]  # fmt: skip


@pytest.mark.parametrize("text", SETTINGS, ids=range(len(SETTINGS)))
def test_settings_of_pelican(old: Old, text: str) -> None:
    name = "a" * 60 + ".md"
    settings = 'SITENAME = "Old"\n' + text
    try:
        found = old("pelican", {"pelicanconf.py": settings, f"content/{name}": "Title: A\n\nA\n"})
    except OldSiteError as error:
        assert str(error).startswith("pelicanconf.py")
    else:
        assert len(json.dumps(found.config, default=str)) < 5_000_000


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 12)
)
DATA: Mapping[str, str] = {
    "bomb.yaml": BOMB, "loop.yaml": "a: &a [*a]\n", "deep.yaml": "[" * 3000 + "]" * 3000,
    "deep.json": "[" * 100_000 + "]" * 100_000, "deep.toml": "a = " + "[" * 5000 + "]" * 5000,
    "some.json": "[" * 200 + "]" * 200, "keys.toml": "a" + ".a" * 3000 + " = 1",
    "large.yaml": "- {a: 1, b: [x, y]}\n" * 5_000, "many.yaml": "a: " + "[" * 100_000,
    "flow.yaml": "{a: " * 2000, "keys.yaml": "? " * 3000, "anchors.yaml": "- &a a\n" * 5_000,
}  # fmt: skip


@pytest.mark.parametrize("name", DATA)
def test_data(old: Old, name: str) -> None:
    found = old("hugo", {f"data/{name}": DATA[name]})
    told = [one for one in found.findings if one.startswith(f"data/{name}")]
    assert told or f"data/{name}" in found.paths
    assert told or name in {"large.yaml", "anchors.yaml"}


@pytest.mark.parametrize("name", ["bomb.yaml", "loop.yaml", "deep.yaml", "deep.json", "deep.toml"])
@pytest.mark.parametrize("generator", ["hugo", "jekyll"])
def test_configuration(tmp_path: Path, generator: str, name: str) -> None:
    suffix = name.rpartition(".")[2]
    file = f"hugo.{suffix}" if generator == "hugo" else "_config.yml"
    if generator == "hugo" or suffix == "yaml":
        write(tmp_path, {file: DATA[name]})
        with pytest.raises(OldSiteError, match=rf"^{file}"):
            import_site(generator, SourceTree(tmp_path))


@pytest.mark.parametrize(
    "header",
    [
        f"---\n{BOMB}---\n", "---\na: &a [*a]\n---\n", f"---\na: {'[' * 3000}{']' * 3000}\n---\n",
        f"+++\na = {'[' * 3000}{']' * 3000}\n+++\n", f'{{"a": {"[" * 9000}{"]" * 9000}}}\n',
        f"---\na: {'[' * 200}{']' * 200}\n---\n",
    ],
    ids=range(6),
)  # fmt: skip
@pytest.mark.parametrize("generator", ["hugo", "jekyll", "pelican", "mkdocs"])
def test_front_matter(old: Old, generator: str, header: str) -> None:
    place = {"jekyll": "a.md", "mkdocs": "docs/a.md"}.get(generator, "content/a.md")
    found = old(generator, {place: header + "A\n"})
    assert "content/a.md" not in found.paths or len(found.page("a.md")) < 50_000


TEMPLATES = [
    "{{ with .Get 0 }}" + "{{ with (default . .) }}" * 60 + "x" + "{{ end }}" * 61,
    "{{ .Get 0" + " | default (.Get 0)" * 5000 + " }}",
    "{{ " + "(" * 5000 + ".Get 0" + ")" * 5000 + " }}", "{{ if " + "not (" * 2000 + ".Get 0",
    "{{" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES, ids=range(len(TEMPLATES)))
def test_templates_of_hugo(old: Old, template: str) -> None:
    files = {"content/a.md": FRONT + "{{< x y >}}", "layouts/shortcodes/x.html": template}
    found = old("hugo", files)
    assert len(found.texts["templates/shortcodes/x.html"]) < 20_000
    assert "{{ x(arg0=" in found.body("a.md")


TEXTS = [
    "{{< a >}}" * 30_000, "{{< a " * 50_000, "{{< a >}}\n" * 8000, "> " * 5000 + "a",
    "`" * 100_000 + "a", "[a](" * 50_000, "[" * 100_000, "{{ a(" * 50_000, "{% a() %}" * 20_000,
    "!!! note\n" + "".join("    " * n + "!!! note\n" for n in range(1, 600)),
    "<div>" * 50_000, "# a\n" * 50_000, "{: a=" * 50_000, "{% a " * 50_000, "{{< include a.md >}}",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("generator", ["hugo", "jekyll", "zola", "pelican", "mkdocs"])
@pytest.mark.usefixtures("short")
def test_texts(tmp_path: Path, generator: str, text: str) -> None:
    place = {"jekyll": "a.md", "mkdocs": "docs/a.md"}.get(generator, "content/a.md")
    header = "+++\ntitle = 'A'\n+++\n" if generator == "zola" else FRONT
    write(tmp_path, {**BARE[generator], place: header + text})
    try:
        import_site(generator, SourceTree(tmp_path))
    except OldSiteError as error:
        assert "too long" in str(error)


def test_files_that_include_each_other(old: Old) -> None:
    filler = "x" * 10_000 + "\n"
    calls = '{{% include "a.md" %}}\n' * 10
    found = old("hugo", {"content/a.md": FRONT + filler + calls})
    assert any("includes too much text" in one or "too long" in one for one in found.findings)
    assert sum(map(len, found.texts.values())) < 6_000_000


def test_snippets_that_include_each_other(old: Old) -> None:
    files: Files = {"docs/a.md": "x" * 10_000 + "\n" + '--8<-- "docs/a.md"\n' * 10}
    found = old("mkdocs", files)
    assert any("includes too much text" in one or "too long" in one for one in found.findings)
    assert sum(map(len, found.texts.values())) < 6_000_000


def test_large_files_are_copied_but_not_read(old: Old, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_tree, "MAX_TEXT_BYTES", 1000)
    found = old("zola", {
        "static/large.md": "x" * 2000, "content/a.md": "+++\n+++\n" + "x" * 2000,
    })  # fmt: skip
    assert "static/large.md" in found.paths
    assert any("content/a.md: left out, it cannot be read: the file is larger" in one
               for one in found.findings)  # fmt: skip


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_tree, "MAX_FILES", 3)
    write(tmp_path, {f"{number}.md": "x" for number in range(4)})
    with pytest.raises(OldSiteError, match="has more than 3 files"):
        SourceTree(tmp_path)


def test_loops_of_links(old: Old, tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "up").symlink_to("..")
    (tmp_path / "content" / "loop").symlink_to("loop")
    assert "content/a.md" in old("hugo", {"content/a.md": FRONT}).paths


# -- the time limit --------------------------------------------------------------------------------


def test_a_time_limit_ends_work_and_leaves_no_timer() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05):
        while True:
            pass
    time.sleep(0.1)


def test_a_time_limit_is_told_again_if_python_drops_the_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As it does with an error in a finalizer."""
    monkeypatch.setattr(limits, "AGAIN_SECONDS", 0.05)
    with pytest.raises(TimeLimitError), time_limit(0.05):
        with contextlib.suppress(TimeLimitError):
            while True:
                pass
        while True:
            pass


def test_an_inner_time_limit_leaves_the_outer_one() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.2):
        with pytest.raises(TimeLimitError), time_limit(0.05):
            time.sleep(5)
        with time_limit(9):
            pass
        time.sleep(5)


def test_an_outer_time_limit_ends_inner_work() -> None:
    with pytest.raises(TimeLimitError), time_limit(0.05), time_limit(9):
        time.sleep(5)


def test_the_weight_of_values() -> None:
    assert not value_problem({"a": [1, {"b": "x" * 1000}]})
    assert value_problem(["x" * 100] * 20, limit=30)
    loop: list[object] = []
    loop.append(loop)
    assert "levels deep" in value_problem(loop)
    assert limits.MAX_DEPTH < 100
