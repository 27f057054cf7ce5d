from __future__ import annotations

import pytest

from blog.pages import own_pictures
from tests.platform.client import RunningApi
from tests.platform.pictures.files import corners, picture
from tests.platform.pictures.test_uploads import send_body
from tests.platform.signed_in import author

PICTURES = "/account/pictures"


def test_pictures_are_shown_and_removed(api: RunningApi) -> None:
    ana, ben = author(api, "ana"), author(api, "ben")
    url = send_body(ana, corners("PNG")).json()["url"]
    name = url.removeprefix("/media/")
    page = ana.get(PICTURES).text
    assert f'src="{url}"' in page
    assert f"![]({url})" in page
    assert "0.0 of 200 MB are used" in page
    assert url not in ben.get(PICTURES).text
    assert ben.submit(f"{PICTURES}/remove", {"name": name}, "/account/settings").status_code == 404
    answer = ana.submit(f"{PICTURES}/remove", {"name": name}, PICTURES)
    page = ana.get(answer.headers["location"]).text
    assert "The picture is removed." in page
    assert "You have not uploaded a picture yet." in page
    assert ana.get(url).status_code == 404


def test_many_pictures_are_shown_on_demand(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = author(api, "ana")
    monkeypatch.setattr(own_pictures, "PICTURES_OF_A_PAGE", 1)
    urls = [send_body(ana, picture(size=(size, 40))).json()["url"] for size in (40, 41, 42)]
    page = ana.get(PICTURES).text
    assert sum(f'src="{url}"' in page for url in urls) == 1
    assert "Show 2 more" in page
    assert sum(f'src="{url}"' in ana.get(f"{PICTURES}?all=1").text for url in urls) == 3
