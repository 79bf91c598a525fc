"""A whole house for a test: its own folder, database, web server and worker, started the way users start it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

FOURFOLD = [sys.executable, "-m", "fourfold.project.cli"]
PASSWORD = "fourfold-demo"  # of the demo's invented colleagues
DEMO_PEOPLE = "3000"  # every page has something to show
LEADER = "lena.hart@fourfold.example"
MARKETER = "maya.osei@fourfold.example"
RECRUITER = "tom.ridley@fourfold.example"
ADMINISTRATOR = "priya.nair@fourfold.example"


@dataclass(frozen=True)
class House:
    """A house's folder and the environment in which commands find it."""

    home: Path
    environment: dict[str, str]
    address: str

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run a command in the house; returns what it printed. Fails on another exit status."""
        done = subprocess.run(
            [*FOURFOLD, *arguments], env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == status, f"{arguments} ended with {done.returncode}: {done.stdout} {done.stderr}"
        return done.stdout + (done.stderr if status else "")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def house(home: Path, name: str) -> Iterator[House]:
    """An empty house on the database that this run tests."""
    keep = {key: value for key, value in os.environ.items() if not key.startswith("FOURFOLD_")}
    environment = {**keep, "FOURFOLD_HOME": str(home)}
    server = os.environ.get("FOURFOLD_TEST_PG", "")
    database = f"fourfold_{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    if os.environ.get("FOURFOLD_TEST_DATABASE") == "postgresql":
        admin(server, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)", f"CREATE DATABASE {database}")
        environment["FOURFOLD_DATABASE_URL"] = urlsplit(server)._replace(path=f"/{database}").geturl()
    port = free_port()
    try:
        yield House(home, {**environment, "PORT": str(port)}, f"http://127.0.0.1:{port}")
    finally:
        if "FOURFOLD_DATABASE_URL" in environment:
            admin(server, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def demo(home: Path, shared: Path) -> Iterator[House]:
    """A house filled with the demo. Whoever comes first fills it; others copy what they find in ``shared``."""
    with house(home, "browser") as found:
        if first(shared):
            fill(found)
            keep(found, shared)
        elif not copied(found, shared):
            fill(found)
        try:
            yield found
        finally:
            if server := os.environ.get("FOURFOLD_TEST_PG"):
                admin(server, f"DROP DATABASE IF EXISTS {template(found)} WITH (FORCE)")


def fill(found: House) -> None:
    """The demo, and what a worker does with a new house before anybody looks: once, not in every copy."""
    found.run("demo", "--people", DEMO_PEOPLE)
    for job, key in (("search", "stale"), ("files", "all"), ("reports", "all")):
        found.run("job", job, key)


def first(shared: Path) -> bool:
    try:
        (shared / "demo-begun").mkdir()
    except FileExistsError:
        return False
    return True


def template(found: House) -> str:
    return f"{database_of(found)[:-4]}_demo"


def database_of(found: House) -> str:
    return urlsplit(found.environment.get("FOURFOLD_DATABASE_URL", "")).path.strip("/")


def keep(found: House, shared: Path) -> None:
    """Put a copy of a filled house where others find it."""
    if database_of(found):
        server = os.environ["FOURFOLD_TEST_PG"]
        admin(server, f"DROP DATABASE IF EXISTS {template(found)} WITH (FORCE)")
        admin(server, f"CREATE DATABASE {template(found)} TEMPLATE {database_of(found)}")
    shutil.copytree(found.home, shared / "demo-filled")
    (shared / "demo-done").touch()


def copied(found: House, shared: Path) -> bool:
    """Take the copy that somebody else makes; False where none comes."""
    deadline = time.monotonic() + 240
    while not (shared / "demo-done").exists():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    shutil.copytree(shared / "demo-filled", found.home, dirs_exist_ok=True)
    if database_of(found):
        server = os.environ["FOURFOLD_TEST_PG"]
        admin(server, f"DROP DATABASE IF EXISTS {database_of(found)} WITH (FORCE)")
        admin(server, f"CREATE DATABASE {database_of(found)} TEMPLATE {template(found)}")
    return True


def admin(server: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def running(found: House) -> Iterator[House]:
    """The house with its web server and worker, until the block ends."""
    log = (found.home / "up.log").open("wb")
    process = subprocess.Popen([*FOURFOLD, "up"], env=found.environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{found.address}/healthz/", timeout=2) as answer:
                    assert answer.status == 200
                    break
            except OSError:
                assert process.poll() is None, (found.home / "up.log").read_text()
                time.sleep(0.1)
        yield found
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.close()
