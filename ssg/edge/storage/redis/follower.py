"""The thread that follows the log: it beats, and is woken when something is appended.

It starts in each process by itself, at the first request: a process that is copied has no threads.
It ends with its namespace.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import ResponseError

from ssg.edge.storage.redis.connection import Client, RedisConnection
from ssg.edge.storage.redis.keys import NAMES, NamespaceKeys
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.edge.storage.redis.shared_purge_log import SharedPurgeLog

TOUCH_SECONDS = 600.0
"""The list of namespaces says so often that this one is used."""
_END_SECONDS = 1.0


class Follower:
    """Follows one log, once `ensure` was called."""

    def __init__(
        self,
        connection: RedisConnection,
        keys: NamespaceKeys,
        log: SharedPurgeLog,
        times: LeaseTimes,
        now: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._log = log
        self._times = times
        self._now = now
        self.new_process()
        _followers.add(self)

    def new_process(self) -> None:
        """Begin anew in a copy of the process."""
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._touched_at: float | None = None
        self._subscription: Any = None

    def after_fork(self) -> None:
        """Forget what belongs to the process that was copied."""
        self._connection.new_process()
        self._log.new_process()
        self.new_process()

    def ensure(self) -> None:
        """Start the thread, unless it runs."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                self._stop.clear()
                self._thread = threading.Thread(
                    target=self._run, args=(self._stop,), name="ssg-redis", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """End the thread, and leave the list of servers; `ensure` starts another one."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._stop.set()
            self._stop = threading.Event()
            if thread is not threading.current_thread():  # garbage is collected on any thread
                thread.join(_END_SECONDS)
        self._log.leave()

    def _run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            is_new = self._log.beat()
            if is_new is None:
                self._unsubscribe()
                stop.wait(self._times.retry)
            elif not is_new:  # else the next beat says that it was read
                self._touch()
                self._wait(stop)
        self._unsubscribe()

    def _wait(self, stop: threading.Event) -> None:
        """Wait until the next beat, or until something was appended."""
        if not self._connection.attempt(self._wait_for_message, False):
            self._unsubscribe()
            stop.wait(self._times.beat)

    def _wait_for_message(self, client: Client) -> bool:
        """Wait for a message; returns whether that is possible. Beats tell if Redis is away."""
        try:
            self._receive(client)
        except ResponseError:  # messages are not permitted
            raise
        except Exception:  # a broken connection, in any way
            return False
        return True

    def _receive(self, client: Client) -> None:
        if self._subscription is None:
            subscription = client.pubsub()
            subscription.subscribe(self._keys.wake)
            self._subscription = subscription
        if self._subscription.get_message(timeout=self._times.beat) is not None:
            while self._subscription.get_message(timeout=0) is not None:
                pass  # one beat reads everything

    def _unsubscribe(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            with suppress(Exception):  # it is broken in any way
                subscription.close()

    def _touch(self) -> None:
        """Say that the namespace is used."""
        now = self._now()
        if self._touched_at is None or abs(now - self._touched_at) > TOUCH_SECONDS:
            self._touched_at = now
            names = {self._keys.namespace: now}
            self._connection.attempt(lambda client: client.zadd(NAMES, names), 0)


_followers: weakref.WeakSet[Follower] = weakref.WeakSet()


def _after_fork() -> None:
    for follower in list(_followers):
        follower.after_fork()


if hasattr(os, "register_at_fork"):  # Windows copies no processes
    os.register_at_fork(after_in_child=_after_fork)
