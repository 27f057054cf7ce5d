"""The clock of a build: read once, then an input like others."""

from __future__ import annotations

import datetime as dt
import os
import zoneinfo

from ssg.model.errors import ConfigError, Problem


def build_time(timezone: str) -> dt.datetime:
    """The time in whole seconds and the site's zone: SOURCE_DATE_EPOCH if it is set, else now.

    See https://reproducible-builds.org/specs/source-date-epoch/. Raises ConfigError if it is
    not a number.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return dt.datetime.now(zone).replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(epoch), zone)
    except (ValueError, OverflowError, OSError) as error:
        message = f'SOURCE_DATE_EPOCH is not a number of seconds: "{epoch}"'
        raise ConfigError(Problem(message)) from error
