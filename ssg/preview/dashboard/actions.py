"""What the dashboard can do: a form as a value, and the deed."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent import futures
from dataclasses import dataclass

from ssg.edge.cache import PageCache, Rendered
from ssg.edge.policy import Verdict
from ssg.edge.single_flight import Ticket
from ssg.model.pluralize import counted
from ssg.model.urls import quote_path
from ssg.preview.counters import MAX_MESSAGE_CHARACTERS
from ssg.preview.dashboard.wording import duration, span
from ssg.preview.instruments import Instruments

JUMPS_SECONDS = {"hour": 3600, "day": 86_400}


@dataclass(frozen=True, slots=True)
class Render:
    """Render a page now."""

    path: str


@dataclass(frozen=True, slots=True)
class Purge:
    """Forget the cached response of a page."""

    path: str


@dataclass(frozen=True, slots=True)
class PurgeAll:
    """Forget all cached responses of the build."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Set the clock forward."""

    seconds: int


@dataclass(frozen=True, slots=True)
class RealTime:
    """Set the clock back to the real time."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Make the next render fail, or not after all."""

    armed: bool


Action = Render | Purge | PurgeAll | Jump | RealTime | Fail


@dataclass(frozen=True, slots=True)
class Told:
    """What came of an action."""

    message: str
    is_bad: bool = False


def read_action(form: Mapping[str, str]) -> Action | None:
    """The action of the button that was pressed: its name, and for a page its value."""
    if path := form.get("render"):
        return Render(path)
    if path := form.get("purge"):
        return Purge(path)
    if seconds := JUMPS_SECONDS.get(form.get("jump", "")):
        return Jump(seconds)
    others: dict[str, Action] = {
        "purge-all": PurgeAll(),
        "real-time": RealTime(),
        "fail": Fail(form.get("fail") == "next"),
    }
    return next((action for name, action in others.items() if name in form), None)


def page_of(action: Action) -> str | None:
    """The path that an action means, if it is one for a page."""
    return action.path if isinstance(action, Render | Purge) else None


def perform(action: Action, pages: PageCache | None, instruments: Instruments) -> Told:
    """Do it. `pages` None: nothing is built yet. May take as long as a render."""
    match action:
        case Jump(seconds):
            instruments.clock.jump(seconds)
            return Told(f"The clock is {span(instruments.clock.offset_seconds)} ahead.")
        case RealTime():
            return back_to_real_time(pages, instruments)
        case Fail(armed):
            instruments.trap.set(armed)
            return Told("The next render fails." if armed else "Renders go on as usual.")
    if pages is None:
        return Told("Nothing is built yet.", is_bad=True)
    return perform_on_cache(action, pages)


def perform_on_cache(action: Render | Purge | PurgeAll, pages: PageCache) -> Told:
    """The actions that are about stored pages."""
    match action:
        case Render(path):
            return render(path, pages)
        case Purge(path):
            pages.purge(quote_path(path))
            return Told(f"Purged {path}.")
        case PurgeAll():
            pages.clear()
            return Told("Purged every cached page of this build.")


def back_to_real_time(pages: PageCache | None, instruments: Instruments) -> Told:
    """Set the clock back, and forget what was rendered ahead of it."""
    instruments.clock.reset()
    forgotten = pages.forget_future() if pages else 0
    purged = f" Purged {counted(forgotten, 'page')} rendered ahead of it." if forgotten else ""
    return Told(f"The clock shows the real time.{purged}")


def render(path: str, pages: PageCache) -> Told:
    """Render a page and wait for it, no longer than a visitor would."""
    ticket = pages.render_now(quote_path(path))
    futures.wait([ticket.future], pages.remaining_seconds(ticket))
    rendered = landed(ticket)
    if rendered is None:
        return Told(f"Rendering {path} takes too long.", is_bad=True)
    if rendered.verdict is Verdict.STORE:
        return Told(f"Rendered {path} in {duration(rendered.seconds * 1000)}.")
    why = rendered.failure.message if rendered.failure else f"status {rendered.entry.status}"
    if rendered.verdict is Verdict.PAGE_LIMIT:
        return Told(f"Rendered {path}, but the cache has all the pages it may have.")
    return Told(f"{path} failed: {why[:MAX_MESSAGE_CHARACTERS]}", is_bad=True)


def landed(ticket: Ticket[Rendered]) -> Rendered | None:
    """What a flight brought, if it has landed well."""
    future = ticket.future
    return future.result() if future.done() and future.exception() is None else None
