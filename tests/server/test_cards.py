"""`ssg start` draws the cards of pages on request."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from ssg.build.images.card_stage import cards_of
from ssg.model.queries.site import Site
from ssg.render.views.card import design_of
from tests.server.started import started
from tests.server_site import SERVER_SITE, build_for_server

pytestmark = pytest.mark.xdist_group("variants of a server")
CARDS = "\n[images.cards]\nwidth = 240\nheight = 126\nmargin = 12\n"


def test_a_card_is_drawn_on_request(tmp_path: Path) -> None:
    site = {**SERVER_SITE, "ssg.toml": f"{SERVER_SITE['ssg.toml']!s}{CARDS}"}
    build_for_server(tmp_path, site)
    with closing(Site.open(tmp_path / "dist/site.db")) as opened:
        design, first = design_of(opened), cards_of(opened)[0]
    assert design
    path = first.card.path(design)
    assert not (tmp_path / "dist/public" / path.lstrip("/")).exists()
    with started(tmp_path, str(tmp_path / "dist")) as server:
        status, headers, body = server.get(path)
        assert (status, headers["content-type"]) == (200, "image/png")
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert Image.open(io.BytesIO(body)).size == (240, 126)
        assert server.get(path)[2] == body
        assert server.get(path.replace(first.card.digest(design), "0" * 16))[0] == 404
