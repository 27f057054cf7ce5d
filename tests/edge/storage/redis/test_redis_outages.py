"""A Redis that refuses, is not one, or cannot be opened: pages are served, and it is said once."""

from __future__ import annotations

import re
import time
from contextlib import closing
from pathlib import Path

import pytest

from ssg.edge.storage.disk_store import DiskStore
from ssg.edge.storage.namespace import StorageUnavailableError
from ssg.edge.storage.open_store import open_store
from ssg.edge.storage.redis.redis_store import RedisStore
from ssg.model.errors import ConfigError
from tests.edge.storage.redis.servers import QUICK, Server, settle
from tests.services import RedisService, running_redis, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.timeout(60)]


def test_a_full_redis_stores_nothing_and_still_purges(tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis, closing(Server(redis.url)) as here:
        here.put("/a/")
        settle(here)
        redis.command_line("CONFIG", "SET", "maxmemory", "1")
        for path in ("/b/", "/c/"):
            here.put(path)
            assert here.memory(path) == b"body"
        with closing(here.another()) as there:
            assert there.body("/b/") is None
            assert there.body("/a/") == b"body"
            here.pages.purge_tags(["site"])
            assert there.memory("/a/") is None
        (line,) = here.said
        assert "refuses an operation" in line
        assert "memory" in line


def test_a_wrong_password_is_said_once_and_not_shown(tmp_path: Path) -> None:
    with running_redis(tmp_path, "--requirepass", "right") as redis:
        url = redis.url.replace("//", "//user:secret-word@")
        with closing(Server(url)) as here:
            for _ in range(3):
                assert here.body() is None
                assert here.pages.position() is None
                time.sleep(2 * QUICK.retry)
            with pytest.raises(StorageUnavailableError) as caught:
                here.pages.purge_tags(["site"])
            (line,) = here.said
            assert "refuses the user or password" in line
            assert "secret-word" not in line + str(caught.value)
        with closing(Server(redis.url.replace("//", "//:right@"))) as there:
            there.put()
            assert there.body() == b"body"


def test_a_user_who_may_not_run_scripts_is_told(tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        redis.command_line("ACL", "SETUSER", "weak", "on", ">pw", "~*", "&*", "+get", "+ping")
        with closing(Server(redis.url.replace("//", "//weak:pw@"))) as here:
            assert here.body() is None
            assert wait_until(lambda: len(here.said) > 0, 5)
            time.sleep(5 * QUICK.retry)
            (line,) = here.said
            assert "evalsha" in line.lower()


def test_a_user_with_the_documented_rights_can_do_everything(tmp_path: Path) -> None:
    docs = Path(__file__).parents[4] / "content" / "docs" / "redis.md"
    (line,) = [one for one in docs.read_text("utf-8").splitlines() if "few rights" in one]
    commands = [name for name in re.findall(r"`([^`]+)`", line) if not name.startswith("ssg:")]
    rights = ["resetchannels", "~ssg:*", "&ssg:*", "-@all", *(f"+{name}" for name in commands)]
    with running_redis(tmp_path) as redis:
        assert redis.command_line("ACL", "SETUSER", "app", "on", ">pw", *rights) == b"+OK\r\n"
        url = redis.url.replace("//", "//app:pw@")
        with closing(Server(url)) as here, closing(Server(url, here.name)) as there:
            here.pages.deploy("b1", None)
            here.pages.put_tag_table("b1", b"table")
            assert there.pages.tag_table("b1") == b"table"
            here.put()
            assert there.body() == b"body"
            with there.pages.lock("/a/", 1) as is_held:
                assert is_held
            assert [each.path for each in there.pages.entry_infos()] == ["/a/"]
            here.pages.clear()
            assert there.pages.delete_invalid() == 1
            assert wait_until(lambda: there.pages.counters().get("stores") == 1, 5)
            assert there.pages.disk_bytes()[0] > 0
            assert wait_until(lambda: list(here.store.namespaces()) != [], 5)
            here.store.prune_now(0)
        assert not here.said + there.said


def test_without_messages_the_log_is_read_at_each_beat(tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        redis.command_line("ACL", "SETUSER", "app", "on", ">pw", "~*", "resetchannels", "+@all")
        url = redis.url.replace("//", "//app:pw@")
        with closing(Server(url)) as here, closing(Server(url, here.name)) as there:
            here.put()
            assert there.body() == b"body"
            settle(here, there)
            here.pages.purge_tags(["site"])
            assert there.memory() is None
            assert len(there.said) == 1


def test_a_replica_that_may_not_be_written_is_away(tmp_path: Path, redis: RedisService) -> None:
    options = ["--replicaof", f"127.0.0.1 {redis.port}"]
    with running_redis(tmp_path / "replica", *options) as replica:
        is_up = b"master_link_status:up"
        assert wait_until(lambda: is_up in replica.command_line("INFO", "replication"), 20)
        with closing(Server(replica.url)) as here:
            assert here.body() is None
            assert here.pages.position() is None
            assert wait_until(lambda: len(here.said) == 1, 5)
            assert "away" in here.said[0]


def test_a_server_that_is_not_redis_is_away(here: Server) -> None:
    import http.server
    import threading

    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), http.server.BaseHTTPRequestHandler
    ) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with closing(here.another(url=f"redis://127.0.0.1:{other.server_port}")) as there:
            assert there.body() is None
            with there.pages.lock("/a/", 5) as is_held:
                assert not is_held
            assert there.pages.page_count() == 0
            assert len(there.said) == 1
        other.shutdown()


# -- opening -------------------------------------------------------------------------------------


def test_a_setting_names_a_folder_or_a_redis(tmp_path: Path, redis: RedisService) -> None:
    assert isinstance(open_store(str(tmp_path / "cache"), print), DiskStore)
    assert isinstance(open_store(redis.url, print), RedisStore)
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:port") as caught:
        open_store("redis://user:secret-word@127.0.0.1:port/", print)
    assert "secret-word" not in str(caught.value)


def test_a_redis_on_a_socket(tmp_path: Path) -> None:
    socket = tmp_path / "redis.sock"
    with (
        running_redis(tmp_path, "--unixsocket", str(socket)),
        closing(Server(f"unix://{socket}")) as here,
    ):
        here.put()
        assert here.body() == b"body"
