"""The purge log: what is forgotten, by whom it is seen, and what damage does to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.edge.purge_index import NOWHERE, LogPosition, PurgeIndex, TagChanges
from ssg.edge.storage import purge_log
from ssg.edge.storage.purge_log import PurgeLog

TAGS = ("page:a", "site")


def log_in(folder: Path, max_bytes: int = purge_log.MAX_BYTES) -> PurgeLog:
    return PurgeLog(folder / "purges", print, max_bytes)


def now(log: PurgeLog, build_id: str = "") -> LogPosition:
    position = log.position(build_id)
    assert position is not None
    return position


def is_valid(log: PurgeLog, read_at: LogPosition, key: str = "/a/") -> bool:
    log.refresh()
    return log.is_valid(key, read_at, TAGS)


@pytest.mark.parametrize(
    ("purge", "valid"),
    [
        (lambda log: log.purge_tags(["page:b", "site"]), False),
        (lambda log: log.purge_tags(["page:b", "sit", "page:aa"]), True),
        (lambda log: log.purge_tags([]), True),
        (lambda log: log.purge_tags(["a tag of\nsomebody else % é"]), True),
        (lambda log: log.purge_tags(["", "site"]), False),
        (lambda log: log.purge_paths(["/a"]), False),
        (lambda log: log.purge_paths(["/%61/"]), False),
        (lambda log: log.purge_paths(["/b/", "/a/b/", "/"]), True),
        (lambda log: log.purge_everything(), False),
    ],
)
def test_a_purge_is_of_what_it_names_and_of_what_was_read_before(
    tmp_path: Path, purge: Callable[[PurgeLog], None], valid: bool
) -> None:
    here, there = log_in(tmp_path), log_in(tmp_path)
    before = now(here)
    purge(there)
    assert is_valid(here, before) is valid is is_valid(there, before)
    assert is_valid(here, now(here))
    assert is_valid(log_in(tmp_path), before) is valid, "a process that starts later"


def test_a_log_that_was_closed_reads_on(tmp_path: Path) -> None:
    log, other = log_in(tmp_path), log_in(tmp_path)
    before = now(log)
    log.close()
    other.purge_tags(["page:b"])
    assert is_valid(log, before)
    other.purge_tags(["site"])
    assert not is_valid(log, before)


def test_purges_of_many_threads_are_all_in_the_log(tmp_path: Path) -> None:
    logs = [log_in(tmp_path) for _ in range(4)]
    tags = [[f"page:{number}-{count}" for count in range(10)] for number in range(4)]
    before = now(logs[0])

    def purge(number: int) -> None:
        for tag in tags[number]:
            logs[number].purge_tags([tag])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(purge, range(4)))
    for log in (*logs, log_in(tmp_path)):
        log.refresh()
        assert not [tag for some in tags for tag in some if log.is_valid("/", before, (tag,))]
        assert log.is_valid("/", before, ("page:other",))


def test_the_start_page_is_purged_by_its_path_alone(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    before = now(log)
    log.purge_paths(["/"])
    assert not is_valid(log, before, "/")
    assert is_valid(log, before, "/a/")


def test_a_purge_that_is_not_of_this_entry_costs_one_look_at_the_file(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.purge_tags(["page:x"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PurgeLog, "_read", None)  # would fail
        for _ in range(3):
            log.refresh()


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    before = now(log)
    with (tmp_path / "purges").open("ab") as file:
        file.write(b"t si")
        file.flush()
        assert is_valid(log, before)
        file.write(b"te\n")
    assert not is_valid(log, before)


def test_what_is_read_while_a_line_is_written_is_older_than_the_line(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    with (tmp_path / "purges").open("ab") as file:
        file.write(b"t si")
        file.flush()
        during = now(log)
        file.write(b"te\n")
    assert not is_valid(log, during)


# -- deploys -------------------------------------------------------------------------------------


def test_a_deploy_forgets_what_it_changes(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.deploy("one", None)
    before = now(log, "one")
    log.deploy("two", TagChanges("one", ("page:x",)))
    assert is_valid(log, before)
    log.deploy("three", TagChanges("two", ("page:a",)))
    assert not is_valid(log, before)


def test_a_deploy_after_an_unknown_one_forgets_everything(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.deploy("two", None)
    before = now(log, "two")
    log.deploy("three", TagChanges("one", ()))
    assert not is_valid(log, before)


def test_the_same_build_again_forgets_nothing(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.deploy("one", None)
    before = now(log, "one")
    log_in(tmp_path).deploy("one", None)
    assert is_valid(log, before)


def test_content_of_an_outdated_build_is_as_old_as_the_next_deploy(tmp_path: Path) -> None:
    old, new = log_in(tmp_path), log_in(tmp_path)
    old.deploy("one", None)
    new.deploy("two", TagChanges("one", ("page:a",)))
    assert not is_valid(new, now(old, "one"))
    assert new.is_valid("/b/", now(old, "one"), ("page:b",)), "the same in both builds"
    new.deploy("three", TagChanges("two", ("page:b",)))
    assert not new.is_valid("/b/", now(old, "one"), ("page:b",))
    old.deploy("one", TagChanges("three", ("page:a", "page:b")))
    assert is_valid(new, now(old, "one")), "it is the last one again"


def test_a_build_that_nobody_deployed_stores_nothing(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    assert log.position("one") is None
    log.deploy("one", None)
    assert log.position("two") is None


def test_many_changes_are_a_change_of_everything(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.deploy("one", None)
    before = now(log, "one")
    log.deploy("two", TagChanges("one", tuple(f"page:{n}" for n in range(30_000))))
    assert not is_valid(log, before)
    assert (tmp_path / "purges").stat().st_size < 1000
    before = now(log)
    log.purge_tags(f"page:{n}" for n in range(30_000))
    assert not is_valid(log, before)


# -- damage --------------------------------------------------------------------------------------


def test_nothing_was_read_nowhere() -> None:
    assert not PurgeIndex("1").is_valid("/a/", NOWHERE, ())


@pytest.mark.parametrize("damage", [b"", b"\x00\xff" * 50, b"ssg-purges 9 0123456789abcdef\nt a\n"])
def test_a_file_that_is_not_a_log_forgets_everything_once(tmp_path: Path, damage: bytes) -> None:
    log = log_in(tmp_path)
    before = now(log)
    (tmp_path / "purges").write_bytes(damage)
    assert not is_valid(log, before)
    assert not is_valid(log_in(tmp_path), before)
    assert is_valid(log_in(tmp_path), now(log))


def test_a_line_that_cannot_be_read_forgets_everything(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    before = now(log)
    with (tmp_path / "purges").open("ab") as file:
        file.write(b"x\xff\n")
    assert not is_valid(log, before)
    assert is_valid(log, now(log))


def test_a_purge_ends_a_line_that_a_crash_left_open(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    with (tmp_path / "purges").open("ab") as file:
        file.write(b"t pag")
    before = now(log)
    log.purge_tags(["site"])
    assert not is_valid(log, before)
    assert not is_valid(log_in(tmp_path), before)


def test_a_log_that_was_cut_or_removed_forgets_everything(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.purge_tags(["page:x"])
    for damage in (lambda file: os.truncate(file, 35), Path.unlink):
        before = now(log)
        damage(tmp_path / "purges")
        assert not is_valid(log, before)
        assert is_valid(log, now(log))


def test_a_removed_folder_is_noticed_though_its_numbers_are_used_again(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    for _ in range(20):
        before = now(log)
        (tmp_path / "purges").unlink()
        other = log_in(tmp_path)
        assert not is_valid(log, before)
        other.close()


def test_after_a_loss_nobody_stores_what_may_be_outdated(tmp_path: Path) -> None:
    old, new = log_in(tmp_path), log_in(tmp_path)
    old.deploy("one", None)
    new.deploy("two", TagChanges("one", ()))
    (tmp_path / "purges").unlink()
    assert old.position("one") is None
    assert new.position("two") is None
    new.deploy("three", TagChanges("two", ()))
    assert is_valid(new, now(new, "three"))
    assert old.position("one") is None


def test_a_long_log_begins_anew_and_knows_the_last_build(tmp_path: Path) -> None:
    log, other = log_in(tmp_path, 500), log_in(tmp_path)
    log.deploy("one", None)
    before = now(log, "one")
    for number in range(40):
        log.purge_tags([f"page:{number:010}"])
    assert (tmp_path / "purges").stat().st_size < 700
    assert not is_valid(other, before)
    assert is_valid(other, now(log, "one"))
    assert [file.name for file in tmp_path.iterdir()] == ["purges"]


def test_a_log_that_another_process_wrote_meanwhile_begins_anew_without_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, other = log_in(tmp_path, 100), log_in(tmp_path)
    log.deploy("one", None)
    log.purge_tags(["page:" + "x" * 100])
    replace = PurgeLog._replace

    def deploy_first(self: PurgeLog, data: bytes) -> None:
        monkeypatch.setattr(PurgeLog, "_replace", replace)
        other.deploy("two", TagChanges("one", ()))
        replace(self, data)

    monkeypatch.setattr(PurgeLog, "_replace", deploy_first)
    log.purge_tags(["page:y"])
    assert log.position("one") is None


def test_a_purge_that_cannot_be_written_forgets_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, other = log_in(tmp_path), log_in(tmp_path)
    before = now(log)
    monkeypatch.setattr(PurgeLog, "_write", lambda *_: False)
    log.purge_tags(["page:x"])
    monkeypatch.undo()
    assert not is_valid(log, before)
    assert not is_valid(other, before)


def test_without_a_folder_a_process_purges_for_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    log = PurgeLog(tmp_path / "file" / "purges", print)
    log.deploy("one", None)
    before = now(log, "one")
    log.purge_tags(["page:x"])
    assert is_valid(log, before)
    log.purge_tags(["site"])
    assert not is_valid(log, before)
