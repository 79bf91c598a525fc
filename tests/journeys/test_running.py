"""``fourfold up`` as users start and stop it: it answers, it works, it leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import houses


@pytest.fixture
def empty_house(tmp_path: Path) -> Iterator[houses.House]:
    with houses.house(tmp_path / "house", "running") as found:
        yield found


def processes(house: houses.House) -> dict[int, str]:
    """Living processes that have this house's folder in their environment, with their commands."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"FOURFOLD_HOME={house.home}".encode() in environment and command:
                found[int(folder.name)] = command
    return found


def until(true: Callable[[], object], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.1)
    return False


def start(house: houses.House) -> subprocess.Popen[bytes]:
    house.home.mkdir(parents=True, exist_ok=True)
    log = (house.home / "up.log").open("wb")
    process = subprocess.Popen([*houses.FOURFOLD, "up"], env=house.environment, stdout=log, stderr=subprocess.STDOUT)
    log.close()
    said = house.home / "up.log"
    assert until(lambda: "Ctrl-C" in said.read_text() or process.poll() is not None, 60), said.read_text()
    assert process.poll() is None, said.read_text()
    return process


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to count processes")
class TestStopping:
    def test_ctrl_c_stops_everything(self, empty_house: houses.House) -> None:
        process = start(empty_house)
        with urllib.request.urlopen(f"{empty_house.address}/healthz/", timeout=5) as answer:
            assert answer.status == 200
        assert any("granian" in command for command in processes(empty_house).values())
        assert any("worker" in command for command in processes(empty_house).values())
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        assert until(lambda: not processes(empty_house), 5), processes(empty_house)
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"{empty_house.address}/healthz/", timeout=2)

    def test_a_killed_supervisor_leaves_no_process(self, empty_house: houses.House) -> None:
        process = start(empty_house)
        process.kill()
        process.wait()
        assert until(lambda: not processes(empty_house), 20), processes(empty_house)

    def test_a_killed_worker_comes_back(self, empty_house: houses.House) -> None:
        def worker() -> list[int]:
            return [pid for pid, command in processes(empty_house).items() if command.rstrip().endswith("cli worker")]

        process = start(empty_house)
        assert until(worker)
        (first,) = worker()
        os.kill(first, signal.SIGKILL)
        assert until(lambda: worker() and worker() != [first], 20)
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0
        assert until(lambda: not processes(empty_house), 5)


def test_a_taken_port_is_said_in_three_lines(empty_house: houses.House) -> None:
    process = start(empty_house)
    said = empty_house.run("up", status=2).strip().splitlines()
    assert len(said) == 3
    assert empty_house.environment["PORT"] in said[1]
    process.send_signal(signal.SIGINT)
    process.wait(15)


def test_the_first_administrator_needs_the_code_from_the_terminal(empty_house: houses.House) -> None:
    process = start(empty_house)
    said = (empty_house.home / "up.log").read_text()
    address = next(word for word in said.split() if "/welcome/?code=" in word)
    pages = {}
    for code in (address, address.split("code=")[0] + "code=guessed"):
        with urllib.request.urlopen(code, timeout=5) as answer:
            pages[code] = answer.read().decode()
    assert ['type="password"' in page for page in pages.values()] == [True, False]
    process.send_signal(signal.SIGINT)
    process.wait(15)


def test_an_unknown_setting_stops_the_start(empty_house: houses.House) -> None:
    house = houses.House(empty_house.home, {**empty_house.environment, "FOURFOLD_HOEM": "x"}, empty_house.address)
    said = house.run("seal", status=2).strip().splitlines()
    assert len(said) == 3
    assert "FOURFOLD_HOEM" in said[1]
