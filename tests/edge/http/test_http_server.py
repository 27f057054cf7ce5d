"""The log of the server."""

from __future__ import annotations

import logging

from ssg.edge.events import EdgeRecord, Notice, NoticeLevel
from ssg.edge.http.http_server import server_log


def test_warnings_of_the_server_become_notices_meanwhile() -> None:
    records: list[EdgeRecord] = []
    logger = logging.getLogger("uvicorn.error")
    before = list(logger.handlers)
    with server_log(records.append):
        logger.warning("Invalid %s", "request")
        logger.info("not this")
    assert records == [Notice(NoticeLevel.WARNING, "Invalid request")]
    assert logger.handlers == before
