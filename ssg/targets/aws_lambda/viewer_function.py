"""The CloudFront function that keeps parts of a request out of the cache key.

The key has the query and, if a rule asks for it, `Accept-Language`. Few answers depend on them, so
the function removes what none does. It may keep too much, which costs only cache entries. Sources:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html;
a function has 10 KB at most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from ssg.model.urls import INDEX_FILE
from ssg.redirects.matching.pattern import PLACEHOLDER, compile_path
from ssg.redirects.rule import RedirectRule

MAX_BYTES = 10_000

_CODE = """\
// Written by ssg: what no answer depends on is not to be in the cache key.
var paths = @paths@;
var prefixes = @prefixes@;
var suffixes = @suffixes@;
function dependsOnQuery(uri) {
  var path;
  try { path = decodeURIComponent(uri); } catch (error) { return true; }
  var plain = path.endsWith('/') ? path.slice(0, -1) : path;
  if (paths.indexOf(plain) >= 0) return true;
  for (var i = 0; i < prefixes.length; i++) if (path.startsWith(prefixes[i])) return true;
  if (path.endsWith('/')) return false;
  for (var j = 0; j < suffixes.length; j++) if (path.endsWith(suffixes[j])) return false;
  return true; // it may be redirected to its slash, with the query
}
function handler(event) {
  var request = event.request;
  if (!dependsOnQuery(request.uri)) request.querystring = {};
  var language = request.headers['accept-language'];
  if (language) language.value = language.value.split(',')[0].split(';')[0].trim();
  return request;
}
"""


def viewer_function(
    rules: Iterable[RedirectRule], files: Iterable[str], suffixes: Sequence[str]
) -> str:
    """The code for a site. With too many rules, each query is part of the key."""
    plain, prefixes = set[str](), set[str]()
    for rule in rules:
        if rule.redirects or rule.query:
            literal, prefix = _compared(rule)
            (prefixes if literal is None else plain).add(prefix if literal is None else literal)
    plain.update(filter(lambda path: path.endswith(tuple(suffixes)), _folders(files)))
    code = _code(plain, prefixes, suffixes)
    return code if len(code.encode()) <= MAX_BYTES else _code((), ("/",), suffixes)


def _folders(files: Iterable[str]) -> Iterator[str]:
    """The paths of folders with a page, which are redirected to their slash."""
    for name in files:
        if name.endswith(f"/{INDEX_FILE}"):
            yield "/" + name.removesuffix(f"/{INDEX_FILE}")


def _compared(rule: RedirectRule) -> tuple[str | None, str]:
    """The only path of a rule without a slash at its end, or None; and how its paths begin."""
    pattern = compile_path(rule.from_path)
    segments = list(pattern.segments)
    known = segments[: segments.index(PLACEHOLDER)] if PLACEHOLDER in segments else segments
    prefix = "".join(f"/{one}" for one in known)
    if pattern.stem and len(known) == len(segments):
        prefix += f"/{pattern.stem}"
    return pattern.literal, prefix


def _code(paths: Iterable[str], prefixes: Iterable[str], suffixes: Sequence[str]) -> str:
    lists = {"paths": sorted(paths), "prefixes": sorted(prefixes), "suffixes": sorted(suffixes)}
    code = _CODE
    for name, values in lists.items():
        code = code.replace(f"@{name}@", json.dumps(values, ensure_ascii=False))
    return code
