from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from httpx2 import Response
from PIL import Image

from blog.accounts import deletion
from blog.pictures import pictures, upload
from blog.pictures.encoding import Picture, PictureError
from tests.platform.client import SITE_URL, RunningApi
from tests.platform.pictures.files import HOSTILE, corners, picture
from tests.platform.signed_in import SignedIn, author

UPLOADS = "/api/me/pictures"


def send_file(visitor: SignedIn, data: bytes, name: str = "photo.jpg") -> Response:
    headers = {"X-CSRF-Token": visitor.token, "Origin": SITE_URL}
    files = {"file": (name, data, "image/jpeg")}
    return visitor.client.post(UPLOADS, files=files, headers=headers)


def send_body(visitor: SignedIn, data: bytes, kind: str = "image/png") -> Response:
    headers = {"X-CSRF-Token": visitor.token, "Origin": SITE_URL, "Content-Type": kind}
    return visitor.client.post(UPLOADS, content=data, headers=headers)


def test_an_upload_is_served_as_an_immutable_picture(api: RunningApi) -> None:
    answer = send_file(author(api, "ana"), corners("JPEG"))
    assert answer.status_code == 201
    value = answer.json()
    assert (value["width"], value["height"]) == (80, 40)
    stranger = api.visitor()
    served = stranger.get(value["url"])
    assert served.status_code == 200
    assert served.content[8:12] == b"WEBP"
    assert served.headers["content-type"] == "image/webp"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in served.headers["content-security-policy"]
    assert "set-cookie" not in served.headers
    again = stranger.get(value["url"], **{"If-None-Match": served.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_body_may_be_the_picture_itself(api: RunningApi) -> None:
    ana = author(api, "ana")
    by_form, by_body = send_file(ana, corners("PNG")), send_body(ana, corners("PNG"))
    assert by_form.json() == by_body.json()


@pytest.mark.parametrize("name", HOSTILE)
def test_files_that_are_no_pictures_are_refused_whatever_they_are_called(
    api: RunningApi, name: str
) -> None:
    answer = send_file(author(api, "ana"), HOSTILE[name], "photo.png")
    assert answer.status_code == 422
    assert answer.json()["fields"]["file"].startswith("This ")
    with api.platform.database.reading() as connection:
        assert not connection.rows("SELECT name FROM picture")


def test_a_form_without_a_file_is_refused(api: RunningApi) -> None:
    ana = author(api, "ana")
    headers = {"X-CSRF-Token": ana.token, "Origin": SITE_URL}
    kind = "multipart/form-data; boundary=x"
    body = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n'
    answer = ana.client.post(UPLOADS, content=body, headers={**headers, "Content-Type": kind})
    assert answer.json()["fields"] == {"file": "Choose a file."}


def test_a_body_that_is_too_long_is_not_read(api: RunningApi) -> None:
    answer = send_body(author(api, "ana"), bytes(12_000_000))
    assert answer.status_code == 413


def test_only_who_is_logged_in_uploads(api: RunningApi) -> None:
    data = corners("PNG")
    answer = api.visitor().client.post(UPLOADS, content=data, headers={"Origin": SITE_URL})
    assert answer.status_code == 401


def test_a_picture_of_nobody_is_not_found(api: RunningApi) -> None:
    assert api.visitor().get("/media/" + "0" * 32 + ".webp").status_code == 404


def test_a_picture_is_there_until_nobody_owns_it(api: RunningApi) -> None:
    ana, ben = author(api, "ana"), author(api, "ben")
    url = send_file(ana, corners("PNG")).json()["url"]
    assert send_file(ben, corners("PNG")).json()["url"] == url
    name = url.removeprefix("/media/")
    carl = author(api, "carl")
    assert carl.send_token("DELETE", f"{UPLOADS}/{name}").status_code == 404
    assert ana.send_token("DELETE", f"{UPLOADS}/{name}").status_code == 204
    assert [item["url"] for item in ben.get(UPLOADS).json()["items"]] == [url]
    assert ana.get(UPLOADS).json() == {"items": []}
    assert ana.get(url).status_code == 200
    with api.platform.database.writing() as connection:
        pictures.remove_all(connection, api.platform, "ben")
    assert ana.get(url).status_code == 404


def test_caches_forget_a_picture_that_is_removed(api: RunningApi) -> None:
    ana = author(api, "ana")
    url = send_file(ana, corners("PNG")).json()["url"]
    name = url.removeprefix("/media/")
    assert ana.get(url).headers["surrogate-key"] == f"picture:{name}"
    api.purges.clear()
    assert ana.send_token("DELETE", f"{UPLOADS}/{name}").status_code == 204
    assert api.purges == [f"picture:{name}"]


def test_a_picture_is_there_in_the_widths_that_pages_name(api: RunningApi) -> None:
    ana = author(api, "ana")
    url = send_file(ana, picture(size=(900, 300))).json()["url"]
    assert url.endswith("-900x300.webp")
    name, stranger = url.removeprefix("/media/"), api.visitor()
    for width, height in ((400, 133), (800, 267)):
        served = stranger.get(url.replace(".webp", f"-{width}.webp"))
        assert served.headers["surrogate-key"] == f"picture:{name}"
        assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
        with Image.open(BytesIO(served.content)) as shown:
            assert (shown.format, shown.size) == ("WEBP", (width, height))
    for other in ("401", "900", "0400", "400-400", "1"):
        assert stranger.get(url.replace(".webp", f"-{other}.webp")).status_code == 404
    ana.send_token("DELETE", f"{UPLOADS}/{name}")
    assert stranger.get(url.replace(".webp", "-400.webp")).status_code == 404


def test_no_variant_of_a_small_picture_is_made(api: RunningApi) -> None:
    url = send_file(author(api, "ana"), picture(size=(400, 100))).json()["url"]
    assert api.visitor().get(url.replace(".webp", "-400.webp")).status_code == 404


def test_an_account_has_a_quota(api: RunningApi, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = author(api, "ana")
    first = send_file(ana, corners("PNG"))
    size = ana.get(UPLOADS).json()["items"][0]["bytes"]
    monkeypatch.setattr(upload, "QUOTA_BYTES", size + 10)
    refused = send_file(ana, picture(size=(90, 90)))
    assert refused.status_code == 422
    assert "remove some first" in refused.json()["fields"]["file"]
    assert send_file(author(api, "ben"), picture(size=(20, 20))).status_code == 201
    ana.send_token("DELETE", f"{UPLOADS}/{first.json()['url'].removeprefix('/media/')}")
    assert send_file(ana, picture(size=(20, 20))).status_code == 201


def test_two_pictures_are_decoded_at_the_same_time(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def slowly(_: bytes) -> Picture:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.05)
        with lock:
            busy -= 1
        raise PictureError("This is slow.")

    monkeypatch.setattr(upload, "encode_picture", slowly)
    assert {answer.status_code for answer in _at_once(api, 6)} == {422}
    assert most == 2


def test_who_waits_too_long_is_told_to_come_back(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload.DECODING, "wait_seconds", 0.01)
    monkeypatch.setattr(upload, "encode_picture", _forever(0.3))
    answers = _at_once(api, 3)
    assert sorted(answer.status_code for answer in answers) == [422, 422, 503]
    assert [one.headers["retry-after"] for one in answers if one.status_code == 503] == ["10"]


def test_many_uploads_leave_threads_to_others(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload, "encode_picture", _forever(0.2))
    begin = time.monotonic()
    answers = _at_once(api, 14)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [422] * 10 + [503] * 4
    assert time.monotonic() - begin < upload.DECODING.wait_seconds


def _forever(seconds: float) -> Callable[[bytes], Picture]:
    def slowly(_: bytes) -> Picture:
        time.sleep(seconds)
        raise PictureError("This is slow.")

    return slowly


def _at_once(api: RunningApi, count: int) -> list[Response]:
    ana = author(api, "ana")
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda _: send_body(ana, b"x"), range(count)))


def test_a_picture_that_caches_keep_has_no_cookie(api: RunningApi) -> None:
    """A session is renewed by other answers."""
    ana = author(api, "ana")
    url = send_file(ana, corners("PNG")).json()["url"]
    api.clock.advance(2 * 24 * 3600)
    assert "set-cookie" not in ana.get(url).headers
    assert "set-cookie" not in ana.get("/api/newest").headers
    assert "set-cookie" in ana.get("/api/me/posts").headers


def test_an_upload_after_the_end_of_the_account_is_not_kept(
    api: RunningApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = author(api, "ana")
    encode = upload.encode_picture

    def ended_meanwhile(data: bytes) -> Picture:
        with api.platform.database.writing() as connection:
            deletion.delete(connection, api.platform, ana.account)
        return encode(data)

    monkeypatch.setattr(upload, "encode_picture", ended_meanwhile)
    assert send_file(ana, corners("PNG")).status_code == 401
    with api.platform.database.reading() as connection:
        assert not connection.rows("SELECT name FROM picture")
