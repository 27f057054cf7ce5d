"""The life of an account and a post, as its author and a stranger see it.

The stranger has seen all pages before each step, so old ones are in each cache: what was not there
yet, and lists without the post. After a step the next request shows what is new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.platform.cluster import Stack
from tests.platform.e2e.people import PEOPLE, Person, person

pytestmark = [pytest.mark.browser]

PASSWORD = "four small boats in fog"  # noqa: S105 of a test
USERS = {"pointer": "ana", "no-scripts": "noor", "keyboard": "kay"}


@dataclass(frozen=True)
class Story:
    """An author, a stranger, and the pages that both look at."""

    author: Person
    reader: Person
    """The stranger at a browser."""
    client: httpx2.Client
    """The stranger asking for pages, as caches see that."""
    user: str

    @property
    def title(self) -> str:
        """The title after the edit."""
        return f"Loud, by {self.user}"

    @property
    def post(self) -> str:
        return f"/{self.user}/first-post/"

    @property
    def renamed(self) -> str:
        return f"/{self.user}/second-address/"

    @property
    def lists(self) -> Mapping[str, str]:
        return {
            "profile": f"/{self.user}/",
            "list": f"/{self.user}/posts/",
            "feed": f"/{self.user}/feed.xml",
            "tag": f"/tags/boats-{self.user}/",
            "home": "/",
        }

    def status(self, path: str) -> int:
        return self.client.get(path).status_code

    def leads_to(self, path: str) -> str:
        """Where a permanent redirect leads."""
        answer = self.client.get(path)
        assert answer.status_code == 301, (path, answer.status_code)
        return str(answer.headers["location"]).removeprefix(str(self.client.base_url).rstrip("/"))

    def lists_with(self, text: str) -> set[str]:
        """The names of lists that show a text."""
        return {name for name, path in self.lists.items() if text in self.client.get(path).text}

    # -- steps -----------------------------------------------------------------------------------

    def sign_up(self) -> None:
        assert self.status(self.post) == 404
        assert self.lists_with(self.post) == set()
        self.author.open("/")
        self.author.follow("Sign up")
        self.author.fill("Name", self.user)
        self.author.fill("Display name", self.user.title())
        self.author.fill("Password", PASSWORD)
        self.author.press("Sign up")
        self.author.sees("Title")
        assert self.status(self.lists["profile"]) == 200

    def write(self) -> None:
        """Write a post and look at its preview: others do not see a draft."""
        self.author.fill("Title", "First post")
        self.author.fill("Text", "The harbour was *still*.")
        self.author.press("Preview")
        self.author.page.locator(".preview em").get_by_text("still").wait_for()
        self.author.fill("Tags", f"boats-{self.user}")
        assert self.status(self.post) == 404
        assert self.lists_with(self.post) == set()

    def publish(self) -> None:
        self.author.press("Publish")
        self.author.sees("First post")
        assert self.lists_with(self.post) == set(self.lists)
        assert self.reader.open(self.post) == 200
        self.reader.sees("The harbour was still.")
        assert self.reader.page.locator("article em").first.inner_text() == "still"

    def edit(self) -> None:
        self._open("First post")
        self.author.fill("Text", "The harbour was *loud*.")
        self.author.fill("Title", self.title)
        self.author.press("Publish changes")
        self.author.sees(self.title)
        assert "<em>loud</em>" in self.client.get(self.post).text
        assert self.lists_with(self.title) == set(self.lists)

    def rename(self) -> None:
        self._open(self.title)
        self.author.fill("Address", "second-address")
        self.author.press("Publish changes")
        self.author.arrives("/account/posts?*")
        assert self.leads_to(self.post) == self.renamed
        assert self.status(self.renamed) == 200
        assert self.lists_with(self.renamed) == set(self.lists)

    def unpublish(self) -> None:
        self.author.open("/me/")
        self.author.press(f"Unpublish {self.title}")
        self.author.arrives("/account/posts?*")
        assert (self.status(self.renamed), self.status(self.post)) == (404, 404)
        assert self.lists_with(self.title) == set()

    def publish_again(self) -> None:
        self._open(self.title)
        self.author.press("Publish")
        self.author.arrives("/account/posts?*")
        assert (self.status(self.renamed), self.leads_to(self.post)) == (200, self.renamed)
        assert self.lists_with(self.title) == set(self.lists)

    def log_out(self) -> None:
        """Log out: the editor leads to the page for logging in."""
        self.author.open("/about/" if self.author.has_scripts else "/settings/")
        self.author.press("Log out")
        self.author.arrives("/")
        self.author.open("/write/")
        self.author.arrives("/**login**")

    def delete_account(self) -> None:
        self.author.fill("Name", self.user)
        self.author.fill("Password", PASSWORD)
        self.author.press("Log in")
        log_in = self.author.page.get_by_role("heading", level=1, name="Log in")
        log_in.wait_for(state="hidden")
        self.author.open("/settings/")
        self.author.follow("Delete your account")
        self.author.fill("Password", PASSWORD)
        self.author.press("Delete my account")
        self.author.arrives("/")
        assert self.lists_with(self.title) == set()
        gone = (self.renamed, self.post, self.lists["profile"], self.lists["feed"])
        assert [self.status(path) for path in gone] == [404, 404, 404, 404]

    def _open(self, title: str) -> None:
        """Open a post in the editor."""
        self.author.open("/me/")
        self.author.follow(f"Edit {title}")
        self.author.sees("Title")


@pytest.mark.parametrize("kind", PEOPLE)
def test_the_life_of_a_post(stack: Stack, browser: Browser, kind: str) -> None:
    with (
        httpx2.Client(base_url=stack.url) as client,
        person(browser, kind, stack.url) as author,
        person(browser, "pointer", stack.url) as reader,
    ):
        story = Story(author, reader, client, USERS[kind])
        story.sign_up()
        story.write()
        story.publish()
        story.edit()
        story.rename()
        story.unpublish()
        story.publish_again()
        story.log_out()
        story.delete_account()
