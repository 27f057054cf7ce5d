"""Several machines on this one: network namespaces, each with a cable to a switch.

A machine has an address of its own and can be cut off, slowed and connected again. The switch is a
bridge in a namespace of its own, so nothing of this reaches the network of the real machine. It
needs root and `ip` of Debian's iproute2; without them the tests are skipped and say so.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from tests.services import program

_COMMAND_SECONDS = 10.0
_NETWORK = "10.99.0"


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine in the network."""

    name: str
    address: str
    namespace: str
    cable: str
    """Its end of the cable at the switch."""
    switch: str

    def command(self, words: Sequence[str]) -> list[str]:
        """The command that runs a program on this machine."""
        return ["ip", "netns", "exec", self.namespace, *words]

    def cut_off(self) -> None:
        """Pull the cable: what is on its way is lost, and no connection is closed."""
        _ip("-n", self.switch, "link", "set", self.cable, "down")

    def connect(self) -> None:
        """Plug the cable in again."""
        _ip("-n", self.switch, "link", "set", self.cable, "up")

    def slow_down(self, kilobits: int) -> None:
        """Limit what is sent to it to so many kilobits a second; 0 ends that."""
        limit = ["tbf", "rate", f"{kilobits}kbit", "burst", "4kb", "latency", "1s"]
        how = limit if kilobits else ["pfifo"]
        _run("tc", "-n", self.switch, "qdisc", "replace", "dev", self.cable, "root", *how)


@contextmanager
def network(*names: str) -> Iterator[dict[str, Machine]]:
    """A network of machines with these names."""
    _skip_without_namespaces()
    tag = f"ssg{os.getpid()}"
    switch = f"{tag}-switch"
    with ExitStack() as stack:
        stack.callback(_run, "ip", "netns", "del", switch, is_checked=False)
        _ip("netns", "add", switch)
        _ip("-n", switch, "link", "add", "switch", "type", "bridge")
        _ip("-n", switch, "link", "set", "switch", "up")
        machines = {}
        for number, name in enumerate(names, start=1):
            namespace, cable = f"{tag}-{name}", f"cable{number}"
            stack.callback(_run, "ip", "netns", "del", namespace, is_checked=False)
            machines[name] = Machine(
                name, f"{_NETWORK}.{number}", namespace, cable=cable, switch=switch
            )
            _plug_in(machines[name])
        yield machines


def _plug_in(machine: Machine) -> None:
    own = machine.namespace
    _ip("netns", "add", own)
    _ip("-n", own, "link", "set", "lo", "up")
    _ip("-n", machine.switch, "link", "add", machine.cable, "type", "veth",
        "peer", "name", "eth0", "netns", own)  # fmt: skip
    _ip("-n", machine.switch, "link", "set", machine.cable, "master", "switch", "up")
    _ip("-n", own, "addr", "add", f"{machine.address}/24", "dev", "eth0")
    _ip("-n", own, "link", "set", "eth0", "up")


def _skip_without_namespaces() -> None:
    name = f"ssg{os.getpid()}-probe"
    if program("ip") is None or os.geteuid() != 0:
        pytest.skip("network namespaces need root and `ip` (`make services` installs it)")
    if _run("ip", "netns", "add", name, is_checked=False) != 0:
        pytest.skip("network namespaces are not allowed here")
    _ip("netns", "del", name)


def _ip(*words: str) -> None:
    _run("ip", *words)


def _run(*words: str, is_checked: bool = True) -> int:
    done = subprocess.run(
        [program(words[0]) or words[0], *words[1:]], capture_output=True, text=True,
        timeout=_COMMAND_SECONDS,
    )  # fmt: skip
    assert not is_checked or done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done.returncode
