"""Tells robots from readers by the name that a program gives itself."""

from __future__ import annotations

import re
from functools import lru_cache

_ROBOT = re.compile(
    r"bot\b|bot[-_/;]|crawl|spider|slurp|fetch|scan|monitor|preview|archiv|feed|rss|uptime|pingdom"
    r"|lighthouse|headless|facebookexternalhit|mediapartners|ia_archiver|wget|curl|libwww|python"
    r"|java/|okhttp|go-http-client|ruby|perl|axios|node-fetch|httpclient|scrapy|check_http",
    re.I,
)


@lru_cache(1 << 15)
def is_robot(agent: str) -> bool:
    """Whether a program is not a browser: crawlers, feed readers, monitors, command lines.

    A format without names has '' for all: they count as readers. `-` is a program without a name.
    """
    return bool(agent) and (agent == "-" or _ROBOT.search(agent) is not None)
