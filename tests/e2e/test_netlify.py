"""What a deploy does, with Netlify's own CLI: build, bundle, serve."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.netlify import Deploy, ask, copy_site, deploy_and_render, environment, netlify_dev

SOME = 8

pytestmark = [pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify")]


def some_paths(deploy: Deploy) -> list[str]:
    """Deferred pages, evenly spread: `netlify dev` starts the function anew for each request."""
    paths = deploy.deferred_paths
    return paths[:: max(1, len(paths) // SOME)]


@pytest.fixture(scope="module")
def deploy(tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    folder = tmp_path_factory.mktemp("deploy") / "site"
    folder.mkdir()
    copy_site(folder)
    return deploy_and_render(folder)


def call(bundle: Path, work: Path, *paths: str) -> list[dict[str, Any]]:
    """Unpack a bundle into an empty folder, and call it in a fresh process, far from the site."""
    unpacked = work / "unpacked"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(unpacked)
    script = Path(__file__).parent / "call.cjs"
    done = subprocess.run(
        ["node", script, unpacked / "ssg-pages.js", *paths], cwd=work, env=environment(work),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stderr.split("\n")  # a page may hold what Python takes for other ends of lines
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_the_bundle_that_netlify_makes_gives_the_bytes_of_a_full_build(
    deploy: Deploy, tmp_path: Path
) -> None:
    paths = deploy.deferred_paths
    assert paths
    answers = call(deploy.folder / ".netlify/functions/ssg-pages.zip", tmp_path, *paths)
    assert [answer["statusCode"] for answer in answers] == [200] * len(paths)
    differing = [
        path
        for path, answer in zip(paths, answers, strict=True)
        if answer["body"].encode() != deploy.written(path)
    ]
    assert differing == []


def test_the_bundle_redirects_to_canonical_urls_and_knows_unknown_ones(
    deploy: Deploy, tmp_path: Path
) -> None:
    path = deploy.deferred_paths[0]
    bundle = deploy.folder / ".netlify/functions/ssg-pages.zip"
    bare, unknown = call(bundle, tmp_path, path.rstrip("/"), "/no/such/page/")
    assert (bare["statusCode"], bare["headers"]["Location"]) == (301, path)
    assert unknown["statusCode"] == 404
    assert unknown["body"].encode() == (deploy.whole / "404.html").read_bytes()


def test_the_bundle_is_a_builder_with_the_ttl_of_the_manifest(
    deploy: Deploy, tmp_path: Path
) -> None:
    manifest = json.loads((deploy.folder / ".ssg/manifest.json").read_text("utf-8"))
    page = next(page for page in manifest["pages"] if page["ttl"])
    bundle = deploy.folder / ".netlify/functions/ssg-pages.zip"
    (answer,) = call(bundle, tmp_path, page["path"])
    assert answer["metadata"]["builder_function"] is True
    assert answer["ttl"] == page["ttl"]


def test_netlify_dev_serves_files_from_the_folder_and_deferred_pages_by_rule(
    deploy: Deploy,
) -> None:
    deferred = some_paths(deploy)
    critical = ["/", "/docs/", "/feed.xml", "/sitemap.xml"]
    with netlify_dev(deploy.folder) as port:
        for path in [*critical, *deferred]:
            answer = ask(port, path)
            assert (path, answer.status) == (path, 200)
            assert answer.body == deploy.written(path), path
        assert ask(port, "/nothing/here/").status == 404
        missing = ask(port, deferred[0] + "nothing-below/")
        assert missing.status == 404
        assert missing.body == deploy.written("/404.html")
