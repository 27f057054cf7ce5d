"""The site for the real API, with the users and posts of the example."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from blog.accounts.names import RESERVED
from blog.demo.fill import fill
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from tests.platform.client import RunningApi, running_api
from tests.platform.site.conftest import PlatformSite

ANSWERED_BY_THE_API = ("/account/", "/api/", "/media/")
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)"')


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApi]:
    with running_api(tmp_path_factory.mktemp("filled")) as api:
        fill(api.platform)
        yield api


def get(platform_site: PlatformSite, api: RunningApi, path: str) -> Response:
    """The page at a path, with the data of the API."""

    def bring(requests: Iterable[DataRequest]) -> Mapping[DataRequest, DataAnswer]:
        found = {one: api.client.get(f"/api{one.path}") for one in requests}
        return {one: DataAnswer(each.status_code, each.content) for one, each in found.items()}

    return answered(platform_site.renderer, Request("GET", path), bring)


def links(html: str) -> set[str]:
    """The pages of the site that a page leads to."""
    found = {unescape(link).partition("?")[0] for link in LINK.findall(html)}
    return {link for link in found if not link.startswith(ANSWERED_BY_THE_API)}


def test_every_link_of_every_page_leads_to_a_page(
    platform_site: PlatformSite, filled: RunningApi
) -> None:
    files = {f"/{name.removesuffix('index.html')}" for name in platform_site.built.files}
    waiting, statuses = ["/"], dict[str, int]()
    while waiting:
        path = waiting.pop()
        if path in statuses or path in files:
            continue
        found = get(platform_site, filled, path)
        statuses[path] = found.status
        if found.status == 200 and path.endswith("/"):
            waiting += links(found.body.decode())
    assert {path: status for path, status in statuses.items() if status != 200} == {}
    kinds = {re.sub("[^/.]+", "x", path) for path in statuses}
    assert kinds >= {"/", "/x/", "/x/x/", "/x.x", "/x/x.x"}
    assert sum(path.startswith("/tags/") for path in statuses) > 5


@pytest.mark.parametrize(
    ("path", "present"),
    [("/Tuuli/", "/tuuli/"), ("/TUULI/Museum-of-Locks/", "/tuuli/museum-of-locks/")],
)
def test_capital_letters_lead_to_the_address_in_small_ones(
    platform_site: PlatformSite, filled: RunningApi, path: str, present: str
) -> None:
    found = get(platform_site, filled, path)
    assert (found.status, found.headers.get("Location")) == (301, present)


def test_nobody_can_have_a_name_that_is_a_path_of_the_site(platform_site: PlatformSite) -> None:
    firsts = {name.split("/")[0] for name in platform_site.built.files}
    firsts |= {route.path.split("/")[1] for route in platform_site.built.site.settings.routes}
    for route in platform_site.built.site.settings.routes:
        firsts |= {*route.excluded.get("user", ())}
    names = {name for name in firsts if re.fullmatch("[a-z][a-z0-9-]+", name)}
    assert names >= {"about", "login", "me", "shell", "signup", "tags", "write"}
    assert names - RESERVED == set()


def test_every_size_of_every_picture_of_a_page_is_there(
    platform_site: PlatformSite, filled: RunningApi
) -> None:
    pages = {
        get(platform_site, filled, path).body.decode()
        for path in links(get(platform_site, filled, "/").body.decode())
    }
    pictures = {one for page in pages for one in re.findall(r'<img [^>]*src="/media/[^>]+>', page)}
    assert pictures
    for picture in pictures:
        found = re.search(r' srcset="([^"]+)"', picture)
        assert found, picture
        for candidate in found[1].split(", "):
            url, width = candidate.split(" ")
            with Image.open(BytesIO(filled.client.get(url).content)) as image:
                assert f"{image.width}w" == width
