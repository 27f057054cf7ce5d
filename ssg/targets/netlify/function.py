"""The function as Netlify wants it: its place, its entry, its settings and its limits.

Layout and settings follow Netlify's Frameworks API: `.netlify/functions-internal/NAME/NAME.js` with
`NAME.json` beside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import ssg
from ssg.model.cache_options import CACHE_ID
from ssg.model.capabilities import Capabilities
from ssg.model.settings import TargetSettings
from ssg.redirects.rule import BUILDERS, FUNCTIONS
from ssg.runtime.host import RuntimeHost
from ssg.targets.bundles.pyodide.caching_headers import CachingHeaders
from ssg.targets.bundles.pyodide.emit_function import HostParts
from ssg.targets.bundles.pyodide.function_size import SizeLimits
from ssg.targets.bundles.pyodide.local_function import NodeFunction
from ssg.targets.bundles.pyodide.npm import NpmPackage
from ssg.targets.netlify.capabilities import CAPABILITIES
from ssg.targets.netlify.function_paths import path_config
from ssg.targets.target import TEXTS_PATH

FUNCTIONS_FOLDER = ".netlify/functions-internal"
"""Where Netlify looks for functions that a generator made, relative to the site's root."""

LIMITS = SizeLimits("Netlify", zipped_bytes=50 * 1024 * 1024, unzipped_bytes=250 * 1024 * 1024)
"""Netlify's functions run on AWS Lambda: its quotas, "Deployment package (.zip file archive)"."""

NETLIFY_FUNCTIONS = NpmPackage(
    "@netlify/functions",
    "5.3.0",
    "sha512-FP+xCoZMkMOUsKa4UdG/oiK/2md1/TxuXvqqieaMVMgDbFFMaHI8h0oHCViUY73kPbKV6HyzayaSXGYXKpBSoQ==",
    ("LICENSE", "dist/main.cjs", "package.json"),
)
"""Its `builder()` makes a function an On-demand Builder."""

DEFAULT = TargetSettings()
INVOKER = Path(__file__).parent / "invoke.cjs"
CACHING_HEADERS = CachingHeaders("netlify-cdn-cache-control", "netlify-cache-tag")

_ENTRIES = Path(__file__).parent
_NO_CONFIG = "export const config = {};"


@dataclass(frozen=True, slots=True)
class FunctionKind:
    """One of the kinds of functions: `kind` in the configuration."""

    name: str
    folder: str
    """The folder of their addresses: `/.netlify/builders/`."""
    suffix: str
    packages: tuple[NpmPackage, ...]

    @property
    def sends_cache_control(self) -> bool:
        """Whether a `Cache-Control` of the site reaches browsers (rule 12)."""
        return self.name != "builder"

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES[self.name]

    def address(self, name: str) -> str:
        """The address of a function, to which redirect rules lead."""
        return self.folder + name

    def entry(
        self,
        paths: Sequence[str] = (),
        excluded: Sequence[str] = (),
        source: Path | None = None,
    ) -> str:
        """The source of the entry, for a function that has `paths` of its own or none.

        `excluded` are paths of another function, and `source` is the entry if not that of pages.

        Netlify's bundler reads `config` in the source without running it. The bundling of the
        settings file is in the source, too, because `netlify dev` does not read that file.
        """
        bundling = {"nodeBundler": "none", "includedFiles": ["**"]}  # relative to the file
        text = (source or _ENTRIES / f"ssg-pages{self.suffix}").read_text("utf-8")
        config = json.dumps({**bundling, **path_config(paths, excluded)}, indent=2)
        return text.replace(_NO_CONFIG, f"export const config = {config};")


KINDS: Mapping[str, FunctionKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            FunctionKind("builder", BUILDERS, ".js", (NETLIFY_FUNCTIONS,)),
            FunctionKind("function", FUNCTIONS, ".mjs", ()),
        )
    }
)
"""Every kind by its name."""


def function_folder(name: str) -> str:
    """Where a function goes, relative to the root."""
    return f"{FUNCTIONS_FOLDER}/{name}"


def texts_folder(publish_dir: Path) -> Path:
    """Where a publish folder has the blocks that a function fetches from its deploy."""
    return publish_dir / TEXTS_PATH.strip("/")


def host_parts(
    settings: TargetSettings = DEFAULT, paths: Sequence[str] = (), excluded: Sequence[str] = ()
) -> HostParts:
    """What Netlify adds to the bundle. `paths` are those of the function itself, if it has any, and
    `excluded` those of another one."""
    name, kind = settings.function, KINDS[settings.kind]
    files = {
        f"{name}{kind.suffix}": kind.entry(paths, excluded).encode(),
        f"{name}.json": function_settings(name, "Deferred pages").encode(),
    }
    able = kind.capabilities
    cache_id = CACHE_ID if settings.keep_cache and able.keeps_if_asked else ""
    host = RuntimeHost(able.dialect, able.body_bytes, cache_id)
    return HostParts(files, kind.packages, LIMITS, host)


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
    settings: TargetSettings = DEFAULT,
    *,
    texts: Path | str | None = None,
    log: Callable[[str], None] = lambda _: None,
    time_limit_seconds: float | None = None,
    variables: Mapping[str, str] = {},
) -> NodeFunction:
    """The function in `folder`, running on this machine."""
    kind = KINDS[settings.kind]
    limit = time_limit_seconds or kind.capabilities.seconds or math.inf
    script = folder / f"{settings.function}{kind.suffix}"
    return NodeFunction(
        INVOKER,
        script,
        CACHING_HEADERS.said,
        texts=texts,
        log=log,
        time_limit_seconds=limit,
        variables=variables,
    )
