"""Answers requests in the function: a file, a redirect, a deferred page, or "not found".

The rules decide as in `ssg.edge.served_deployment`, with the same matching. Nothing is cached here:
each answer says how long CloudFront may keep it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ssg.model.file_types import content_type
from ssg.model.page import NOT_FOUND_FILE
from ssg.model.queries.site import Site
from ssg.model.urls import INDEX_FILE, decode_path
from ssg.redirects.header_rule import headers_for
from ssg.redirects.matching.match import (
    FunctionCall,
    ProxyCall,
    RedirectTo,
    ServedFile,
    resolve,
)
from ssg.redirects.matching.request import RedirectRequest, read_request
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.site_headers import with_site_headers
from ssg.render.dependencies.tags import SITE, build_tag, page_tag
from ssg.render.renderer import NO_ENV
from ssg.runtime.caching import MISSING_SECONDS, Caching
from ssg.runtime.dialects import NO_STORE
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.runtime.respond import FAILURE_PAGE
from ssg.runtime.rounds import BringData, answered, bring_nothing
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.runtime.variant_lookup import FoundVariant
from ssg.targets.aws_lambda.capabilities import LAMBDA
from ssg.targets.aws_lambda.function_files import FunctionFiles
from ssg.targets.aws_lambda.payload import FunctionRequest
from ssg.targets.bundles.native.bundle import DATABASE
from ssg.targets.bundles.native.deploy_file import DeployFile, read_deploy_file

if TYPE_CHECKING:
    from ssg.targets.aws_lambda.variant_function import VariantFunction

METHODS = ("GET", "HEAD")
COUNTRY = "cloudfront-viewer-country"
FILES_TAG = "files"
"""The tag of every answer that depends on the files and rules of the deploy."""

_HOST = RuntimeHost(LAMBDA.dialect, LAMBDA.body_bytes)
_ETAG = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class ServedSite:
    """A deploy that answers, one request at a time."""

    deploy: DeployFile
    rules: RuleTable
    files: FunctionFiles
    renderer: TaggedRenderer
    jwt_secret: str = ""
    bring: BringData = bring_nothing
    """Asks the sources of live pages."""
    pictures: VariantFunction | None = None
    """Makes variants of pictures on request."""

    @classmethod
    def open(cls, folder: Path, jwt_secret: str = "", variables: Mapping[str, str] = {}) -> Self:
        """Open the function in a folder. `variables` are those of the environment."""
        deploy = read_deploy_file(folder)
        site = Site.open(folder / DATABASE)
        bring, env = _sources(site, variables)
        rules, files = RuleTable.of(deploy.redirects), FunctionFiles.of(folder)
        pictures = _pictures(site, folder, deploy.image_function)
        return cls(deploy, rules, files, TaggedRenderer(site, env), jwt_secret, bring, pictures)

    def answer(self, request: FunctionRequest, now_seconds: float) -> Response:
        """Answer a request. Only what a rule for roles decides depends on the time."""
        path = decode_path(request.path) if request.path.startswith("/") else None
        if path is None:
            return self._not_found(request, "/")
        response = self._resolved(request, path, now_seconds)
        if any(rule.conditions.roles for rule in self.rules.for_path(path)):
            response = _private(response)
        return _not_modified(request, response)

    def _resolved(  # noqa: PLR0911 one for each case
        self, request: FunctionRequest, path: str, now_seconds: float
    ) -> Response:
        match resolve(self.rules, self._redirect_request(request, now_seconds), self.files.find):
            case RedirectTo(location, status):
                headers = {"location": location}
                return _HOST.sent(Response(status, b"", headers, self._caching(path)))
            case _ if request.method not in METHODS:
                return _refused()
            case ServedFile() as file:
                return self._file(request, path, file)
            case FunctionCall(address, page) if self.pictures and self._is_picture(address):
                return self._picture(request, path, self.pictures.find(decode_path(page) or ""))
            case FunctionCall(address, page, rule) if rule and address == self.deploy.function:
                return self._page(page)
            case ProxyCall():
                return _HOST.sent(Response(502, b"Bad Gateway", {"content-type": "text/plain"}))
            case _:
                return self._not_found(request, path)

    def _redirect_request(self, request: FunctionRequest, now_seconds: float) -> RedirectRequest:
        return read_request(
            request.path,
            request.query,
            request.headers,
            country=request.headers.get(COUNTRY),
            jwt_secret=self.jwt_secret,
            now_seconds=now_seconds,
        )

    def _file(self, request: FunctionRequest, path: str, file: ServedFile) -> Response:
        caching = self._caching(path)
        if file.rule is None and f"/{file.path}" == f"{path}/{INDEX_FILE}":
            # Relative links of a page are right only at its path with the slash.
            query = f"?{request.query}" if request.query else ""
            return _HOST.sent(Response(301, b"", {"location": f"{request.path}/{query}"}, caching))
        if file.status == 404:
            caching = replace(caching, fresh_seconds=MISSING_SECONDS)
        body = self.files.read(file.path)
        if body is None:  # it belongs into the bucket, which lacks it
            return self._not_found(request, path)
        said = _HOST.headers(caching)
        headers = self._site_headers({"content-type": content_type(file.path), **said}, path)
        if file.status == 404 and "immutable" in headers["cache-control"]:
            headers["cache-control"] = said["Cache-Control"]  # it may be there tomorrow
        return Response(file.status, body, headers, caching)

    def _site_headers(self, headers: dict[str, str], path: str) -> dict[str, str]:
        """Headers of a file, with those of the site."""
        own = headers_for(self.deploy.headers, path)
        return {name.lower(): value for name, value in headers.items()} | own

    def _page(self, path: str) -> Response:
        """A deferred or live page, by its path, still encoded."""
        made = _HOST.sent(
            answered(self.renderer, Request("GET", path), self.bring, _HOST.body_bytes)
        )
        return with_site_headers(made, path, self.deploy.deferred_headers)

    def _is_picture(self, address: str) -> bool:
        """Whether an address is that of the function for pictures, on whatever host."""
        return address.rpartition("/")[2] == self.deploy.image_function

    def _picture(self, request: FunctionRequest, path: str, found: FoundVariant | None) -> Response:
        """A variant of a picture. One whose address stays the same is kept like a file."""
        if found is None or self.pictures is None:
            return self._not_found(request, path)
        made = self.pictures.answer(found)
        if made.failure:
            page = {"content-type": "text/html; charset=UTF-8"}
            return failed(replace(made, body=FAILURE_PAGE.encode(), headers=page))
        caching = self._caching(path)
        said = {} if found.is_lasting else _HOST.headers(caching)
        headers = self._site_headers({**said, **made.headers}, path)
        return replace(made, headers=headers, caching=caching)

    def _not_found(self, request: FunctionRequest, path: str) -> Response:
        if request.method not in METHODS:
            return _refused()
        if self.files.read(NOT_FOUND_FILE) is not None:
            return self._file(request, path, ServedFile(NOT_FOUND_FILE, 404))
        caching = replace(self._caching(path), fresh_seconds=MISSING_SECONDS)
        return _HOST.sent(Response(404, b"Not Found", {"content-type": "text/plain"}, caching))

    def _caching(self, path: str) -> Caching:
        """Until the next deploy: that purges `files`."""
        tags = FILES_TAG, page_tag(path), SITE.tag, build_tag(self.deploy.build_id)
        return Caching(None, None, tags)


def _sources(site: Site, variables: Mapping[str, str]) -> tuple[BringData, Mapping[str, str]]:
    """What asks the sources of a site, and the variables that its templates see."""
    if not (site.settings.sources or site.settings.env):
        return bring_nothing, NO_ENV
    from ssg.sources.site_shell import shell_of_site  # noqa: PLC0415 few functions have it

    made = shell_of_site(site, variables)
    return made.shell.bring, made.environment.visible_values


def _pictures(site: Site, folder: Path, name: str) -> VariantFunction | None:
    """What makes variants of pictures, if the site has any that its build has not made."""
    if not name:
        return None
    from ssg.targets.aws_lambda.variant_function import (  # noqa: PLC0415 few functions have it
        VariantFunction,
    )

    return VariantFunction.open(site, folder, name)


def failed(response: Response) -> Response:
    """A failure as the host sends it: it says nothing, and nobody keeps it."""
    return _HOST.sent(response)


def _refused() -> Response:
    headers = {"content-type": "text/plain", "allow": ", ".join(METHODS)}
    return _HOST.sent(Response(405, b"Method Not Allowed", headers))


def _private(response: Response) -> Response:
    """An answer for one visitor: nobody keeps it."""
    kept = {name: value for name, value in response.headers.items() if name.lower() != "cache-tag"}
    kept = {name: value for name, value in kept.items() if name.lower() != "cache-control"}
    return replace(response, headers={**kept, "cache-control": NO_STORE})


def _not_modified(request: FunctionRequest, response: Response) -> Response:
    """Add an ETag to a 200; 304 if the cache that asks has it (RFC 9110, section 13.1.2)."""
    if response.status != 200:
        return response
    etag = f'"{hashlib.blake2b(response.body, digest_size=12).hexdigest()}"'
    headers = {**response.headers, "etag": etag}
    if etag not in _ETAG.findall(request.headers.get("if-none-match", "")):
        return replace(response, headers=headers)
    kept = {name: one for name, one in headers.items() if not name.lower().startswith("content-")}
    return replace(response, status=304, body=b"", headers=kept)
