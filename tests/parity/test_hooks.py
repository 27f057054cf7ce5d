"""Parity of a site with its own Python, messages, data files and hashes of files."""

from __future__ import annotations

import json
import subprocess

import pytest

from ssg.model.queries.site import Site
from ssg.render.module_importer import NOT_IN_BUILDER
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.targets.bundles.pyodide import npm
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER
from ssg.targets.netlify.function import local_function
from tests.conftest import write
from tests.parity.conftest import Twice, build_twice
from tests.parity.test_parity import differing

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("parity")]

FILES = {
    "ssg.toml": 'theme = "upper"\nbase_url = "https://example.org/sub/"\nplugins = ["plug"]\n'
    '[extra]\nown = "yes"\n[[deferred.rules]]\nmatch = "blog/**"\n'
    '[[deferred.rules]]\nkind = "term"\n',
    "hooks/__init__.py": """\
from __future__ import annotations

import dataclasses
import re
import zlib

from jinja2 import pass_context
from markupsafe import Markup, escape

from .units import to_miles

try:
    import yaml
except ImportError:
    yaml = None


@dataclasses.dataclass(order=True)
class Point:
    x: float
    y: dataclasses.InitVar[int] = 0


@pass_context
def crumb(context, sep="/"):
    return sep.join([context["site"].title, context["page"].title])


def setup(hooks):
    hooks.filter(to_miles)
    hooks.function(crumb)
    hooks.test(lambda text: bool(re.search(r"\\d", text)), "numbered")

    @hooks.function
    def checksum(text):
        return f"{zlib.crc32(text.encode()):08x} {Point(1.5)} {yaml}"

    @hooks.shortcode
    def box(body, kind="note", *, page, raw):
        return Markup("<div class='{}' id='{}'>{}</div>{}").format(kind, page.slug, body, len(raw))

    @hooks.shortcode
    def plain(text):
        return f"<{text}>"
""",
    "hooks/units.py": "def to_miles(km):\n    return round(km / 1.609344, 3)\n",
    "build_hooks.py": "import yaml\n\ndef setup(hooks):\n"
    "    @hooks.on_page\n    def mark(page):\n"
    "        page.front.setdefault('extra', {})['size'] = len(page.text)\n",
    "i18n/en.toml": 'by = "By {name} – in {place}"\n[nav]\nhome = "Home"\n',
    "i18n/de.toml": 'by = "Von {name} – in {place}"\n[nav]\nhome = "Startseite"\n',
    "data/team.yaml": "- name: Änn\n  since: 2020-02-29\n- name: Böb\n  since: 2021-01-01\n",
    "data/note.txt": "A note – ü.\n",
    "static/style.css": "a { b: c }",
    "static/js/app.js": "let a = 1\n",
    "themes/upper/theme.toml": 'extends = "lower"\n[extra]\nfrom_upper = "u"\nown = "no"\n',
    "themes/upper/templates/page.html": '{% extends "theme:page.html" %}'
    "{% block x %}{{ super() }}upper{% endblock %}",
    "themes/lower/theme.toml": '[extra]\nfrom_lower = "l"\n',
    "themes/lower/templates/page.html": "{% block x %}lower{% endblock %}"
    "{{ site.extra.own }}{{ site.extra.from_upper }}{{ site.extra.from_lower }}",
    "themes/lower/templates/section.html": "{{ page.title }}",
    "themes/lower/templates/taxonomy.html": "{{ taxonomy.name }}",
    "themes/lower/templates/term.html": "{{ term }} {{ checksum(term.name) }} {{ word() }}",
    "templates/page.html": """\
{% extends "theme:page.html" %}
{% block x %}{{ super() }}
{{ crumb(" > ") }} {{ checksum(page.title) }} {{ 100 | to_miles }} {{ page.title is numbered }}
{{ trans("by", "de", name="<Ann>", place=word()) }} {{ trans("nav.home") }}
{{ data.team[1].name }} {{ data.team[0].since | date("%d.%m.%Y") }} {{ load_data("data/note.txt") }}
{% for row in load_data("prices.csv", page) %}{{ row.name }}={{ row.price }};{% endfor %}
{{ get_url("/style.css", cachebust=true) }} {{ get_url("js/app.js", true, cachebust=true) }}
{{ get_integrity("/style.css") }} {{ get_file_hash("/js/app.js") }}
{{ get_section("blog").title }} {{ get_taxonomy("tags").terms | join(",") }} {{ page.extra.size }}
{{ "*x* {{ plain(text='y') }}" | markdown(inline=true) }}
{{ page.content | truncate_words(3) }} {{ page.title | regex_replace("[aeiou]", "·") }}
{{ page.content }}{% endblock %}
""",
    "content/blog/one/prices.csv": "name,price\ntea,3\nKäse,4\n",
    "content/blog/two/prices.csv": "name,price\ncoffee,5\n",
    "content/blog/one/index.md": "---\ntitle: One 1\ntags: [ä, b]\n---\n"
    '{% box(kind="tip") %}\n*Inside*, {{ plain(text="a & b") }}.\n{% end %}\n',
    "content/blog/two/index.md": "---\ntitle: Two\ntags: [b]\n---\nText {{ plain(text=1) }}.\n",
}
PLUGIN = {
    "plug/__init__.py": "from plug.words import WORD\n\n"
    "def setup(hooks):\n    hooks.function(lambda: WORD, 'word')\n",
    "plug/words.py": "WORD = 'plügged'\n",
    "plug-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: plug\nVersion: 1\n",
    "plug-1.dist-info/entry_points.txt": "[ssg.plugins]\nplug = plug\n",
}


