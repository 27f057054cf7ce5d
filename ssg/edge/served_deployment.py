"""Answer requests from one deployment: static file, redirect, page of the builder, or 404."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from ssg.edge.answer import (
    CACHE_CONTROL,
    LASTING,
    EdgeAnswer,
    draft_answer,
    error_answer,
    no_variant_answer,
    not_found_answer,
    page_answer,
    redirect_answer,
    variant_answer,
)
from ssg.edge.cache import PageCache
from ssg.edge.cache_key import key_of_call
from ssg.edge.cache_reply import BuilderResult, CacheReply, refusal
from ssg.edge.deployment import Deployment
from ssg.edge.drafts.draft_token import COOKIE, is_valid_cookie
from ssg.edge.events import AnswerSource
from ssg.edge.exchange import Exchange
from ssg.edge.host_headers import unshared_headers
from ssg.edge.images.image_function import FoundPicture, RefusedPicture
from ssg.edge.images.variant_requests import VariantFailure, VariantRequests, VariantResult
from ssg.edge.passwords import PasswordRules, Users, is_admitted, password_answer, private
from ssg.edge.policy import METHODS
from ssg.edge.single_flight import Ticket
from ssg.edge.static_files import StaticFile, StaticFiles
from ssg.model.images.card import CARDS_PATH
from ssg.model.urls import decode_path
from ssg.redirects.header_rule import headers_for
from ssg.redirects.matching.match import (
    FunctionCall,
    NotFound,
    ProxyCall,
    RedirectTo,
    ServedFile,
    resolve,
)
from ssg.redirects.matching.request import RedirectRequest, read_query, read_request
from ssg.redirects.matching.rule_table import RuleTable
from ssg.runtime.variant_lookup import FoundVariant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServedDeployment:
    """A deployment with its rule table, its files and its cache."""

    deployment: Deployment
    rules: RuleTable
    files: StaticFiles
    pages: PageCache
    now: Callable[[], float]
    jwt_secret: str = ""
    passwords: PasswordRules = PasswordRules()  # noqa: RUF009 a frozen value
    draft_secret: bytes | None = None
    """The secret of the cookie for drafts; None if there are none."""
    variants: VariantRequests | None = None
    """Variants of pictures that are made on request; None if there are none."""

    async def answer(self, exchange: Exchange) -> EdgeAnswer:
        """Decide what answers, and return its answer."""
        if not self.passwords.rules:
            return await self._answer(exchange)
        users = self.passwords.users_of(exchange.path or "/")
        if users is not None and not is_admitted(exchange.headers.get("authorization"), users):
            return password_answer()
        answer = await self._answer(exchange)
        of_file = self._users_of_file(answer)
        if of_file is not None and not is_admitted(exchange.headers.get("authorization"), of_file):
            return password_answer()
        return answer if users is None and of_file is None else private(answer)

    def _users_of_file(self, answer: EdgeAnswer) -> Users | None:
        """Who may read the file of an answer, wherever a rule has found it."""
        file = answer.content
        if not isinstance(file, StaticFile) or not file.path.is_relative_to(self.files.root):
            return None
        name = file.path.relative_to(self.files.root).as_posix()
        return self.passwords.users_of(f"/{name}")

    async def _answer(self, exchange: Exchange) -> EdgeAnswer:  # noqa: PLR0911, PLR0912 one for each case
        if exchange.path is None:
            return self._not_found(exchange)
        if self._is_service(exchange.raw_path):
            return await self._by_service(exchange, exchange.query)
        if self.variants and (card := self._card(self.variants, exchange.path)):
            return await self._variant(exchange, self.variants, card)
        match resolve(self.rules, self._redirect_request(exchange), self.files.find):
            case ServedFile() as file:
                return self._file(exchange, file)
            case RedirectTo(location, status):
                return redirect_answer(location, status)
            case FunctionCall(address, path) if found := self._image_function(address):
                picture = found.function.find(decode_path(path) or "")
                return await self._variant(exchange, found, picture)
            case FunctionCall(_, _, None) if self._has_no_functions:
                return self._not_found(exchange)
            case FunctionCall(address, path, rule):
                if address != self.deployment.function:
                    return _not_run_here(f"The function {address}")
                if rule is None and self.deployment.has_paths:
                    return self._not_found(exchange)
                return await self._page(exchange, key_of_call(path))
            case ProxyCall(url) if self._is_service(url.partition("?")[0]):
                return await self._by_service(exchange, url.partition("?")[2])
            case ProxyCall(url):
                return _not_run_here(url)
            case NotFound():
                return self._not_found(exchange)

    @property
    def _has_no_functions(self) -> bool:
        """Whether nobody reaches a function at an address on this host."""
        return self.deployment.capabilities.is_native

    def _redirect_request(self, exchange: Exchange) -> RedirectRequest:
        if not self.rules.has_conditions:
            return RedirectRequest(exchange.raw_path, read_query(exchange.query))
        return read_request(
            exchange.raw_path,
            exchange.query,
            exchange.headers,
            jwt_secret=self.jwt_secret,
            now_seconds=self.now(),
        )

    def _file(self, exchange: Exchange, file: ServedFile) -> EdgeAnswer:
        if exchange.method not in METHODS:
            return page_answer(refusal())
        if file.rule is None and f"/{file.path}" == f"{exchange.path}/index.html":
            # Relative links of a page are right only at its path with the slash.
            return redirect_answer(f"{exchange.raw_path}/{_with_question_mark(exchange)}", 301)
        found = self.files.locate(file.path)
        if found is None:  # removed since `resolve` found it
            return not_found_answer()
        headers = {"cache-control": CACHE_CONTROL}
        headers |= headers_for(self.deployment.headers, exchange.path or "")
        if file.status == 404 and headers["cache-control"] == LASTING:
            headers["cache-control"] = CACHE_CONTROL  # what is missing may be there tomorrow
        source = AnswerSource.NOTHING if file.status == 404 else AnswerSource.FILE
        return EdgeAnswer(file.status, headers, found, source)

    async def _page(self, exchange: Exchange, key: str) -> EdgeAnswer:
        """A page of the builder, from the cache or rendered now.

        A cache in front knows no rules, so it must not keep what they give to some visitors only.
        """
        if self.draft_secret and (draft := await self._draft(exchange, key)):
            return draft
        outcome = self.pages.request(exchange.method, key)
        if not isinstance(outcome, CacheReply):
            outcome = await wait_for_render(self.pages, outcome)
        answer = page_answer(outcome)
        if self.deployment.front and self.rules.depends_on_visitor(exchange.path or ""):
            return replace(answer, headers=unshared_headers(answer.headers))
        return answer

    def _image_function(self, address: str) -> VariantRequests | None:
        """What makes variants of pictures, if its address is this one."""
        found = self.variants
        return found if found and address in found.function.addresses else None

    def _card(self, variants: VariantRequests, path: str) -> FoundPicture:
        """The card of a page at a path: no rule leads there, as only some servers draw cards."""
        return variants.function.find(path) if path.startswith(CARDS_PATH) else None

    def _is_service(self, path: str) -> bool:
        """Whether a path is that of the image service of a host."""
        return self.variants is not None and path == self.variants.function.service_path

    async def _by_service(self, exchange: Exchange, query: str) -> EdgeAnswer:
        """A variant as the image service of the host makes it. The client says which formats."""
        if self.variants is None:
            return self._not_found(exchange)
        accept = exchange.headers.get("accept", "")
        found = self.variants.function.find_by_service(query, accept)
        answer = await self._variant(exchange, self.variants, found)
        return replace(answer, headers={**answer.headers, "vary": "Accept"})

    async def _variant(
        self, exchange: Exchange, variants: VariantRequests, found: FoundPicture
    ) -> EdgeAnswer:
        """A variant of a picture, made before or now."""
        if exchange.method not in METHODS:
            return page_answer(refusal())
        if found is None:
            return self._not_found(exchange)
        if isinstance(found, RefusedPicture):
            title = "The picture is refused"
            return error_answer(found.status, title, found.reason, AnswerSource.REFUSED)
        users = self._users_of_picture(found)
        if users is not None and not is_admitted(exchange.headers.get("authorization"), users):
            return password_answer()
        asked = variants.request(found.variant)
        if isinstance(asked, Ticket):
            await wait_for(asked, variants.remaining_seconds(asked))
        result = variants.result_of(asked) if isinstance(asked, Ticket) else asked
        if isinstance(result, VariantFailure):
            return no_variant_answer(result)
        answer = self._of_variant(exchange, found, result)
        return answer if users is None else private(answer)

    def _users_of_picture(self, found: FoundVariant) -> Users | None:
        """Who may read a picture whose path an address contains. Nobody can guess a digest."""
        if found.is_lasting or not self.passwords.rules:
            return None
        return self.passwords.users_of(found.variant.picture.path)

    def _of_variant(
        self, exchange: Exchange, found: FoundVariant, result: VariantResult
    ) -> EdgeAnswer:
        """Nobody but its visitor may keep what rules give to some visitors only."""
        path = exchange.path or ""
        headers = {"cache-control": LASTING if found.is_lasting else CACHE_CONTROL}
        headers |= headers_for(self.deployment.headers, path)
        if self.rules.depends_on_visitor(path):
            headers = unshared_headers(headers)
        return variant_answer(result, headers)

    async def _draft(self, exchange: Exchange, key: str) -> EdgeAnswer | None:
        """The draft of a live page, for a visitor with the cookie; None for all others.

        A deferred page may have a path that a route matches; it has no draft.
        """
        value = exchange.cookie(COOKIE)
        is_live = exchange.method in METHODS and self.deployment.routes.find(exchange.path or "")
        if not value or not is_live or not self.draft_secret:
            return None
        if not is_valid_cookie(self.draft_secret, value, self.now()):
            return None
        reply = await wait_for_render(self.pages, self.pages.render_draft(key))
        is_deferred = reply.failure is None and reply.entry.caching.is_stored
        if is_deferred and reply.source is not AnswerSource.OVERLOADED:
            return None
        return draft_answer(reply, exchange.raw_path)

    def _not_found(self, exchange: Exchange) -> EdgeAnswer:
        """The site's 404.html if there is one."""
        if self.files.locate("404.html") is not None:
            return self._file(exchange, ServedFile("404.html", 404))
        return not_found_answer()


async def wait_for_render(pages: PageCache, ticket: Ticket[BuilderResult]) -> CacheReply:
    """Wait until a render is done or its time limit has passed, without blocking a thread."""
    await wait_for(ticket, pages.remaining_seconds(ticket))
    return pages.reply_to(ticket)


async def wait_for(ticket: Ticket[T], seconds: float) -> None:
    """Wait until the flight of a ticket has landed, at most for some seconds."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    timeout = loop.call_later(seconds, done.set)

    def wake(_: Future[T]) -> None:
        with suppress(RuntimeError):  # the loop has been closed
            loop.call_soon_threadsafe(done.set)

    ticket.future.add_done_callback(wake)
    await done.wait()
    timeout.cancel()


def _with_question_mark(exchange: Exchange) -> str:
    return f"?{exchange.query}" if exchange.query else ""


def _not_run_here(what: str) -> EdgeAnswer:
    text = f"{what} answers here on its host. This server does not call it."
    return error_answer(502, "Not available here", text, AnswerSource.ELSEWHERE)
