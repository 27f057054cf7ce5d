"""The build's clock: read once, then an input like any other."""

from __future__ import annotations

import datetime as dt
import os
import zoneinfo

from ssg.model.errors import ConfigError, Problem


def build_time(timezone: str) -> dt.datetime:
    """Now, in whole seconds and the site's zone; SOURCE_DATE_EPOCH instead, if it is set.

    See https://reproducible-builds.org/specs/source-date-epoch/. Raises ConfigError if that is
    no number.
    """
    zone = zoneinfo.ZoneInfo(timezone)
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return dt.datetime.now(zone).replace(microsecond=0)
    try:
        return dt.datetime.fromtimestamp(int(epoch), zone)
    except (ValueError, OverflowError, OSError) as error:
        message = f'SOURCE_DATE_EPOCH is no number of seconds: "{epoch}"'
        raise ConfigError(Problem(message)) from error
