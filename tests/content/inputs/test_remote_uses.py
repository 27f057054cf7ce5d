"""Which URLs of a site are pictures of other hosts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.content.inputs.remote_uses import image_urls, remote_uses
from ssg.model.database import open_readonly
from ssg.model.errors import Location
from ssg.model.images.remote import RemoteSettings, remote_of
from ssg.model.texts import Texts
from tests.conftest import BARE, Built

P = "https://photos.example.org"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (f"![Alt]({P}/a.jpg)", [f"{P}/a.jpg"]),
        (f'![Alt](<{P}/a.jpg> "Title")', [f"{P}/a.jpg"]),
        (f'A <img alt="x"\n src="{P}/a.jpg?w=1&amp;h=2">', [f"{P}/a.jpg?w=1&h=2"]),
        (f"![Alt][boat]\n\n[boat]: {P}/a", [f"{P}/a"]),
        (f"[a link]({P}/a.jpg) and [another][boat]\n\n[boat]: {P}/a", []),
        (f"```\n![Alt]({P}/a.jpg)\n```\n", []),
        (f"[![Alt]({P}/a.jpg)]({P}/b.jpg)", [f"{P}/a.jpg"]),
    ],
)
def test_images_of_a_text(text: str, urls: list[str]) -> None:
    assert [url for _, url in image_urls(text)] == urls


def test_what_a_glob_matches() -> None:
    remote = RemoteSettings(f"{P}/boats/**")
    assert remote_of(f"{P}/boats/2026/a.jpg?w=1", [remote]) == remote
    for other in (f"{P}/a.jpg", f"{P}.evil.example/boats/a.jpg", "https://x.example/boats/a.jpg"):
        assert remote_of(other, [remote]) is None


def test_each_url_is_known_with_its_place(site: Callable[..., Built]) -> None:
    built = site(
        {
            **BARE,
            "templates/page.html": f'{{{{ page.content }}}}\n{{# {P}/t.png #}}<a href="{P}/x/">',
            "data/team.toml": f'photo = "{P}/d.webp"\nhome = "{P}/team/"\n',
            "content/a.md": f"---\ntitle: A\nphoto: {P}/f.avif\n---\n\none\n\n![x]({P}/m)\n",
            "content/b.md": f"![x]({P}/m) ![y](https://other.example/y.png)\n",
        }
    )
    remotes = [RemoteSettings(f"{P}/**", urls=(f"{P}/u",))]
    database = built.report.database
    found = remote_uses(open_readonly(database), Texts.beside(database), remotes)
    assert found == {
        f"{P}/m": Location("content/a.md", 8),
        f"{P}/f.avif": Location("content/a.md"),
        f"{P}/d.webp": Location("data/team"),
        f"{P}/t.png": Location("templates/page.html", 2),
        f"{P}/u": None,
    }
