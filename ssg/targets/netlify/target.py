"""Netlify: redirect rules in the publish folder, and one function for deferred pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ssg.model.errors import Problem
from ssg.model.images.settings import ImageSettings
from ssg.model.live.route import Route
from ssg.model.page import NOT_FOUND_FILE, Alias
from ssg.model.settings import TargetSettings
from ssg.redirects.formats.headers_file import ParsedHeaders
from ssg.redirects.formats.netlify_toml import parse_netlify_toml
from ssg.redirects.formats.netlify_toml_headers import parse_toml_headers
from ssg.redirects.formats.raw_rule import ParsedRedirects
from ssg.redirects.formats.redirects_file import write_redirects
from ssg.redirects.proof.basic_auth import uncached, unguarded
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.proof.prove import rules_hidden_by
from ssg.redirects.rule import FUNCTIONS, RedirectRule
from ssg.targets.bundles.pyodide import bundle, npm
from ssg.targets.bundles.pyodide.emit_function import emit_function
from ssg.targets.bundles.pyodide.site_function import function_inputs, with_function
from ssg.targets.netlify.capabilities import CAPABILITIES
from ssg.targets.netlify.function import (
    KINDS,
    LIMITS,
    function_folder,
    host_parts,
    local_function,
    texts_folder,
)
from ssg.targets.netlify.function_paths import function_paths
from ssg.targets.netlify.function_routing import FunctionRouting, function_routing
from ssg.targets.netlify.images.emit_images import (
    NetlifyImageFunction,
    emit_images,
    unreadable_pictures,
)
from ssg.targets.netlify.images.image_cdn import CONFIG, image_cdn_config
from ssg.targets.netlify.purge_function import purge_function_name, write_purge_function
from ssg.targets.purge.purger import Purger
from ssg.targets.routing.deferred_headers import deferred_headers, not_sent
from ssg.targets.routing.image_rules import function_images, image_rules
from ssg.targets.routing.immutable_headers import (
    append_headers,
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
from ssg.targets.target import EmitContext, EmitResult, HostRules, LocalFunction

OWN_HEADER = "# Written by ssg: old addresses, then the functions of pictures and of pages.\n"


class NetlifyTarget:
    """Emits `_redirects` and the function folder."""

    name = "netlify"
    defers = True
    kinds = CAPABILITIES
    asks_for = frozenset({REDIRECTS, HEADERS, NOT_FOUND_FILE})

    new_site_files = (Path(__file__).parent / "new_site" / "netlify.toml",)

    def __init__(self, settings: TargetSettings, *, package: bool = True) -> None:
        self._settings = settings
        self._kind = KINDS[settings.kind]
        self._address = self._kind.address(settings.function)
        self._packages = package
        self._image_address = self._kind.address(settings.image_function)
        self.capabilities = self._kind.capabilities

    def check(self) -> list[Problem]:
        packages = self._kind.packages
        if not self._packages or (bundle.kept() and npm.are_fetched(packages)):
            return []
        return npm.missing_tools(packages)

    def routes(
        self,
        root: Path,
        aliases: Sequence[Alias],
        deferred_paths: Sequence[str],
        error_paths: Sequence[str] = (),
        live_routes: Sequence[Route] = (),
        images: ImageSettings | None = None,
    ) -> HostRules:
        moved = alias_rules(aliases)
        live = live_rules(live_routes, self._address)
        answered = (*deferred_paths, *(route.path for route in live_routes))
        covering = covering_rules(deferred_paths, self._address) if deferred_paths else ()
        pictures = image_rules(images, self._image_address)
        errors = error_rules(error_paths, covering)
        user = site_redirects(root)
        later = _later_rules(root).rules  # Netlify checks that file
        headers = _headers(root)
        bare = unguarded(headers.rules, deferred_paths, live)
        unsent = not_sent(headers.rules, answered, self._kind.sends_cache_control)
        routing, for_pictures = FunctionRouting(), FunctionRouting()
        if self._kind.folder == FUNCTIONS:
            others = (*user.rules, *moved, *later)
            routing = function_routing(covering, live, others)
            for_pictures = function_routing(pictures, (), others)
        return HostRules(
            user=user.rules,
            aliases=moved,
            covering=covering,
            live=live,
            function_paths=routing.paths,
            routing=routing.reason,
            images=pictures,
            image_paths=for_pictures.paths,
            errors=errors,
            later=later,
            headers=headers.rules,
            deferred_headers=deferred_headers(headers.rules, self._kind.sends_cache_control),
            problems=(*user.problems, *headers.problems, *bare),
            warnings=(
                *rules_hidden_by((*moved, *pictures, *covering, *live, *errors), later),
                *headers.warnings,
                *unsent,
                *routing.warnings,
                *for_pictures.warnings,
                *(uncached(headers.rules) if answered else ()),
            ),
        )

    def emit(self, context: EmitContext) -> EmitResult:
        paths = context.site.deferred_paths()
        live, error_paths = context.site.settings.routes, context.site.error_paths()
        images = function_images(context.site)
        routes = self.routes(context.root, context.aliases, paths, error_paths, live, images)
        emitted = proven(context, routes, paths)
        if emitted.problems:
            return emitted
        _append_rules(context.publish_dir / REDIRECTS, routes.own)
        if routes.has_function:
            emitted = replace(emitted, builder=self._address)
        if routes.has_function and self._packages:
            emitted = self._package(context, emitted)
        if images is not None:
            emitted = self._with_images(context, emitted, images)
        emitted = _with_image_cdn(context, emitted)
        lasting = lasting_headers(
            context.site,
            has_texts=bool(emitted.copies),
            has_tags=bool(emitted.builder and self.capabilities.tags),
        )
        append_headers(context.publish_dir / HEADERS, lasting)
        headers = (*emitted.routes.headers, *lasting)
        return replace(emitted, routes=replace(emitted.routes, headers=headers))

    def _package(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        name = self._settings.function
        folder = context.work_dir / name
        folder.mkdir()
        before = context.hosts_dir / function_folder(name)
        inputs = function_inputs(context, self._settings.texts, emitted.routes.deferred_headers)
        taken = function_paths(emitted.routes.images)
        parts = host_parts(self._settings, emitted.routes.function_paths, taken)
        report = emit_function(folder, inputs, parts, before)
        folders = ((folder, function_folder(name)), *self._purge_function(context.work_dir))
        return with_function(replace(emitted, folders=folders), report, LIMITS)

    def _with_images(
        self, context: EmitContext, emitted: EmitResult, images: ImageSettings
    ) -> EmitResult:
        """Add the function that makes variants of pictures."""
        routes = emitted.routes
        warnings = (*routes.warnings, *unreadable_pictures(context.site))
        routes = replace(routes, warnings=warnings)
        emitted = replace(emitted, routes=routes, image_function=self._image_address)
        if not self._packages:
            return emitted
        name = self._settings.image_function
        guards = [rule for rule in routes.headers if rule.asks_password]
        function = NetlifyImageFunction(
            name, self._kind, routes.image_paths, routes.deferred_headers, guards
        )
        size = emit_images(context, images, function, context.hosts_dir / function_folder(name))
        folders = (*emitted.folders, (context.work_dir / name, function_folder(name)))
        return replace(emitted, folders=folders, image_size=size)

    def _purge_function(self, work_dir: Path) -> tuple[tuple[Path, str], ...]:
        """The function that purges by tags, where responses have tags."""
        if not self.capabilities.tags:
            return ()
        name = purge_function_name(self._settings.function)
        folder = work_dir / name
        folder.mkdir()
        write_purge_function(folder, name)
        return ((folder, function_folder(name)),)

    def local_function(
        self, hosts_dir: Path, publish_dir: Path, variables: Mapping[str, str] = {}
    ) -> LocalFunction | None:
        folder = hosts_dir / function_folder(self._settings.function)
        if not folder.is_dir():
            return None
        texts = texts_folder(publish_dir)
        return local_function(folder, self._settings, texts=texts, variables=variables)

    def purger(self, environment: Mapping[str, str], log: Callable[[str], None]) -> Purger:
        from ssg.targets.netlify.purger import NetlifyPurger  # noqa: PLC0415 no build needs HTTP

        return NetlifyPurger(environment, log=log)


def _with_image_cdn(context: EmitContext, emitted: EmitResult) -> EmitResult:
    config = image_cdn_config(context.site)
    if config is None:
        return emitted
    file = context.work_dir / "image-cdn.json"
    file.write_text(config, "utf-8")
    return replace(emitted, folders=(*emitted.folders, (file, CONFIG)))


def _headers(root: Path) -> ParsedHeaders:
    """The site's own headers, of `_headers` and then of netlify.toml, which Netlify checks."""
    own = site_headers(root)
    file = root / "netlify.toml"
    later = parse_toml_headers(file.read_text("utf-8")).rules if file.is_file() else ()
    return replace(own, rules=(*own.rules, *later))


def _later_rules(root: Path) -> ParsedRedirects:
    """The rules of netlify.toml, which Netlify reads after `_redirects`, and checks."""
    file = root / "netlify.toml"
    return (
        parse_netlify_toml(file.read_text("utf-8")) if file.is_file() else ParsedRedirects((), ())
    )


def _append_rules(file: Path, rules: tuple[RedirectRule, ...]) -> None:
    if rules:
        user = file.read_text("utf-8").rstrip("\n") + "\n\n" if file.is_file() else ""
        file.write_text(user + OWN_HEADER + write_redirects(rules), "utf-8")
