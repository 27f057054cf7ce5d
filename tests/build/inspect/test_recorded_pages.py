"""Which live pages have asked for what was recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.build.inspect.recorded_pages import recorded_paths
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.route import Route, RouteData, RouteList
from ssg.sources.recorded import RecordingShell

POST = Route(
    1,
    "/{user}/{slug}/",
    "post.html",
    excluded={"user": ("tags",)},
    data=(
        RouteData("post", "api", path="/posts/{user}/{slug}?by={user}"),
        RouteData("user_of", "api", path="/users/{user}"),
    ),
)
ROW = Route(2, "/rows/{id}.html", "row.html", data=(RouteData("row", "db", query="row"),))
LIST = Route(
    3,
    "/list/{tag}/all/",
    "list.html",
    data=(RouteData("posts", "api", path="/tags/{tag}?page={number}"),),
    list=RouteList("posts", "/x/", paginate_by=5, total="n"),
)


@pytest.mark.parametrize(
    ("request_", "paths"),
    [
        (DataRequest("api", "/posts/ana/a%20b%2Fc?by=ana"), []),  # no value contains a slash
        (DataRequest("api", "/posts/ana/a%20b?by=ana"), ["/ana/a b/"]),
        (DataRequest("api", "/posts/ana/a?by=ben"), []),
        (DataRequest("api", "/posts/tags/a?by=tags"), []),
        (DataRequest("api", "/users/ana"), []),
        (DataRequest("other", "/posts/ana/a?by=ana"), []),
        (DataRequest("api", "/posts/ana/a?by=ana", is_draft=True), []),
        (DataRequest("db", query="row", values=(("id", "7"), ("number", 1))), ["/rows/7.html"]),
        (DataRequest("db", query="rows", values=(("id", "7"),)), []),
        (DataRequest("api", "/tags/x?page=1"), ["/list/x/all/"]),
        (DataRequest("api", "/tags/x?page=3"), ["/list/x/all/page/3/"]),
    ],
)
def test_the_page_that_a_request_belongs_to(
    tmp_path: Path, request_: DataRequest, paths: list[str]
) -> None:
    answer = DataAnswer(200, b"{}")
    RecordingShell(lambda requests: dict.fromkeys(requests, answer), tmp_path).bring([request_])
    (tmp_path / "api").mkdir(exist_ok=True)
    (tmp_path / "api/damaged.json").write_text("{")
    (tmp_path / "api/list.json").write_text("[]")
    assert recorded_paths([POST, ROW, LIST], tmp_path) == paths
