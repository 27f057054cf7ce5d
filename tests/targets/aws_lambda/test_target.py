"""What a build for AWS writes: the function, the template, and problems of the site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ssg.build.inspect.verify import compare, open_built, paths_to_verify
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.errors import TargetError
from ssg.model.settings import SiteSettings, TargetSettings
from ssg.render.views.card import design_of
from ssg.targets.aws_lambda import target, wheels
from ssg.targets.aws_lambda.target import LambdaTarget
from ssg.targets.aws_lambda.template import CacheKey, template
from ssg.targets.aws_lambda.variables import site_variables
from ssg.targets.aws_lambda.wheels import Machine
from tests.conftest import NOW, Built, Files, write
from tests.images.pictures import encoded, photo
from tests.json_api import json_api
from tests.lambda_emulator import ARCHITECTURE, PYTHON, TOOLS
from tests.server_site import SERVER_SITE

HERE = {"python": PYTHON, "architecture": ARCHITECTURE}


def build_for_lambda(root: Path, files: Files = SERVER_SITE, **settings: Any) -> Built:
    """Write files and build; the result is in `root / "dist"`."""
    write(root, files)
    keys = {"name": "lambda", **HERE, **settings}
    overrides = {("target", name): value for name, value in keys.items()}
    project = load(root, overrides=overrides, environment={})
    return Built(root, build(project, Layout.of(project), BuildOptions(NOW), Silent()))


def lint(template_file: Path) -> str:
    """What cfn-lint finds."""
    command = [str(TOOLS / "cfn-lint"), str(template_file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120).stdout


def test_a_build_writes_all_that_is_deployed(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path, {**SERVER_SITE, "static/a.png": "", "static/b+.png": ""})
    dist = built.root / "dist"
    assert {entry.name for entry in dist.iterdir()} == {
        "public",
        "function",
        "assets",
        "template.yaml",
        "upload.sh",
    }
    assert (dist / "assets/png/a.png").is_file()
    assert json.loads((dist / "function/bucket.json").read_text()) == ["a.png"]
    files = dist / "function/public"
    names = {one.relative_to(files).as_posix() for one in files.rglob("*") if one.is_file()}
    assert {"about/index.html", "b+.png"} <= names
    assert names.isdisjoint({"a.png", "_redirects", "_headers", "blog/a/index.html"})


def test_the_same_build_again_writes_the_same_bytes(tmp_path: Path) -> None:
    def contents(root: Path) -> Mapping[str, bytes]:
        function = build_for_lambda(root).root / "dist"
        found = (one for one in function.rglob("*") if one.is_file())
        return {one.relative_to(function).as_posix(): one.read_bytes() for one in found}

    one, other = contents(tmp_path / "a"), contents(tmp_path / "b")
    assert [name for name in one if one[name] != other.get(name)] == []
    assert one.keys() == other.keys()


def test_the_handler_imports_nothing_but_what_is_in_the_function(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path)
    function = tmp_path / "moved"
    shutil.move(built.root / "dist/function", function)
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "from ssg.targets.aws_lambda.handler import handle\n"
        "event = {'rawPath': '/blog/a/', 'requestContext': {'http': {'method': 'GET'}}}\n"
        "print(handle(event, None)['statusCode'])\n"
        "homes = {m.__file__ for m in sys.modules.values() if getattr(m, '__file__', None)}\n"
        "print(*sorted(f for f in homes if 'site-packages' in f))\n"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(function)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.stderr == "" and done.stdout.split() == ["200"]


LIVE = """
[runtime]
env = ["API_URL"]
[sources.api]
url = "${API_URL}"
headers = { Authorization = "Bearer ${API_TOKEN}" }
timeout = 1
[sources.db]
kind = "sql"
url = "${DATABASE_URL}"
[[routes]]
path = "/live/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/posts/x/{slug}" }
[[routes]]
path = "/rows/{slug}/"
template = "post.html"
data.post = { source = "db", query = "post", one = true }
"""
LIVE_SITE: Files = {
    **SERVER_SITE,
    "ssg.toml": str(SERVER_SITE["ssg.toml"]) + LIVE,
    "templates/post.html": "{{ post.title }}",
    "queries/post.sql": "SELECT title FROM post WHERE slug = :slug",
}


def test_a_function_with_sources_has_what_they_need(tmp_path: Path) -> None:
    """It asks an API that answers, and a database that nobody runs."""
    built = build_for_lambda(tmp_path, LIVE_SITE)
    function = tmp_path / "moved"
    shutil.move(built.root / "dist/function", function)
    code = (
        "import sys; sys.path[:0] = [sys.argv[1]]\n"
        "from ssg.targets.aws_lambda.handler import answer\n"
        "import httpcore; httpcore.default_ssl_context()\n"
        "for path in ('/live/hello/', '/live/none/', '/rows/hello/'):\n"
        "    found = answer({'rawPath': path, 'requestContext': {'http': {'method': 'GET'}}})\n"
        "    print(found.status, found.failure and found.failure.message, found.body[:20])\n"
        "homes = {m.__file__ for m in sys.modules.values() if getattr(m, '__file__', None)}\n"
        "print(*sorted(f for f in homes if 'site-packages' in f))\n"
    )
    command = [sys.executable, "-I", "-S", "-c", code, str(function)]
    with json_api() as api:
        api.posts["x", "hello"] = {"title": "From an API", "is_draft": False}
        environment = {
            "API_URL": api.url,
            "API_TOKEN": "a-token",
            "DATABASE_URL": "postgresql://127.0.0.1:1/x?connect_timeout=1",
        }
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, cwd=tmp_path, env=environment
        )
    assert done.stderr == ""
    page, missing, failed, others = done.stdout.split("\n")[:4]
    assert page == "200 None b'From an API'"
    assert missing.startswith("404 None ")
    assert failed.startswith("500 /rows/{slug}/: db: ") and "psycopg" not in failed
    assert others == ""


def test_the_template_has_a_parameter_for_each_variable(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path, LIVE_SITE)
    text = (built.root / "dist/template.yaml").read_text()
    names = {"API_URL": "ApiUrl", "API_TOKEN": "ApiToken", "DATABASE_URL": "DatabaseUrl"}
    variables = json.dumps({name: {"Ref": parameter} for name, parameter in names.items()})
    assert f"Environment: {{Variables: {variables}}}" in text
    for name, parameter in names.items():
        declared = next(line for line in text.splitlines() if line.startswith(f"  {parameter}: "))
        assert ("NoEcho" in declared) == (name != "API_URL")
    assert lint(built.root / "dist/template.yaml") == ""


def test_names_of_parameters_differ() -> None:
    settings = SiteSettings(env=("API_URL", "api_url", "_", "ApiUrl"))
    names = [one.parameter for one in site_variables(settings)]
    assert len({*names}) == 4
    assert all(name.isalnum() and name[0].isalpha() for name in names)


def test_a_function_without_sources_has_no_code_for_them(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path)
    function = built.root / "dist/function"
    assert not (function / "ssg/sources").exists()
    assert not (function / "httpcore").exists()
    assert "Environment" not in (built.root / "dist/template.yaml").read_text()


def test_rules_that_cannot_work_are_warnings(tmp_path: Path) -> None:
    rules = "https://old.example.org/* /new/:splat 301\n/api/* https://api.example.org/:splat 200\n"
    built = build_for_lambda(tmp_path, {**SERVER_SITE, "static/_redirects": rules})
    assert [str(one).partition(": ")[::2] for one in built.report.warnings] == [
        (
            "static/_redirects:2:1",
            "`/api/* https://api.example.org/:splat 200`: AWS Lambda does not pass requests on. "
            "Answer it in front of the server, or with another host",
        ),
        (
            "static/_redirects:1:1",
            "`https://old.example.org/* /new/:splat 301`: a rule for one host never matches with "
            "the target lambda. Redirect the host in front of CloudFront",
        ),
    ]


def test_a_file_that_the_function_cannot_send_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "BODY_BYTES", 2000)
    files = {"static/big+.zip": "x" * 2001, "static/big.zip": "x" * 2001}
    with pytest.raises(TargetError) as caught:
        build_for_lambda(tmp_path, {**SERVER_SITE, **files})
    (problem,) = caught.value.problems
    assert str(problem).startswith("big+.zip: the file has 2,001 bytes; the function sends 2,000")
    assert list((tmp_path / "dist").rglob("*.*")) == []


def test_a_function_that_is_too_large_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "UNZIPPED_BYTES", 1_000_000)
    with pytest.raises(TargetError, match=r"the function has [\d,]+ bytes; Lambda takes 1,000,000"):
        build_for_lambda(tmp_path)


PICTURES = """
[images]
widths = [64]
[[deferred.rules]]
kind = "image"
match = "here/*"
deferred = false
"""


def picture_site() -> Files:
    """A site with two pictures; the build makes the variants of one of them."""
    return {
        **SERVER_SITE,
        "ssg.toml": f"{SERVER_SITE['ssg.toml']}{PICTURES}",
        "static/boat.jpg": encoded(photo(120, 80), "JPEG"),
        "static/here/cat.jpg": encoded(photo(90, 60), "JPEG"),
    }


def test_a_function_contains_what_makes_variants_of_its_pictures(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path, picture_site())
    function = built.root / "dist/function"
    picture = built.site.picture("/boat.jpg")
    assert picture
    originals = [one.name for one in (function / "originals").iterdir()]
    assert originals == [f"{picture.digest}-original.jpg"]
    assert list((function / "PIL").glob("_imaging.*.so"))
    assert (function / "licenses/pillow/LICENSE").is_file()
    text = (built.root / "dist/template.yaml").read_text()
    patterns = re.findall(r'"PathPattern": "([^"]+)"', text)
    assert patterns[0] == "/_img/*"  # the first that matches counts
    assert "*.jpg" in patterns
    assert '".webp"' in text.replace("\\", "")  # a query does not make another variant


def test_a_function_contains_the_fonts_of_cards(tmp_path: Path) -> None:
    files = {**SERVER_SITE, "ssg.toml": f"{SERVER_SITE['ssg.toml']}[images.cards]\n"}
    built = build_for_lambda(tmp_path, files)
    function = built.root / "dist/function"
    design = design_of(built.site)
    assert design
    assert [one.name for one in (function / "card-files").iterdir()] == [design.fonts[0].sha256]
    assert list((function / "PIL").glob("_imagingft.*.so"))
    assert "/_img/*" in (built.root / "dist/template.yaml").read_text()
    assert not list((built.root / "dist/public").glob("_img/**/*.png"))


def test_a_site_without_deferred_variants_needs_no_pillow(tmp_path: Path) -> None:
    files = picture_site()
    everything = str(files["ssg.toml"]).replace("here/*", "**")
    built = build_for_lambda(tmp_path, {**files, "ssg.toml": everything})
    function = built.root / "dist/function"
    assert not (function / "PIL").exists() and not (function / "originals").exists()
    assert "/_img/*" not in (built.root / "dist/template.yaml").read_text()


def test_originals_that_are_too_large_are_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "UNZIPPED_BYTES", 1_000)
    write(tmp_path, {"function/site.db": "x" * 300, "function/originals/a.jpg": "x" * 800})
    problem = target._function_too_large(tmp_path / "function", tmp_path / "function/originals")
    assert problem
    assert "1,100 bytes" in problem.message
    assert problem.message.endswith("; 800 bytes are originals of pictures with deferred variants")
    assert "deferred = false" in str(problem.hint)
    (tmp_path / "function/originals/a.jpg").write_bytes(b"x" * 700)
    assert not target._function_too_large(tmp_path / "function", tmp_path / "function/originals")


# -- compiled packages ---------------------------------------------------------------------------


def _fake_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """A Python in place of this one, which notes how pip is called."""
    program, calls = tmp_path / "python", tmp_path / "calls"
    program.write_text(f'#!/bin/sh\necho "$@" >>{calls}\n{script}\n')
    program.chmod(0o755)
    monkeypatch.setattr(wheels.sys, "executable", str(program))
    monkeypatch.setenv("SSG_CACHE_DIR", str(tmp_path / "cache"))
    return calls


WHEEL = (
    "import sys, zipfile\n"
    "with zipfile.ZipFile(sys.argv[1] + '/x-1-cp314-cp314-manylinux2014_aarch64.whl', 'w') as w:\n"
    "    w.writestr('markupsafe/_speedups.cpython-314-aarch64-linux-gnu.so', b'compiled')\n"
    "    w.writestr('markupsafe/_speedups.c', b'')\n"
    "    w.writestr('markupsafe-1.dist-info/licenses/LICENSE.txt', b'free')\n"
    "    w.writestr('markupsafe-1.dist-info/RECORD', b'')\n"
)


def test_wheels_are_fetched_once_by_the_name_of_the_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "make.py").write_text(WHEEL)
    script = f"while [ $1 != --dest ]; do shift; done\n{sys.executable} {tmp_path}/make.py $2"
    calls = _fake_pip(tmp_path, monkeypatch, script)
    machine = Machine("arm64", "3.14")
    for _ in range(2):
        assert wheels.compiled_files(machine) == {
            "markupsafe/_speedups.cpython-314-aarch64-linux-gnu.so": b"compiled",
            "licenses/markupsafe/LICENSE.txt": b"free",
        }
    (call,) = calls.read_text().splitlines()
    version = wheels.importlib.metadata.version("markupsafe")
    assert f"markupsafe=={version} --platform manylinux2014_aarch64" in call
    assert "--python-version 3.14" in call and "--only-binary=:all: " in call


def test_without_a_network_and_without_the_wheel_the_build_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_pip(tmp_path, monkeypatch, "echo 'ERROR: No matching distribution found' >&2; exit 1")
    with pytest.raises(TargetError) as caught:
        build_for_lambda(tmp_path / "site", architecture="arm64", python="3.14")
    message = str(caught.value.problems[0])
    assert message.startswith("pip could not fetch markupsafe==")
    assert "for Python 3.14 on arm64: ERROR: No matching distribution found" in message
    assert list((tmp_path / "site/dist").rglob("*.*")) == []


def test_zstd_is_compiled_for_versions_that_lack_it() -> None:
    assert Machine("arm64", "3.13").compiled_packages == ("backports.zstd", "markupsafe")
    assert Machine("arm64", "3.14").compiled_packages == ("markupsafe",)


def test_code_is_compiled_for_the_python_of_the_build(tmp_path: Path) -> None:
    function = build_for_lambda(tmp_path).root / "dist/function"
    assert list((function / "jinja2/__pycache__").glob(f"compiler.{sys.implementation.cache_tag}*"))
    # whatever the time of its source is
    os.utime(function / "jinja2/compiler.py", (0, 0))


# -- the template --------------------------------------------------------------------------------

CONDITIONS = """
/a/* /b/:splat 302 Country=at,de
/c/* /d/:splat 302 Language=fr Cookie=beta
/admin/* /admin/:splat 200 Role=admin
"""


def test_the_cache_key_has_what_conditions_ask_for(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path, {**SERVER_SITE, "static/_redirects": CONDITIONS})
    key = CacheKey.of(built.report.routes.rules)
    assert list(key.headers) == ["CloudFront-Viewer-Country", "Accept-Language"]
    assert list(key.cookies) == ["beta", "nf_country", "nf_jwt", "nf_lang"]
    text = (built.root / "dist/template.yaml").read_text()
    assert '"Headers": ["CloudFront-Viewer-Country", "Accept-Language"]' in text
    assert "NoEcho: true" in text and '"SSG_JWT_SECRET": {"Ref": "JwtSecret"}' in text
    assert (built.root / "dist/function/jwt/__init__.py").is_file()


def test_a_site_without_conditions_has_a_small_key(tmp_path: Path) -> None:
    text = (build_for_lambda(tmp_path).root / "dist/template.yaml").read_text()
    assert 'HeadersConfig: {"HeaderBehavior": "none"}' in text
    assert 'CookiesConfig: {"CookieBehavior": "none"}' in text
    assert "JwtSecret" not in text and "@" not in text


@getattr(pytest.mark, "lambda")
@pytest.mark.parametrize("rules", ["", CONDITIONS])
def test_the_template_is_valid(tmp_path: Path, rules: str) -> None:
    files = {"static/a.png": "", "static/b/b.css": "", "static/_redirects": rules}
    policy = "Content-Security-Policy: default-src 'self'"
    headers = {"static/_headers": f"/b/*\n  X-Own: 1\n  {policy}\n"}
    built = build_for_lambda(tmp_path, {**SERVER_SITE, **files, **headers})
    file = built.root / "dist/template.yaml"
    assert lint(file) == ""
    file.write_text(file.read_text().replace("CacheTagConfig", "CacheTagsConfig"))
    assert "'CacheTagsConfig' was unexpected" in lint(file)


@getattr(pytest.mark, "lambda")
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_each_machine_is_one_of_lambda(tmp_path: Path, python: str, architecture: str) -> None:
    machine = Machine(architecture, python)
    file = tmp_path / "template.yaml"
    file.write_text(template(machine, (), {}, "function handler(e) {}", bucket_has_own=True))
    (tmp_path / "function").mkdir()
    assert lint(file) == ""


# -- ssg verify ----------------------------------------------------------------------------------


def test_the_emitted_function_gives_the_pages_of_this_python(tmp_path: Path) -> None:
    built = build_for_lambda(tmp_path, python="3.13" if PYTHON != "3.13" else "3.12")
    dist = built.root / "dist"
    emitted = LambdaTarget(TargetSettings(name="lambda")).local_function(
        built.root, dist / "public"
    )
    site, function = open_built(built.report.database, emitted)
    headers = built.report.routes.deferred_headers
    with function:
        pages = paths_to_verify(site.deferred_paths(), None)
        found = list(compare(site, pages, function.answer, function.host, headers))
        assert found == [None, None]
        template_file = dist / "function/ssg/runtime/dialects.py"
        # Of another length: within a second, Python takes compiled code of a file of the same size.
        text = template_file.read_text().replace('"Cache-Tag"', '"Another-Tag"', 1)
        template_file.write_text(text)
    with function:
        (one, _) = compare(site, pages, function.answer, function.host, headers)
        assert one is not None and "+another-tag: " in one.diff


def test_without_a_build_there_is_no_function(tmp_path: Path) -> None:
    assert LambdaTarget(TargetSettings(name="lambda")).local_function(tmp_path, tmp_path) is None
