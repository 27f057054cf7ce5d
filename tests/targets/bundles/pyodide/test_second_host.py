"""The bundle with the entry of another host, which uses `Request` and `Response` of the web."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from ssg.model.queries.site import Site
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
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
  const { body, freshSeconds, ...answer } = await pages.answer(url.pathname, { url: url.href });
  const headers = { ...answer.headers, 'X-TTL': JSON.stringify(freshSeconds) };
  return new Response(body, { status: answer.status, headers });
};
"""
ASK = """
const { default: entry } = await import(process.argv[1]);
console.log = console.error;
const answers = [];
for (const path of JSON.parse(process.argv[2])) {
  const response = await entry(new Request('https://example.org' + path));
  const ttl = JSON.parse(response.headers.get('x-ttl'));
  const headers = Object.fromEntries(response.headers);
  answers.push([response.status, headers, ttl, await response.text()]);
}
process.stdout.write(JSON.stringify(answers));
"""
HOST = RuntimeHost("cloudflare")
LIMITS = SizeLimits("Host", zipped_bytes=100 << 20, unzipped_bytes=250 << 20)


def test_a_second_host_answers_with_the_same_bundle(tmp_path: Path, site_db: Path) -> None:
    host = HostParts({"index.mjs": ENTRY.encode()}, (), LIMITS, HOST)
    emit_function(tmp_path, FunctionInputs(site_db, NOT_FOUND.encode()), host)
    assert not (tmp_path / "node_modules" / "@netlify").exists()
    site = Site.open(site_db)
    renderer = TaggedRenderer(site)
    paths = [renderer.localized.url(page.path) for page in site.deferred_pages()]
    command = [npm.node(), "--input-type=module", "-e", ASK, str(tmp_path / "index.mjs")]
    done = subprocess.run(
        [*command, json.dumps([*paths, "/nowhere/"])], capture_output=True, text=True, check=True
    )
    *answers, unknown = json.loads(done.stdout)
    expected = (HOST.sent(answered(renderer, Request("GET", path))) for path in paths)
    assert answers == [
        [one.status, _received(one), one.caching.fresh_seconds, one.body.decode()]
        for one in expected
    ]
    status, headers, fresh_seconds, body = unknown
    assert (status, fresh_seconds, body) == (404, 60, NOT_FOUND)
    assert page_tag("/nowhere/") in headers["cache-tag"].split(",")
    assert "max-age=60" in headers["cloudflare-cdn-cache-control"]


def _received(response: Response) -> dict[str, str]:
    """The headers of a response as `fetch` shows them."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    fresh = response.caching.fresh_seconds
    return {**headers, "x-ttl": "null" if fresh is None else str(fresh)}


def test_the_bundle_knows_no_host() -> None:
    folder = Path(npm.__file__).parent
    sources = (file for file in folder.rglob("*") if file.suffix in {".py", ".js", ".cjs"})
    assert [file.name for file in sources if "netlify" in file.read_text("utf-8").lower()] == []
