"""Actions of the dashboard: read them from a form, and perform them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent import futures
from dataclasses import dataclass

from ssg.edge.cache import PageCache
from ssg.edge.cache_key import key_of_page
from ssg.edge.cache_reply import BuilderResult
from ssg.edge.policy import StoreVerdict
from ssg.edge.single_flight import Ticket
from ssg.model.cache_options import purged_tag
from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.pluralize import counted
from ssg.preview.counters import MAX_MESSAGE_CHARACTERS
from ssg.preview.dashboard.formatting import duration, span
from ssg.preview.debug_tools import DebugTools
from ssg.preview.sources.source_faults import SourceFault

_NOT_STORED = {
    StoreVerdict.PAGE_LIMIT: "the cache is full",
    StoreVerdict.NO_STORE: "its response says so",
    StoreVerdict.PURGED: "it was purged meanwhile",
}

_FAULT_WORDS = {
    None: "asked as usual",
    SourceFault.DOWN: "down",
    SourceFault.SLOW: "slow",
    SourceFault.MISSING: "answered with 404",
}
ADVANCE_SECONDS = {"hour": 3600, "day": SECONDS_PER_DAY}


@dataclass(frozen=True, slots=True)
class RenderAction:
    """Render a page now."""

    path: str


@dataclass(frozen=True, slots=True)
class PurgeAction:
    """Purge the cached response of a page."""

    path: str


@dataclass(frozen=True, slots=True)
class PurgeTagAction:
    """Purge the cached responses with a tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class PurgeAllAction:
    """Purge all cached responses of the build."""


@dataclass(frozen=True, slots=True)
class AdvanceClock:
    """Set the clock forward."""

    seconds: int


@dataclass(frozen=True, slots=True)
class ResetClock:
    """Set the clock back to the real time."""


@dataclass(frozen=True, slots=True)
class SetFault:
    """Make the next render fail, or cancel that."""

    armed: bool


@dataclass(frozen=True, slots=True)
class SetSourceFault:
    """Make a source of data fail in some way; None: ask it as usual."""

    source: str
    fault: SourceFault | None


CacheAction = RenderAction | PurgeAction | PurgeTagAction | PurgeAllAction
DashboardAction = CacheAction | AdvanceClock | ResetClock | SetFault | SetSourceFault


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action did, in words."""

    message: str
    is_bad: bool = False


def read_action(form: Mapping[str, str]) -> DashboardAction | None:
    """Read the action of the button that was pressed, from its name and value."""
    if path := form.get("render"):
        return RenderAction(path)
    if path := form.get("purge"):
        return PurgeAction(path)
    if tag := form.get("purge-tag", "").strip():
        return PurgeTagAction(tag)
    if seconds := ADVANCE_SECONDS.get(form.get("jump", "")):
        return AdvanceClock(seconds)
    if named := form.get("source"):
        return read_source_fault(named)
    others: dict[str, DashboardAction] = {
        "purge-all": PurgeAllAction(),
        "real-time": ResetClock(),
        "fail": SetFault(form.get("fail") == "next"),
    }
    return next((action for name, action in others.items() if name in form), None)


def read_source_fault(text: str) -> SetSourceFault | None:
    """Read the value of a button, `NAME:down` or `NAME:usual`."""
    source, _, name = text.rpartition(":")
    if name == "usual":
        return SetSourceFault(source, None)
    return SetSourceFault(source, SourceFault(name)) if name in list(SourceFault) else None


def page_of(action: DashboardAction) -> str | None:
    """The path of an action on one page; None for other actions."""
    return action.path if isinstance(action, RenderAction | PurgeAction) else None


def perform(action: DashboardAction, pages: PageCache | None, tools: DebugTools) -> ActionResult:
    """Perform an action, which may take as long as a render. `pages` is None before a build."""
    match action:
        case AdvanceClock(seconds):
            tools.clock.advance(seconds)
            return ActionResult(f"The clock is {span(tools.clock.offset_seconds)} ahead.")
        case ResetClock():
            return reset_clock(pages, tools)
        case SetFault(armed):
            tools.fault.arm(armed)
            return ActionResult("The next render fails." if armed else "Renders go on as usual.")
        case SetSourceFault(source, fault):
            tools.source_faults.set(source, fault)
            return ActionResult(f"The source {source} is {_FAULT_WORDS[fault]}.")
    if pages is None:
        return ActionResult("Nothing is built yet.", is_bad=True)
    return perform_on_cache(action, pages)


def perform_on_cache(action: CacheAction, pages: PageCache) -> ActionResult:
    """Perform an action on cached pages."""
    match action:
        case RenderAction(path):
            return render_page(path, pages)
        case PurgeAction(path):
            pages.purge([key_of_page(path)])
            return ActionResult(f"Purged {path}.")
        case PurgeTagAction(tag):
            meant = purged_tag(tag)
            if meant is None:
                return ActionResult(f"{tag[:MAX_MESSAGE_CHARACTERS]} is not a tag.", is_bad=True)
            removed = counted(pages.purge_tags([meant]), "response")
            return ActionResult(f"Purged {removed} by {meant}.")
        case PurgeAllAction():
            pages.clear()
            return ActionResult("Purged every cached page of this build.")


def reset_clock(pages: PageCache | None, tools: DebugTools) -> ActionResult:
    """Set the clock to the real time, and purge pages rendered after that time."""
    tools.clock.reset()
    count = pages.purge_future() if pages else 0
    purged = f" Purged {counted(count, 'page')} rendered ahead of it." if count else ""
    return ActionResult(f"The clock shows the real time.{purged}")


def render_page(path: str, pages: PageCache) -> ActionResult:
    """Render a page and wait for it, at most as long as a visitor would."""
    ticket = pages.render_now(key_of_page(path))
    futures.wait([ticket.future], pages.remaining_seconds(ticket))
    rendered = finished_result(ticket)
    if rendered is None:
        return ActionResult(f"Rendering {path} takes too long.", is_bad=True)
    if rendered.verdict is StoreVerdict.STORE:
        return ActionResult(f"Rendered {path} in {duration(rendered.seconds * 1000)}.")
    why = rendered.failure.message if rendered.failure else f"status {rendered.entry.status}"
    if rendered.verdict in _NOT_STORED:
        return ActionResult(
            f"Rendered {path}, but did not store it: {_NOT_STORED[rendered.verdict]}."
        )
    return ActionResult(f"{path} failed: {why[:MAX_MESSAGE_CHARACTERS]}", is_bad=True)


def finished_result(ticket: Ticket[BuilderResult]) -> BuilderResult | None:
    """The result of a render that has finished; None if it has not, or was interrupted."""
    future = ticket.future
    return future.result() if future.done() and future.exception() is None else None