@pytest.fixture(scope="module")
def hooked(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    work = tmp_path_factory.mktemp("hooked")
    write(work / "site", FILES)
    write(work / "packages", PLUGIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(work / "packages"))
        return build_twice(work / "site", work)


def test_posts_and_terms_are_deferred(hooked: Twice) -> None:
    assert hooked.deferred_paths() == ["/blog/one/", "/blog/two/", "/tags/b/", "/tags/ä/"]
    page = (hooked.whole.output / "blog/one/index.html").read_text()
    for words in ("Von &lt;Ann&gt; – in plügged", "62.137 True", "Käse=4;", "yesul"):
        assert words in page


def test_the_runtime_in_this_python_gives_the_bytes_of_the_full_build(hooked: Twice) -> None:
    renderer = TaggedRenderer(Site.open(hooked.deferred.database))
    assert differing(hooked, lambda request: answered(renderer, request)) == []


def test_the_emitted_function_gives_the_bytes_of_the_full_build(hooked: Twice) -> None:
    with local_function(hooked.function_dir) as host:
        assert differing(hooked, host.answer) == []
        assert host.answer(Request("GET", "/blog/one/")).status == 200


PROBE = """
import importlib.util, json, sys
names = json.loads({names!r})
wrong = [n for n in names if n in sys.stdlib_module_names and importlib.util.find_spec(n)]
ours = set(sys.stdlib_module_names) - set(names)
public = [n for n in sorted(ours) if not n.startswith("_")]
json.dumps([wrong, [n for n in public if importlib.util.find_spec(n) is None]])
"""


def test_the_list_of_what_the_builder_lacks_is_that_of_pyodide(hooked: Twice) -> None:
    folder = hooked.function_dir
    code = PROBE.format(names=json.dumps(sorted(NOT_IN_BUILDER)))
    script = (
        f"require({json.dumps(str(LIBRARY_FOLDER / 'load_python.js'))})"
        f".loadPlain({json.dumps(str(folder / 'node_modules/pyodide'))}, {json.dumps(str(folder))})"
        f".then((p) => {{ console.log(p.runPython({json.dumps(code)})); process.exit(0); }})"
    )
    done = subprocess.run(
        [npm.node(), "-e", script], capture_output=True, text=True, timeout=120, check=True
    )
    assert json.loads(done.stdout) == [[], []]
