"""The limits of hosts are in the folders of their targets, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ssg.targets.netlify.capabilities import BUILDER, FUNCTION

CODE = Path(__file__).parents[2] / "ssg"
HOSTS = sorted(file.parent for file in (CODE / "targets").glob("*/capabilities.py"))

COUNTS = frozenset({BUILDER.body_bytes, BUILDER.pages, FUNCTION.body_bytes})
"""Numbers that mean a host wherever they are."""
TIMES = frozenset({BUILDER.seconds, FUNCTION.seconds, BUILDER.least_ttl_seconds})
"""Numbers that mean a host where they are the value of a time."""
_TIME = re.compile(r"(?<!milli)seconds|ttl|stale|timeout|fresh", re.I)

OTHERS: Mapping[str, str] = {
    "preview/counters.py: MAX_PATHS": "the paths that the dashboard remembers",
    "preview/counters.py: RENDER_LIMITS_MS": "the bins of a histogram",
    "preview/dashboard/page_table.py: MAX_COUNT": "how far the dashboard counts",
    "runtime/caching.py: MISSING_SECONDS": "how long a missing path is fresh: our own choice",
    "model/settings.py: timeout_seconds": "the default of link_checker.timeout",
    "edge/http/client_limits.py: header_seconds": "how long a client may take to send its headers",
    "preview/counters.py: BIN_SECONDS": "the width of a bin in a plot",
    "redirects/matching/roles.py: CLOCK_SKEW_SECONDS": "how far clocks may differ",
    "edge/policy.py: DEFAULT_RENDER_SECONDS": "the patience of visitors where a host has no limit",
    "cli/commands/popular.py: LIMIT": "how many pages data/popular.json lists",
    "build/live/path_list.py: MAX_PARTS": "how many parts of a list a build reads",
    "render/markdown/untrusted/limits.py: MAX_LINES": "how long the text of a stranger may be",
    "sources/sql/connection_pool.py: MAX_IDLE_SECONDS": "how long a connection may be silent",
    "sources/sql/sqlite.py: _STEPS_BETWEEN_CHECKS": "how often SQLite looks at the clock",
    "cli/preview.py: LOCK_SECONDS": "the patience with another preview that is building",
    "server/workers.py: MAX_PAUSE_SECONDS": "the longest pause before a worker is replaced",
    "server/workers.py: LASTING_SECONDS": "how long a worker has to last to be well",
    "server/settings.py: grace_seconds": "the default of --grace-seconds",
    "server/metrics.py: timeout": "how long the client of metrics may take",
    "edge/storage/redis/redis_namespace.py: COUNT_SECONDS": "how old a count of entries may be",
    "images/encoder_pool.py: seconds": "how long a picture may take where nothing else is said",
    "model/images/service_url.py: VERCEL_MAX_WIDTH": "pixels, for templates and the target alike",
    "build/inspect/warm.py: TRANSFER_SECONDS": "what the network adds to a render",
}
"""The same numbers with another meaning."""


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that code gives to values: variables, fields, arguments, defaults."""
    if isinstance(node, ast.Assign):
        yield from ((ast.unparse(target), node.value) for target in node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value:
        yield ast.unparse(node.target), node.value
    elif isinstance(node, ast.keyword) and node.arg:
        yield node.arg, node.value
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        pairs = [*zip(reversed(positional), reversed(node.defaults), strict=False)]
        pairs += [
            (one, value)
            for one, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)
            if value
        ]
        yield from ((one.arg, value) for one, value in pairs)


def _numbers(node: ast.AST) -> set[float]:
    constants = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return {value for value in constants if type(value) in {int, float}}


def _limits(file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text("utf-8"))
    named = set[int]()
    for node in ast.walk(tree):
        for name, value in _named_values(node):
            is_time = bool(_TIME.search(name)) and isinstance(value, ast.Constant)
            if _numbers(value) & COUNTS or (is_time and _numbers(value) & TIMES):
                yield name
                named.update(map(id, ast.walk(value)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in named and _numbers(node) & COUNTS:
            yield f"line {node.lineno}"


def _found(files: Iterator[Path]) -> set[str]:
    return {f"{file.relative_to(CODE)}: {name}" for file in files for name in _limits(file)}


def test_shared_code_has_no_number_of_a_host() -> None:
    files = (one for one in CODE.rglob("*.py") if not set(HOSTS) & set(one.parents))
    assert _found(files) == set(OTHERS)


def test_the_numbers_are_found_where_they_are() -> None:
    found = _found(iter([CODE / "targets" / "netlify" / "capabilities.py"]))
    file = "targets/netlify/capabilities.py"
    assert {f"{file}: BODY_BYTES", f"{file}: pages", f"{file}: least_ttl_seconds"} <= found
