"""Vercel: files in `static/`, the routes in `config.json`, and one function for deferred pages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ssg.model.errors import Problem
from ssg.model.images.settings import ImageSettings
from ssg.model.live.route import Route
from ssg.model.page import NOT_FOUND_FILE, Alias
from ssg.model.queries.site import Site
from ssg.model.settings import TargetSettings
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.rule import OWN_FUNCTIONS
from ssg.targets.bundles.pyodide import bundle, npm
from ssg.targets.bundles.pyodide.emit_function import PackageReport, emit_function
from ssg.targets.bundles.pyodide.site_function import function_inputs, with_function
from ssg.targets.purge.purger import Purger
from ssg.targets.routing.deferred_headers import deferred_headers, not_sent
from ssg.targets.routing.immutable_headers import (
    lasting_headers,
)
from ssg.targets.routing.live_rules import live_rules
from ssg.targets.routing.rules_proof import proven
from ssg.targets.routing.site_rules import (
    HEADERS,
    REDIRECTS,
    alias_rules,
    error_rules,
    site_headers,
    site_redirects,
)
from ssg.targets.target import (
    TEXTS_PATH,
    EmitContext,
    EmitResult,
    HostRules,
    LocalFunction,
)
from ssg.targets.vercel.capabilities import CAPABILITIES
from ssg.targets.vercel.function import (
    BYPASS_TOKEN,
    FUNCTIONS,
    LIMITS,
    checked_token,
    function_folder,
    host_parts,
    kind_of,
    local_function,
    write_prerender_functions,
)
from ssg.targets.vercel.images import images_config, images_problems
from ssg.targets.vercel.routes.all_routes import all_routes
from ssg.targets.vercel.routes.lifetimes import Lifetime, Lifetimes, live_lifetimes
from ssg.targets.vercel.routes.unsupported import doubtful_rules, wrong_headers, wrong_rules

CONFIG = "config.json"
VERSION = 3
"""Of the Build Output API."""


class VercelTarget:
    """Emits what `vercel deploy --prebuilt` takes. The publish folder is `static/` in it."""

    name = "vercel"
    defers = True
    kinds = CAPABILITIES
    asks_for = frozenset({REDIRECTS, HEADERS, NOT_FOUND_FILE})
    new_site_files = (Path(__file__).parent / "new_site" / "vercel.json",)

    def __init__(self, settings: TargetSettings, *, package: bool = True) -> None:
        self._settings = settings
        self._packages = package
        self._address = OWN_FUNCTIONS + settings.function
        self._prerenders = kind_of(settings) == "prerender"
        self.capabilities = CAPABILITIES[kind_of(settings)]

    def check(self) -> list[Problem]:
        if not self._packages or bundle.kept():
            return []
        return npm.missing_tools()

    def routes(
        self,
        root: Path,
        aliases: Sequence[Alias],
        deferred_paths: Sequence[str],
        error_paths: Sequence[str] = (),
        live_routes: Sequence[Route] = (),
        images: ImageSettings | None = None,  # noqa: ARG002 the protocol's
    ) -> HostRules:
        covering = covering_rules(deferred_paths, self._address) if deferred_paths else ()
        answered = (*deferred_paths, *(route.path for route in live_routes))
        user, headers = site_redirects(root), site_headers(root)
        sends = not self._prerenders
        return HostRules(
            user=user.rules,
            aliases=alias_rules(aliases),
            covering=covering,
            live=live_rules(live_routes, self._address),
            errors=error_rules(error_paths, covering),
            headers=headers.rules,
            deferred_headers=deferred_headers(headers.rules, sends_cache_control=sends),
            problems=(
                *user.problems,
                *wrong_rules(user.rules),
                *headers.problems,
                *wrong_headers(headers.rules),
            ),
            warnings=(
                *doubtful_rules(user.rules),
                *headers.warnings,
                *not_sent(headers.rules, answered, sends_cache_control=sends),
            ),
        )

    def emit(self, context: EmitContext) -> EmitResult:
        paths = context.site.deferred_paths()
        live, error_paths = context.site.settings.routes, context.site.error_paths()
        routes = self.routes(context.root, context.aliases, paths, error_paths, live)
        emitted = proven(context, routes, paths)
        if emitted.problems:
            return emitted
        emitted = replace(emitted, builder=self._address if routes.has_function else None)
        if routes.has_function and self._packages:
            emitted = self._package(context, emitted)
        return self._configure(context, emitted)

    def _configure(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        """Write the configuration of the deploy, for the files that it will have."""
        lasting = lasting_headers(
            context.site,
            has_texts=bool(emitted.copies),
            has_tags=bool(emitted.builder and self.capabilities.tags),
        )
        rules = replace(emitted.routes, headers=(*emitted.routes.headers, *lasting))
        lifetimes = _lifetimes(context.site) if self._prerenders else None
        routes = all_routes(rules, context.files, self._address, lifetimes)
        images = images_config(context.site)
        own = {"images": images} if images else {}
        config = {"version": VERSION, "routes": routes.to_json(), **own}
        file = context.work_dir / CONFIG
        file.write_text(json.dumps(config, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return replace(
            emitted,
            routes=rules,
            folders=(*emitted.folders, (file, context.beside(CONFIG))),
            problems=(*routes.problems(), *images_problems(images)),
        )

    def _package(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        report = self._emit_function(context, emitted)
        if self._prerenders:
            token = checked_token(os.environ.get(BYPASS_TOKEN, ""))
            lifetimes = _lifetimes(context.site).all
            functions = context.work_dir / FUNCTIONS
            write_prerender_functions(functions, self._settings.function, lifetimes, token)
        folders = ((context.work_dir / FUNCTIONS, context.beside(FUNCTIONS)),)
        return with_function(replace(emitted, folders=folders), report, LIMITS)

    def _emit_function(self, context: EmitContext, emitted: EmitResult) -> PackageReport:
        folder = function_folder(self._settings.function)
        draft, place = context.work_dir / "function", context.work_dir / folder
        draft.mkdir()
        inputs = function_inputs(context, self._settings.texts, emitted.routes.deferred_headers)
        before = context.hosts_dir / context.beside(folder)
        report = emit_function(draft, inputs, host_parts(self._settings), before)
        place.parent.mkdir(parents=True)
        draft.rename(place)
        return report

    def local_function(
        self,
        hosts_dir: Path,  # noqa: ARG002 the protocol's
        publish_dir: Path,
        variables: Mapping[str, str] = {},
    ) -> LocalFunction | None:
        folder = publish_dir.parent / function_folder(self._settings.function)
        if not folder.is_dir():
            return None
        texts = publish_dir / TEXTS_PATH.strip("/")
        return local_function(folder, texts=texts, variables=variables)

    def purger(self, environment: Mapping[str, str], log: Callable[[str], None]) -> Purger:
        from ssg.targets.vercel.purger import VercelPurger  # noqa: PLC0415 no build needs HTTP

        return VercelPurger(environment, log=log)


def _lifetimes(site: Site) -> Lifetimes:
    pages = [(path, Lifetime(ttl, stale)) for path, _, _, ttl, stale, *_ in site.deferrals()]
    return Lifetimes(pages, live_lifetimes(site.settings.routes))
