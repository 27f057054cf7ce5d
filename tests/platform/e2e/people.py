"""People at a browser: with a pointer, without scripts, and with a keyboard alone.

They find fields and controls by the names that are read aloud, so all three do the same steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Locator, Page

WAIT_MILLISECONDS = 10_000
MAX_TABS = 120
"""The number of controls of a page that somebody passes on the way to one."""


class Person:
    """Somebody with a pointer, whose browser runs scripts."""

    has_scripts = True

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        """Errors of scripts, and what the policy of the site has refused."""
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.set_default_timeout(WAIT_MILLISECONDS)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> int:
        """Open an address; returns the status of the page."""
        answer = self.page.goto(self.url + path)
        return answer.status if answer else 0

    def fill(self, label: str, value: str) -> None:
        """Replace what is in a field."""
        self._field(label).fill(value)

    def press(self, name: str) -> None:
        """Press a button."""
        self._button(name).click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self._link(name).click()

    def sees(self, text: str) -> None:
        """Wait until the page shows a text."""
        self.page.locator("main").get_by_text(text).first.wait_for()

    def arrives(self, path: str) -> None:
        """Wait until the address is this one; `*` stands for anything."""
        self.page.wait_for_url(self.url + path)

    def _field(self, label: str) -> Locator:
        return self.page.locator("main").get_by_label(label, exact=True)

    def _button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def _link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True).first


class PersonWithoutScripts(Person):
    """Somebody whose browser runs no scripts."""

    has_scripts = False


class PersonWithKeyboard(Person):
    """Somebody who uses nothing but the keyboard: the focus moves from one control to the next."""

    def fill(self, label: str, value: str) -> None:
        self._reach(self._field(label))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(value) if value else self.page.keyboard.press("Delete")

    def press(self, name: str) -> None:
        self._reach(self._button(name))
        self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        self._reach(self._link(name))
        self.page.keyboard.press("Enter")

    def _reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus, and can be seen to have it.

        Within a toolbar arrows lead from one button to the next (ARIA Authoring Practices).
        """
        control.wait_for()
        for _ in range(MAX_TABS):
            where = control.evaluate(_FOCUS)
            if where == "here":
                assert control.evaluate(_HAS_RING), f"nobody sees the focus on {control}"
                return
            self.page.keyboard.press("ArrowRight" if where == "toolbar" else "Tab")
        raise AssertionError(f"{control} cannot be reached with the keyboard")


_FOCUS = """one => {
    if (one === document.activeElement) return "here";
    return one.closest("[role=toolbar]")?.contains(document.activeElement) ? "toolbar" : "";
}"""

_HAS_RING = """one => {
    const style = getComputedStyle(one);
    return one.matches(":focus-visible")
        && (style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""

PEOPLE = {"pointer": Person, "no-scripts": PersonWithoutScripts, "keyboard": PersonWithKeyboard}


@contextmanager
def person(browser: Browser, kind: str, url: str) -> Iterator[Person]:
    """Somebody with a browser of their own. What its scripts complain of fails the test."""
    cls = PEOPLE[kind]
    context = browser.new_context(java_script_enabled=cls.has_scripts, reduced_motion="reduce")
    try:
        somebody = cls(context, url)
        yield somebody
        assert somebody.complaints == []
    finally:
        context.close()
