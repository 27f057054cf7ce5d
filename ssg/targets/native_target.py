"""What targets share whose hosts run CPython: rules, their proof, and what `deploy.toml` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ssg.model.capabilities import Capabilities
from ssg.model.errors import Problem
from ssg.model.images.settings import ImageSettings
from ssg.model.live.route import Route
from ssg.model.page import NOT_FOUND_FILE, Alias
from ssg.model.queries.site import Site
from ssg.model.settings import TargetSettings
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.rule import OWN_FUNCTIONS, addresses_of
from ssg.targets.bundles.native.deploy_file import DeployFile
from ssg.targets.purge.purger import Purger
from ssg.targets.routing.deferred_headers import deferred_headers, not_sent
from ssg.targets.routing.image_rules import function_images, image_rules
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
    not_passed_on,
    site_headers,
    site_redirects,
)
from ssg.targets.target import EmitContext, EmitResult, HostRules, LocalFunction


class NativeTarget:
    """A base class. A host of its kind reads rules and headers from `deploy.toml`."""

    name = ""
    defers = True
    capabilities = Capabilities("")
    kinds: Mapping[str, Capabilities] = {}
    asks_for = frozenset({REDIRECTS, HEADERS, NOT_FOUND_FILE})
    new_site_files: tuple[Path, ...] = ()

    def __init__(self, settings: TargetSettings, *, package: bool = True) -> None:
        self.settings = settings
        self._packages = package
        self._address = OWN_FUNCTIONS + settings.function
        self._image_address = OWN_FUNCTIONS + settings.image_function

    def check(self) -> list[Problem]:
        return []

    def routes(
        self,
        root: Path,
        aliases: Sequence[Alias],
        deferred_paths: Sequence[str],
        error_paths: Sequence[str] = (),
        live_routes: Sequence[Route] = (),
        images: ImageSettings | None = None,
    ) -> HostRules:
        covering = covering_rules(deferred_paths, self._address) if deferred_paths else ()
        answered = (*deferred_paths, *(route.path for route in live_routes))
        user, headers = site_redirects(root), site_headers(root)
        own = addresses_of(self.settings.image_function) if images else ()
        return HostRules(
            user=user.rules,
            aliases=alias_rules(aliases),
            covering=covering,
            live=live_rules(live_routes, self._address),
            images=image_rules(images, self._image_address),
            errors=error_rules(error_paths, covering),
            headers=headers.rules,
            deferred_headers=deferred_headers(headers.rules, sends_cache_control=True),
            problems=(*user.problems, *headers.problems),
            warnings=(
                *headers.warnings,
                *not_sent(headers.rules, answered, sends_cache_control=True),
                *not_passed_on(user.rules, self.capabilities.host, own),
            ),
        )

    def emit(self, context: EmitContext) -> EmitResult:
        paths = context.site.deferred_paths()
        live, errors = context.site.settings.routes, context.site.error_paths()
        images = self.function_images(context.site)
        routes = self.routes(context.root, context.aliases, paths, errors, live, images)
        emitted = proven(context, routes, paths)
        if emitted.problems:
            return emitted
        lasting = lasting_headers(context.site, has_tags=routes.has_function)
        routes = replace(routes, headers=(*routes.headers, *lasting))
        address = self._address if routes.has_function else None
        pictures = self._image_address if images else None
        emitted = replace(emitted, routes=routes, builder=address, image_function=pictures)
        return self.package(context, emitted) if self._packages else emitted

    def function_images(self, site: Site) -> ImageSettings | None:
        """The settings of a site whose pictures a function makes; None if there is none."""
        return function_images(site)

    def package(self, context: EmitContext, emitted: EmitResult) -> EmitResult:
        """Make what the host needs, in the working folder."""
        raise NotImplementedError

    def deploy_file(self, context: EmitContext, emitted: EmitResult) -> DeployFile:
        """What the host must know of a build."""
        return DeployFile(
            context.site.build_id,
            emitted.builder or "",
            self.settings.keep_cache,
            emitted.routes.rules,
            emitted.routes.headers,
            emitted.routes.deferred_headers,
            self.settings.image_function if emitted.image_function else "",
        )

    def local_function(
        self,
        hosts_dir: Path,  # noqa: ARG002 the protocol's
        publish_dir: Path,  # noqa: ARG002 the protocol's
        variables: Mapping[str, str] = {},  # noqa: ARG002 the protocol's
    ) -> LocalFunction | None:
        return None

    def purger(
        self,
        environment: Mapping[str, str],  # noqa: ARG002 the protocol's
        log: Callable[[str], None],  # noqa: ARG002 the protocol's
    ) -> Purger | None:
        return None
