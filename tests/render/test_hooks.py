"""The site's own Python in rendering: `hooks.py` and plugins, from the site database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssg.render.hooks import Hooks, load_hooks
from ssg.render.module_importer import is_shipped
from tests.conftest import Built, write

HOOKS = """\
from markupsafe import Markup


def setup(hooks):
    @hooks.filter
    def shout(text):
        return text.upper() + "!"

    @hooks.function
    def greet(name="you"):
        return f"<hello {name}>"

    @hooks.test
    def long(text):
        return len(text) > 3

    @hooks.shortcode
    def box(body, kind="note"):
        return Markup('<div class="{}">{}</div>').format(kind, body)

    @hooks.shortcode
    def where(page):
        return f"<{page.path}>"

    hooks.filter(lambda text: text[::-1], "reverse_text")
"""
PAGE = "templates/page.html"


@pytest.fixture(autouse=True)
def _clean_modules() -> Iterator[None]:
    """A module of one test's site must not be found by the next test."""
    yield
    for name in [n for n in sys.modules if n.partition(".")[0] in {"hooks", "plug", "build_hooks"}]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ 'a' | shout }}", "A!"),
        ("{{ 'abc' | reverse_text }}", "cba"),
        ("{{ greet('Ann') }}", "&lt;hello Ann&gt;"),
        ("{{ 'abcd' is long }} {{ 'abc' is long }}", "True False"),
    ],
)
def test_a_template_uses_what_hooks_bring(
    site: Callable[..., Built], template: str, text: str
) -> None:
    built = site({"hooks.py": HOOKS, "content/a.md": "", PAGE: template})
    assert built.read("a/index.html") == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('{% box(kind="tip") %}\n*x*\n{% end %}', '<div class="tip"><p><em>x</em></p>\n</div>'),
        ("{{ where() }}", "&lt;/a/&gt;"),
    ],
)
def test_a_shortcode_is_a_function(site: Callable[..., Built], text: str, html: str) -> None:
    built = site({"hooks.py": HOOKS, "content/a.md": text, PAGE: "{{ page.content }}"})
    assert built.read("a/index.html").strip() == html


def test_a_shortcode_precedes_a_template_of_its_name(site: Callable[..., Built]) -> None:
    template = {"templates/shortcodes/where.html": "template"}
    built = site({"hooks.py": HOOKS, "content/a.md": "{{ where() }}", **template})
    assert "&lt;/a/&gt;" in built.read("a/index.html")


def test_hooks_may_be_a_package(site: Callable[..., Built]) -> None:
    files = {
        "hooks/__init__.py": "from . import text\nfrom hooks.more.deep import ONE\n"
        "def setup(hooks):\n    hooks.function(lambda: text.WORD + str(ONE), 'word')\n",
        "hooks/text.py": "WORD = 'word'\n",
        "hooks/more/__init__.py": "",
        "hooks/more/deep.py": "from .. import text\nONE = len(text.WORD)\n",
        "content/a.md": "",
        PAGE: "{{ word() }}",
    }
    assert site(files).read("a/index.html") == "word4"


def test_a_data_class_and_an_import_within_a_function_work(site: Callable[..., Built]) -> None:
    code = """\
from __future__ import annotations
import dataclasses

@dataclasses.dataclass
class Point:
    x: int
    y: dataclasses.InitVar[int] = 0

def setup(hooks):
    @hooks.function
    def point():
        import json
        return json.dumps(dataclasses.asdict(Point(1)))
"""
    built = site({"hooks.py": code, "content/a.md": "", PAGE: "{{ point() | safe }}"})
    assert built.read("a/index.html") == '{"x": 1}'


def test_each_load_reads_the_database_again(site: Callable[..., Built]) -> None:
    one = "def setup(hooks):\n    hooks.function(lambda: {}, 'one')\n"
    first = site({"hooks.py": one.format(1), "content/a.md": "", PAGE: "{{ one() }}"})
    assert first.read("a/index.html") == "1"
    early = load_hooks(first.site)
    second = site({"hooks.py": one.format(2)})
    assert second.read("a/index.html") == "2"
    assert (early.functions["one"](), load_hooks(second.site).functions["one"]()) == (1, 2)


def test_the_build_id_covers_hooks(site: Callable[..., Built]) -> None:
    first = site({"hooks.py": HOOKS, "content/a.md": ""}).report
    assert site({"hooks.py": HOOKS}).report.build_id == first.build_id
    assert site({"hooks.py": HOOKS + "# other"}).report.content_id != first.content_id


def test_a_site_without_hooks_imports_nothing(site: Callable[..., Built]) -> None:
    built = site({"content/a.md": ""})
    assert built.site.setups == ()
    assert load_hooks(built.site).filters == Hooks().filters == {}


# -- what may be imported ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["json", "xml.etree", "jinja2", "ssg.render.hooks", "__future__", "pygments.lexers"]
)
def test_a_shipped_module(name: str) -> None:
    assert is_shipped(name)


@pytest.mark.parametrize(
    "name", ["yaml", "ssg.build", "tkinter", "cgi", "_ssl", "weathermodel", ""]
)
def test_a_module_that_is_not_shipped(name: str) -> None:
    assert not is_shipped(name)


def test_what_may_fail_to_import_fails_everywhere(site: Callable[..., Built]) -> None:
    """PyYAML is installed here, but not in the function: code must not see a difference."""
    code = """\
try:
    import yaml
except ImportError:
    yaml = None

def setup(hooks):
    hooks.function(lambda: "yes" if yaml else "no", "has_yaml")
"""
    built = site({"hooks.py": code, "content/a.md": "", PAGE: "{{ has_yaml() }}"})
    assert built.read("a/index.html") == "no"


