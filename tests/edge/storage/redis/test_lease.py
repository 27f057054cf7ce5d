"""Leases and outages, as values."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssg.edge.purge_index import LogPosition
from ssg.edge.storage.redis.lease import Lease, LeaseTimes, ServerList, lease_clock
from ssg.edge.storage.redis.outage import LinkState

TIMES = LeaseTimes(lease=2.0, margin=0.5)


def test_a_lease_is_measured_from_before_its_message_was_sent() -> None:
    lease = Lease().renewed(10.0, TIMES)
    assert lease.holds(11.9)
    assert not lease.holds(12.0)
    assert lease.renewed(9.0, TIMES) == lease  # an answer that was overtaken by another one
    assert not Lease().holds(-1e300)


@given(st.floats(0, 1e6), st.floats(0, 10), st.floats(0, 10))
def test_every_lease_has_ended_when_a_purge_stops_waiting(
    appended_at: float, earlier: float, later: float
) -> None:
    """A message that Redis received before the lines were appended was sent before that."""
    lease = Lease().renewed(appended_at - earlier, TIMES)
    assert not lease.holds(appended_at + TIMES.end_of_all + later)


def test_the_clock_of_leases_goes_forward() -> None:
    assert lease_clock() <= lease_clock()


def test_a_purge_waits_for_the_servers_that_have_not_read_it() -> None:
    rows = {
        b":log": b"aa",
        b":settled": b"1",
        b"me": b"aa 0 1",
        b"done": b"aa 100 7",
        b"further": b"aa 2000 8",
        b"slow": b"aa 99 9",
        b"elsewhere": b"bb 5000 1",
        b"foreign\xff": b"\xff",
        b"none": b"",
    }
    servers, end = ServerList.of(rows), LogPosition("aa", 100)
    assert set(servers.behind(end, "me")) == {"slow", "elsewhere", "foreign\ufffd", "none"}
    assert not servers.has_all_read(end, "me")
    for name in (b"slow", b"elsewhere", b"foreign\xff", b"none"):
        del rows[name]
    assert ServerList.of(rows).has_all_read(end, "me")
    assert not ServerList.of(rows | {b":settled": b""}).has_all_read(end, "me")
    assert not ServerList.of(rows | {b":log": b"bb"}).has_all_read(end, "me")
    assert not ServerList.of({}).has_all_read(end, "me")


def test_an_outage_begins_once_and_ends_once() -> None:
    state = LinkState()
    assert state.answered() is state
    away = state.failed(0, 5.0)
    assert away.is_away
    assert away.away_since == 5.0
    assert away.failed(0, 6.0) is away
    back = away.answered()
    assert back == LinkState(None, 1)
    assert back.failed(0, 7.0) is back  # an operation that began before the outage ended
    assert back.failed(1, 8.0) == LinkState(8.0, 1)
