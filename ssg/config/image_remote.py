"""`[[images.remote]]`: hosts whose pictures a build may fetch."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from ssg.config.table import Table
from ssg.model.images.remote import RemoteSettings

_MATCH = re.compile(r"https?://[^\s/*?#@\\]+/\S+")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_WRITE = "Write https://photos.example.org/**"


def read_remotes(table: Table) -> tuple[RemoteSettings, ...]:
    """`remote` of the table `[images]`."""
    return tuple(one for own in table.tables("remote") if (one := _remote(own)))


def _remote(table: Table) -> RemoteSettings | None:
    default = RemoteSettings(table.form("match", "", _MATCH, "a glob over URLs", _WRITE))
    refresh = table.seconds("refresh")
    settings = replace(
        default,
        urls=tuple(table.texts("urls")),
        refresh_seconds=default.refresh_seconds if refresh is None else refresh,
        timeout_seconds=table.whole("timeout", default.timeout_seconds, 1),
        max_bytes=table.whole("max_bytes", default.max_bytes, 1),
    )
    table.refuse_unread()
    return settings if _is_right(table, settings) else None


def _is_right(table: Table, settings: RemoteSettings) -> bool:
    if not settings.match:
        if not table.raw("match"):
            table.problem("match", 'a remote needs "match", a glob over URLs', _WRITE)
        return False
    if settings.match.startswith("http://") and settings.host not in _LOOPBACK:
        message = '"match" begins with http://, which anybody on the way can change'
        table.problem("match", message, "Write https://")
    for url in settings.urls:
        if urlsplit(url).hostname is None or not settings.matches(url):
            table.problem("urls", f'"match" does not match {url}')
    return True
