"""Options and variables of the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.errors import ConfigError
from ssg.server.settings import SETTINGS, AccessLog, ServerSettings, read_settings

DOCS = Path(__file__).parents[2] / "content" / "docs"


def test_nothing_given_is_the_default() -> None:
    assert read_settings({}) == ServerSettings()
    assert read_settings({"SSG_PORT": "", "SSG_FRONT": ""}) == ServerSettings()


def test_the_environment_is_read() -> None:
    environment = {
        "SSG_DIR": "/srv/current", "SSG_HOST": "::", "SSG_WORKERS": "2",
        "SSG_ACCESS_LOG": "json", "SSG_FRONT": "varnish", "SSG_METRICS_PORT": "9000",
        "SSG_PURGE_SECRET": " " + "s" * 32 + "\n", "SSG_JWT_SECRET": "jwt",
    }  # fmt: skip
    settings = read_settings(environment)
    assert settings.folder == Path("/srv/current")
    assert (settings.host, settings.workers, settings.metrics_port) == ("::", 2, 9000)
    assert (settings.access_log, settings.front) == (AccessLog.JSON, "varnish")
    assert (settings.purge_secret, settings.jwt_secret) == (b"s" * 32, "jwt")


def test_an_option_counts_before_its_variable_and_ours_before_the_platform_s() -> None:
    assert read_settings({"PORT": "1"}).port == 1
    assert read_settings({"PORT": "1", "SSG_PORT": "2"}).port == 2
    assert read_settings({"PORT": "1", "SSG_PORT": "2"}, {"port": "3", "host": None}).port == 3


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = {"PORT": "eighty", "SSG_FRONT": "varnsh", "SSG_PURGE_SECRET": "short"}
    with pytest.raises(ConfigError) as raised:
        read_settings(wrong, {"workers": "0"})
    assert [(problem.message, problem.hint) for problem in raised.value.problems] == [
        ('PORT: "eighty" is not a number from 0 to 65,535', None),
        ('--workers: "0" is not a number from 1 to 256', None),
        ('SSG_FRONT: "varnsh" is not known', 'Did you mean "varnish"?'),
        (
            "SSG_PURGE_SECRET: it has fewer than 32 characters",
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["http://cache/", "memcached://cache", "redis//x://y"])
def test_a_url_that_is_not_of_a_redis_is_not_taken_for_a_folder(where: str) -> None:
    with pytest.raises(ConfigError, match="is not a cache") as raised:
        read_settings({"SSG_CACHE": where})
    (problem,) = raised.value.problems
    assert problem.hint == "Write disk, a folder, or redis://HOST:PORT"


@pytest.mark.parametrize("where", ["disk", "/var/cache", "redis://h", "rediss://h", "unix:///s"])
def test_places_of_a_cache(where: str) -> None:
    assert read_settings({}, {"cache": where}).cache == where


@pytest.mark.parametrize("proxies", ["proxy.example", "10.0.0.1/8", "::1,", "10.0.0.1 ::1", "*,*"])
def test_proxies_that_would_never_match_are_an_error(proxies: str) -> None:
    with pytest.raises(ConfigError, match="is not a list of addresses"):
        read_settings({"SSG_FORWARDED_ALLOW_IPS": proxies})


@pytest.mark.parametrize("proxies", ["*", "10.0.0.1, ::1", "10.0.0.0/8,fd00::/8"])
def test_proxies_are_addresses_and_networks(proxies: str) -> None:
    assert read_settings({"SSG_FORWARDED_ALLOW_IPS": proxies}).forwarded_allow_ips == proxies


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_documented_with_its_variables_and_its_default(name: str) -> None:
    setting = SETTINGS[name]
    variables = ", ".join(f"`{variable}`" for variable in setting.variables)
    default = getattr(ServerSettings(), name)
    shown = f"`{default}`" if default not in {None, ""} else "none"
    row = f"| `{setting.option}` | {variables} | {shown} |"
    assert row in (DOCS / "server.md").read_text("utf-8"), row
