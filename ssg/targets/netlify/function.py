"""The function as Netlify wants it: its place, its entry, its settings and its limits.

Layout and settings follow Netlify's Frameworks API: `.netlify/functions-internal/NAME/NAME.js` with
`NAME.json` beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import ssg
from ssg.model.settings import TargetSettings
from ssg.runtime.host import RuntimeHost
from ssg.targets.bundles.pyodide.emit_function import TEXTS_PATH, HostParts
from ssg.targets.bundles.pyodide.function_size import SizeLimits
from ssg.targets.bundles.pyodide.local_function import NodeFunction
from ssg.targets.bundles.pyodide.npm import NpmPackage
from ssg.targets.netlify.capabilities import BUILDER

FUNCTIONS_FOLDER = ".netlify/functions-internal"
"""Where Netlify looks for functions that a generator made, relative to the site's root."""

LIMITS = SizeLimits("Netlify", zipped_bytes=50 * 1024 * 1024, unzipped_bytes=250 * 1024 * 1024)
"""Netlify's functions run on AWS Lambda: its quotas, "Deployment package (.zip file archive)"."""

FUNCTIONS = NpmPackage(
    "@netlify/functions",
    "5.3.0",
    "sha512-FP+xCoZMkMOUsKa4UdG/oiK/2md1/TxuXvqqieaMVMgDbFFMaHI8h0oHCViUY73kPbKV6HyzayaSXGYXKpBSoQ==",
    ("LICENSE", "dist/main.cjs", "package.json"),
)
"""Its `builder()` makes a function an On-demand Builder."""

DEFAULT_NAME = TargetSettings().function
ENTRY = Path(__file__).parent / "ssg-pages.js"
INVOKER = Path(__file__).parent / "invoke.cjs"


def function_folder(name: str) -> str:
    """Where a function goes, relative to the root."""
    return f"{FUNCTIONS_FOLDER}/{name}"


def texts_folder(publish_dir: Path) -> Path:
    """Where a publish folder has the blocks that a function fetches from its deploy."""
    return publish_dir / TEXTS_PATH.strip("/")


def host_parts(name: str = DEFAULT_NAME) -> HostParts:
    """What Netlify adds to the bundle."""
    settings = function_settings(name, "Deferred pages")
    files = {f"{name}.js": ENTRY.read_bytes(), f"{name}.json": settings.encode()}
    host = RuntimeHost(BUILDER.dialect, BUILDER.body_bytes)
    return HostParts(files, (FUNCTIONS,), LIMITS, host)


def function_settings(name: str, title: str) -> str:
    """The settings file of a function. The bundler `none` deploys the folder as it is."""
    config = {
        "name": title,
        "generator": f"ssg@{ssg.__version__}",
        "nodeBundler": "none",
        "includedFiles": [f"{function_folder(name)}/**"],
    }
    return json.dumps({"version": 1, "config": config}, indent=2) + "\n"


def local_function(
    folder: Path,
    name: str = DEFAULT_NAME,
    *,
    texts: Path | str | None = None,
    log: Callable[[str], None] = lambda _: None,
    time_limit_seconds: float = BUILDER.seconds or math.inf,
) -> NodeFunction:
    """The function in `folder`, running on this machine."""
    script = folder / f"{name}.js"
    return NodeFunction(
        INVOKER, script, texts=texts, log=log, time_limit_seconds=time_limit_seconds
    )
