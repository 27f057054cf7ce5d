"""The function as Vercel wants it: its entry, its settings, its limits, and the links to it.

    functions/_ssg/functions/NAME.func/                    the function
    functions/_ssg/functions/NAME/LIFETIME.func            a link to it, for each lifetime of pages
    functions/_ssg/functions/NAME/LIFETIME.prerender-config.json

Source: https://vercel.com/docs/build-output-api/primitives
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.model.settings import TargetSettings
from ssg.redirects.rule import OWN_FUNCTIONS
from ssg.runtime.host import RuntimeHost
from ssg.targets.bundles.pyodide.caching_headers import CachingHeaders
from ssg.targets.bundles.pyodide.emit_function import HostParts
from ssg.targets.bundles.pyodide.function_size import SizeLimits
from ssg.targets.bundles.pyodide.local_function import NodeFunction
from ssg.targets.vercel.capabilities import CAPABILITIES, SECONDS
from ssg.targets.vercel.routes.lifetimes import Lifetime
from ssg.targets.vercel.routes.page_routes import PATH_PARAMETER

FUNCTIONS = "functions"
"""The folder of functions in the output."""
ENTRY = "ssg-pages.cjs"
INVOKER = Path(__file__).parent / "invoke.cjs"
CACHING_HEADERS = CachingHeaders("vercel-cdn-cache-control", "vercel-cache-tag")

LIMITS = SizeLimits("Vercel", zipped_bytes=300 * 1024 * 1024, unzipped_bytes=250 * 1024 * 1024)
"""Of a function (`validate-lambda-size.ts` of `@vercel/build-utils`)."""

BYPASS_TOKEN = "VERCEL_BYPASS_TOKEN"  # noqa: S105 the name of a variable
MIN_TOKEN_CHARACTERS = 32

_SETTINGS = {
    "runtime": "nodejs22.x",
    "handler": ENTRY,
    "launcherType": "Nodejs",
    "shouldAddHelpers": False,
    "supportsResponseStreaming": False,
    "maxDuration": int(SECONDS),
}


def function_folder(name: str) -> str:
    """Where a function is in the output."""
    return f"{FUNCTIONS}{OWN_FUNCTIONS}{name}.func"


def kind_of(settings: TargetSettings) -> str:
    """The kind of function; that of another host stands for the default."""
    return settings.kind if settings.kind in CAPABILITIES else next(iter(CAPABILITIES))


def host_parts(settings: TargetSettings) -> HostParts:
    """What Vercel adds to the bundle."""
    able = CAPABILITIES[kind_of(settings)]
    files = {
        ENTRY: (Path(__file__).parent / ENTRY).read_bytes(),
        ".vc-config.json": json.dumps(_SETTINGS, indent=2).encode() + b"\n",
    }
    return HostParts(files, (), LIMITS, RuntimeHost(able.dialect, able.body_bytes))


def write_prerender_functions(
    functions: Path, name: str, lifetimes: Iterable[Lifetime], bypass_token: str
) -> None:
    """Link the function for each lifetime, and write its configuration."""
    folder = functions / OWN_FUNCTIONS.strip("/") / name
    folder.mkdir(parents=True)
    for lifetime in lifetimes:
        (folder / f"{lifetime.name}.func").symlink_to(f"../{name}.func", target_is_directory=True)
        config = json.dumps(prerender_config(lifetime, bypass_token), indent=2) + "\n"
        (folder / f"{lifetime.name}.prerender-config.json").write_text(config, "utf-8")


def prerender_config(lifetime: Lifetime, bypass_token: str = "") -> dict[str, object]:
    """The configuration of a Prerender function.

    Its pages have no `group`: those of a group are made again together.
    """
    fresh, stale = lifetime.fresh_seconds, lifetime.stale_seconds
    has_end = fresh is not None and stale is not None
    return {
        "expiration": False if fresh is None else fresh,
        **({"staleExpiration": (fresh or 0) + (stale or 0)} if has_end else {}),
        "allowQuery": [PATH_PARAMETER],
        "passQuery": True,
        "fallback": None,
        **({"bypassToken": bypass_token} if bypass_token else {}),
    }


def checked_token(text: str) -> str:
    """The token with which a request makes a page again. Raises TargetError if it is too short."""
    token = text.strip()
    if token and len(token) < MIN_TOKEN_CHARACTERS:
        hint = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        message = f"{BYPASS_TOKEN} has fewer than {MIN_TOKEN_CHARACTERS} characters"
        raise TargetError(Problem(message, None, hint))
    return token


def local_function(
    folder: Path,
    *,
    texts: Path | str | None = None,
    log: Callable[[str], None] = lambda _: None,
    time_limit_seconds: float | None = None,
    variables: Mapping[str, str] = {},
) -> NodeFunction:
    """The function in `folder`, running on this machine, with the routes around it."""
    return NodeFunction(
        INVOKER,
        folder / ENTRY,
        CACHING_HEADERS.said,
        texts=texts,
        log=log,
        time_limit_seconds=time_limit_seconds or SECONDS,
        variables=variables,
    )