# -- errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("def setup(hooks:\n", "hooks.py:1: not valid Python: '(' was never closed"),
        ("\nboom\n", "hooks.py:2: NameError: name 'boom' is not defined"),
        ("x = 1\n", "hooks.py: there is no function setup(hooks)"),
        ("def setup(hooks):\n    1 / 0\n", "hooks.py:2: ZeroDivisionError: division by zero"),
        (
            "def setup(hooks):\n    hooks.function(len, 'site')\n",
            'hooks.py:2: ValueError: a function cannot be named "site": templates use that name',
        ),
        (
            "import weathermodel\n",
            'hooks.py:1: "weathermodel" is not available in the builder. '
            "A folder hooks/ with __init__.py can have modules beside it: from . import name",
        ),
        ("from . import text\n", "hooks.py:1: a relative import needs a package. A folder hooks/"),
        ("def f():\n    import yaml\n", 'hooks.py:2: "yaml" is compiled and cannot run in the bu'),
        ("import ssg.build.pipeline\n", 'hooks.py:1: "ssg.build.pipeline" is not available in'),
    ],
)
def test_hooks_that_cannot_be_loaded(
    problems: Callable[..., list[str]], code: str, line: str
) -> None:
    found = problems({"hooks.py": code, "content/a.md": "", PAGE: "{{ 'x' | not_there }}"})
    assert len(found) == 1
    assert found[0].startswith(line)


def test_an_import_for_type_checkers_is_ignored(site: Callable[..., Built]) -> None:
    code = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import weathermodel\n"
    assert site({"hooks.py": code + HOOKS, "content/a.md": ""}).files


def test_an_error_names_the_chain_of_imports(problems: Callable[..., list[str]]) -> None:
    files = {
        "hooks/__init__.py": "from .a import x\ndef setup(hooks): ...\n",
        "hooks/a.py": "from .b import y\nx = y\n",
        "hooks/b.py": "\nimport yaml.nodes\ny = 1\n",
    }
    assert problems(files) == [
        'hooks/b.py:2: "yaml.nodes" is compiled and cannot run in the builder. hooks/__init__.py '
        "imports hooks/a.py, which imports hooks/b.py, which imports yaml.nodes"
    ]


def test_a_failing_filter_names_its_line(problems: Callable[..., list[str]]) -> None:
    code = "import json\ndef setup(hooks):\n    hooks.filter(lambda t: json.loads(t), 'read')\n"
    found = problems({"hooks.py": code, "content/a.md": "", PAGE: "{{ '[' | read }}"})
    assert found == [
        "hooks.py:3: JSONDecodeError: Expecting value: line 1 column 2 (char 1) "
        "(while rendering content/a.md)"
    ]


def test_a_shortcode_with_unknown_arguments_is_an_error(problems: Callable[..., list[str]]) -> None:
    found = problems({"hooks.py": HOOKS, "content/a.md": "Text.\n\n{{ where(x=1) }}"})
    assert found == ["content/a.md:3: shortcode \"where\": got an unexpected keyword argument 'x'"]


# -- plugins -----------------------------------------------------------------------------------

PLUGIN = {
    "plug/__init__.py": "",
    "plug/render.py": "from plug.words import WORD\n"
    "def register(hooks):\n    hooks.function(lambda: WORD, 'word')\n",
    "plug/words.py": "WORD = 'plugged'\n",
    "plug/build.py": "import yaml\ndef setup(hooks): ...\n",
    "plug-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: plug\nVersion: 1\n",
    "plug-1.dist-info/entry_points.txt": "[ssg.plugins]\nplug = plug.render:register\n"
    "[ssg.build_plugins]\nplug = plug.build\n",
}
CHOSEN = {
    "ssg.toml": 'theme = ""\nplugins = ["plug"]\n',
    "content/a.md": "",
    "templates/section.html": "",
    PAGE: "{{ word() }}",
}


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packages"
    write(folder, PLUGIN)
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_a_plugin_brings_its_package(plugin: Path, site: Callable[..., Built]) -> None:
    built = site(CHOSEN)
    assert built.read("a/index.html") == "plugged"
    assert built.site.module_names() == ["plug", "plug.build", "plug.render", "plug.words"]
    assert built.site.setups == ("plug.render:register",)


def test_the_hooks_of_the_site_override_plugins(plugin: Path, site: Callable[..., Built]) -> None:
    own = "def setup(hooks):\n    hooks.function(lambda: 'own', 'word')\n"
    assert site({**CHOSEN, "hooks.py": own}).read("a/index.html") == "own"


def test_a_process_builds_with_a_plugin_again(plugin: Path, site: Callable[..., Built]) -> None:
    """A render imports the plugin from the database; the next build needs the installed one."""
    site(CHOSEN)
    sys.modules.pop("plug.build", None)  # as if the first site had no hooks of the build
    assert site(CHOSEN).read("a/index.html") == "plugged"


def test_a_plugin_that_is_not_installed_is_an_error(
    plugin: Path, problems: Callable[..., list[str]]
) -> None:
    assert problems({**CHOSEN, "ssg.toml": 'plugins = ["plugg"]\n'}) == [
        'ssg.toml:1:1: the plugin "plugg" is not installed. Did you mean "plug"?'
    ]


def test_a_compiled_module_of_a_plugin_is_an_error(
    plugin: Path, problems: Callable[..., list[str]]
) -> None:
    write(
        plugin,
        {"plug/words.py": "from plug._fast import WORD\n", "plug/_fast.abi3.so": b"\x7fELF"},
    )
    assert problems(CHOSEN) == [
        'plug/words.py:1: "plug._fast" is compiled and cannot run in the builder. '
        "plug/render.py imports plug/words.py, which imports plug._fast"
    ]
