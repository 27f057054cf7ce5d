"""What a host can do, as a value: what a build checks, and what the edge and the preview obey."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The capabilities and limits of one kind of host. None means that there is no limit."""

    host: str
    """Its name in messages: `Netlify's builders`."""
    dialect: str = ""
    """The dialect of its answers (`ssg.runtime.dialects`); empty if it renders nothing."""
    tags: int = 0
    """The number of tags that an answer can have."""
    has_soft_purge: bool = False
    """Whether a purged answer can be served while a new one is made."""
    has_ttl_per_answer: bool = True
    least_ttl_seconds: int = 1
    stale_seconds: int | None = None
    """How long it serves expired answers, whatever they say; None: as they say."""
    serves_any_stale: bool = False
    """Whether an expired answer is served however old it is, until a refresh succeeds."""
    serves_stale_after_failure: bool = False
    """Whether the same holds for an answer that is to be rendered anew, but fails."""
    clears_at_deploy: bool = True
    """Whether a deploy forgets all answers."""
    keeps_if_asked: bool = False
    """Whether answers can be kept over deploys that would forget them."""
    has_query_in_key: bool = False
    seconds: float | None = None
    """How long a render may take."""
    body_bytes: int | None = None
    pages: int | None = None
    """The number of deferred pages above which it caches less."""
    has_sockets: bool = False
    """Whether the runtime can reach databases itself."""
    warms_live_pages: bool = False
    """Whether it renders critical live pages itself once a build is deployed, as a file cannot be
    purged."""
    has_drafts: bool = False
    """Whether visitors with a cookie can look at drafts of live pages."""
    draws_cards: bool = False
    """Whether it draws the cards of pages on request."""
    is_native: bool = False
    """Whether it runs CPython."""

    @property
    def keeps_over_deploys(self) -> bool:
        """Whether answers can outlive a deploy."""
        return self.keeps_if_asked or not self.clears_at_deploy
