"""The bundle with the entry of another host, which uses `Request` and `Response` of the web."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ssg.model.queries.site import Site
from ssg.render.renderer import Renderer
from ssg.runtime.http import Request
from ssg.runtime.respond import respond
from ssg.targets.bundles.pyodide import npm
from ssg.targets.bundles.pyodide.emit_function import FunctionInputs, HostParts, emit_function
from ssg.targets.bundles.pyodide.function_size import SizeLimits
from tests.targets.conftest import NOT_FOUND

pytestmark = pytest.mark.node

ENTRY = """
import { createRequire } from 'node:module';
const { Pages } = createRequire(import.meta.url)('./lib/pages.js');
const pages = new Pages(import.meta.dirname, { maxStartMs: 20000 });
export default async (request) => {
  const url = new URL(request.url);
  const { status, headers, body, ttlSeconds } = await pages.answer(url.pathname, { url: url.href });
  return new Response(body, { status, headers: { ...headers, 'X-TTL': String(ttlSeconds) } });
};
"""
ASK = """
const { default: entry } = await import(process.argv[1]);
console.log = console.error;
const answers = [];
for (const path of JSON.parse(process.argv[2])) {
  const response = await entry(new Request('https://example.org' + path));
  const ttl = Number(response.headers.get('x-ttl'));
  answers.push([response.status, response.headers.get('content-type'), ttl, await response.text()]);
}
process.stdout.write(JSON.stringify(answers));
"""
LIMITS = SizeLimits("Host", zipped_bytes=100 << 20, unzipped_bytes=250 << 20)


def test_a_second_host_answers_with_the_same_bundle(tmp_path: Path, site_db: Path) -> None:
    host = HostParts({"index.mjs": ENTRY.encode()}, (), LIMITS)
    emit_function(tmp_path, FunctionInputs(site_db, NOT_FOUND.encode()), host)
    assert not (tmp_path / "node_modules" / "@netlify").exists()
    site = Site.open(site_db)
    renderer = Renderer(site)
    paths = [renderer.localized.url(page.path) for page in site.deferred_pages()]
    command = [npm.node(), "--input-type=module", "-e", ASK, str(tmp_path / "index.mjs")]
    done = subprocess.run(
        [*command, json.dumps([*paths, "/nowhere/"])], capture_output=True, text=True, check=True
    )
    *answers, unknown = json.loads(done.stdout)
    expected = (respond(renderer, Request("GET", path)) for path in paths)
    assert answers == [
        [one.status, one.headers["Content-Type"], one.ttl_seconds or 0, one.body.decode()]
        for one in expected
    ]
    assert unknown[0::3] == [404, NOT_FOUND]


def test_the_bundle_knows_no_host() -> None:
    folder = Path(npm.__file__).parent
    sources = (file for file in folder.rglob("*") if file.suffix in {".py", ".js", ".cjs"})
    assert [file.name for file in sources if "netlify" in file.read_text("utf-8").lower()] == []
