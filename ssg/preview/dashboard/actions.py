"""What the dashboard can do: a form as a value, and the deed."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent import futures
from dataclasses import dataclass

from ssg.edge.cache import PageCache, RenderResult
from ssg.edge.policy import StoreVerdict
from ssg.edge.single_flight import Ticket
from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.pluralize import counted
from ssg.model.urls import quote_path
from ssg.preview.counters import MAX_MESSAGE_CHARACTERS
from ssg.preview.dashboard.formatting import duration, span
from ssg.preview.debug_tools import DebugTools

JUMPS_SECONDS = {"hour": 3600, "day": SECONDS_PER_DAY}


@dataclass(frozen=True, slots=True)
class RenderAction:
    """Render a page now."""

    path: str


@dataclass(frozen=True, slots=True)
class PurgeAction:
    """Forget the cached response of a page."""

    path: str


@dataclass(frozen=True, slots=True)
class PurgeAllAction:
    """Forget all cached responses of the build."""


@dataclass(frozen=True, slots=True)
class AdvanceClock:
    """Set the clock forward."""

    seconds: int


@dataclass(frozen=True, slots=True)
class ResetClock:
    """Set the clock back to the real time."""


@dataclass(frozen=True, slots=True)
class SetFault:
    """Make the next render fail, or not after all."""

    armed: bool


DashboardAction = RenderAction | PurgeAction | PurgeAllAction | AdvanceClock | ResetClock | SetFault


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of an action."""

    message: str
    is_bad: bool = False


def read_action(form: Mapping[str, str]) -> DashboardAction | None:
    """The action of the button that was pressed: its name, and for a page its value."""
    if path := form.get("render"):
        return RenderAction(path)
    if path := form.get("purge"):
        return PurgeAction(path)
    if seconds := JUMPS_SECONDS.get(form.get("jump", "")):
        return AdvanceClock(seconds)
    others: dict[str, DashboardAction] = {
        "purge-all": PurgeAllAction(),
        "real-time": ResetClock(),
        "fail": SetFault(form.get("fail") == "next"),
    }
    return next((action for name, action in others.items() if name in form), None)


def page_of(action: DashboardAction) -> str | None:
    """The path that an action means, if it is one for a page."""
    return action.path if isinstance(action, RenderAction | PurgeAction) else None


def perform(
    action: DashboardAction, pages: PageCache | None, instruments: DebugTools
) -> ActionResult:
    """Do it. `pages` None: nothing is built yet. May take as long as a render."""
    match action:
        case AdvanceClock(seconds):
            instruments.clock.jump(seconds)
            return ActionResult(f"The clock is {span(instruments.clock.offset_seconds)} ahead.")
        case ResetClock():
            return back_to_real_time(pages, instruments)
        case SetFault(armed):
            instruments.trap.set(armed)
            return ActionResult("The next render fails." if armed else "Renders go on as usual.")
    if pages is None:
        return ActionResult("Nothing is built yet.", is_bad=True)
    return perform_on_cache(action, pages)


def perform_on_cache(
    action: RenderAction | PurgeAction | PurgeAllAction, pages: PageCache
) -> ActionResult:
    """The actions that are about stored pages."""
    match action:
        case RenderAction(path):
            return render(path, pages)
        case PurgeAction(path):
            pages.purge(quote_path(path))
            return ActionResult(f"Purged {path}.")
        case PurgeAllAction():
            pages.clear()
            return ActionResult("Purged every cached page of this build.")


def back_to_real_time(pages: PageCache | None, instruments: DebugTools) -> ActionResult:
    """Set the clock back, and forget what was rendered ahead of it."""
    instruments.clock.reset()
    forgotten = pages.forget_future() if pages else 0
    purged = f" Purged {counted(forgotten, 'page')} rendered ahead of it." if forgotten else ""
    return ActionResult(f"The clock shows the real time.{purged}")


def render(path: str, pages: PageCache) -> ActionResult:
    """Render a page and wait for it, no longer than a visitor would."""
    ticket = pages.render_now(quote_path(path))
    futures.wait([ticket.future], pages.remaining_seconds(ticket))
    rendered = landed(ticket)
    if rendered is None:
        return ActionResult(f"Rendering {path} takes too long.", is_bad=True)
    if rendered.verdict is StoreVerdict.STORE:
        return ActionResult(f"Rendered {path} in {duration(rendered.seconds * 1000)}.")
    why = rendered.failure.message if rendered.failure else f"status {rendered.entry.status}"
    if rendered.verdict is StoreVerdict.PAGE_LIMIT:
        return ActionResult(f"Rendered {path}, but the cache has all the pages it may have.")
    return ActionResult(f"{path} failed: {why[:MAX_MESSAGE_CHARACTERS]}", is_bad=True)


def landed(ticket: Ticket[RenderResult]) -> RenderResult | None:
    """What a flight brought, if it has landed well."""
    future = ticket.future
    return future.result() if future.done() and future.exception() is None else None
