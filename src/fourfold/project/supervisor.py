"""Starts the web server and the worker, keeps the worker alive, and stops both with everything they started.

This process stays small: it imports neither Django nor anything heavy; what must be prepared first runs apart.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from fourfold.base.errors import FourfoldError

FOURFOLD = (sys.executable, "-m", "fourfold.project.cli")
STOP_SECONDS = 10.0
START_SECONDS = 60.0
RESTART_SECONDS = 2.0
DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux' prctl


class NotStarted(FourfoldError):
    """The product could not be started."""


class _StopError(Exception):
    """Somebody asked us to stop."""


def checked_port(text: str) -> int:
    """A port number. Raises NotStarted for anything else."""
    if text.isdecimal() and 0 < int(text) < 65_536:
        return int(text)
    raise NotStarted(
        "Fourfold was not started.", f"“{text}” is no port.", "Give a number from 1 to 65535, such as 8000."
    )


def up(*, demo: bool, port: int) -> int:
    """Prepare the house, start both processes, and wait until told to stop. Returns the exit status."""
    host = os.environ.get("FOURFOLD_HOST", "127.0.0.1")
    _require_free(host, port)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    started: list[subprocess.Popen[bytes]] = []
    try:
        _prepare(demo, port)
        started.append(_start(web_command(host, port)))
        _await_answer(started[0], host, port)
        started.append(_start([*FOURFOLD, "worker"]))
        _greet(host, port)
        return _watch(started)
    except _StopError:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping is under way; a second Ctrl-C must not break it
        _stop_all(started)


def _stop(number: int, frame: FrameType | None) -> None:
    raise _StopError


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotStarted(
                "Fourfold was not started.",
                f"Port {port} on {host} can't be used: {error.strerror}.",
                f"Stop what uses it, or choose another: PORT={port + 1} make run.",
            ) from None


def _prepare(demo: bool, port: int) -> None:
    """Migrations, static files, and with ``demo`` the demo house, each in a process of its own that ends."""
    commands = [[*FOURFOLD, "migrate", "--quiet"]]
    if demo and not _is_demo():
        commands.append([*FOURFOLD, "demo", "--if-empty"])
    for command in commands:
        process = _start(command)
        try:
            status = process.wait()
        except _StopError:
            _stop_all([process])
            raise
        if status:
            raise NotStarted(
                "Fourfold was not started.",
                "Preparing the house failed, for the reason above.",
                "Mend it and try again.",
            )


def _is_demo() -> bool:
    """Whether the demo house has been filled to its end."""
    home = Path(os.environ.get("FOURFOLD_HOME", "var")).expanduser()
    return (home / "demo.json").exists() and not (home / "demo.unfinished").exists()


def web_command(host: str, port: int) -> list[str]:
    """What starts the web server."""
    return [
        sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port), "--workers", "1",
        "--no-ws", "--log-level", "warning", "--workers-kill-timeout", "5s",
        "fourfold.project.web:application",
    ]  # fmt: skip


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process that leads a group of its own, so that it and its children can be stopped together."""
    preexec = _die_with_parent if sys.platform == "linux" else None
    return subprocess.Popen(command, start_new_session=True, preexec_fn=preexec)  # noqa: PLW1509


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGTERM)


def _await_answer(web: subprocess.Popen[bytes], host: str, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if web.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
            return
        time.sleep(0.05)
    raise NotStarted("Fourfold was not started.", "The web server did not answer.", "Read its messages above.")


def _greet(host: str, port: int) -> None:
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
    address = f"http://{shown}:{port}"
    subprocess.run([*FOURFOLD, "migrate", "--greet", address], check=False)


def _watch(started: list[subprocess.Popen[bytes]]) -> int:
    """Wait. A worker that dies is started again; a web server that dies ends it all."""
    while True:
        if started[0].poll() is not None:
            print("The web server has stopped by itself; its messages are above.", file=sys.stderr)
            return 1
        if started[1].poll() is not None:
            print("The worker has stopped by itself and is started again.", file=sys.stderr)
            time.sleep(RESTART_SECONDS)
            started[1] = _start([*FOURFOLD, "worker"])
        time.sleep(0.3)


def _stop_all(started: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask every group to stop, wait, then make them. Children of children are in the same groups."""
    for process in started:
        _signal_group(process, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
    for process in started:
        _signal_group(process, signal.SIGKILL)
        process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
