"""What the import contracts can't see: foreign keys, writes in the wrong place, sizes, and what a process loads."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from fourfold.people.types import REGISTRY

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/fourfold"
STAIRS = [
    "base", "evidence", "ui", "ledger", "accounts", "search", "work", "files", "studio", "people", "contact",
    "surveys", "jobs", "careers", "reports", "integrations", "project",
]  # fmt: skip
HEAVY = {
    "duckdb",
    "ibis",
    "pyarrow",
    "scipy",
    "numpy",
    "pandas",
    "adbc_driver_postgresql",
    "pypdfium2",
    "PIL",
    "rapidfuzz",
}
LONGEST_FUNCTION, LONGEST_FILE, MOST_ARGUMENTS = 60, 600, 7

# Exceptions, each with its reason.
PERSON_KEYS_WITHOUT_STEPS = {
    "ledger": "the ledger holds keys only; people merges and forgets references itself, through ledger's own deeds",
    "people": "people is where the steps are run",
}
TOO_LONG: dict[str, str] = {}


def files() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def of_layer(*names: str) -> Iterator[Path]:
    """The modules of a layer in every room, whether it is one file or a folder of the same name."""
    for name in names:
        yield from (*SOURCE.glob(f"*/{name}.py"), *SOURCE.glob(f"*/{name}/*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("fourfold.")]


def room_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def test_foreign_keys_point_down_the_stairs_and_leave_no_reverse_name() -> None:
    for model in our_models():
        for field in model._meta.get_fields():
            if not isinstance(field, (models.ForeignKey, models.ManyToManyField)) or field.auto_created:
                continue
            target = field.related_model
            assert isinstance(target, type)
            if room_of(target) != room_of(model):
                assert STAIRS.index(room_of(target)) < STAIRS.index(room_of(model)), f"{field} points up the stairs"
                assert field.remote_field.hidden, f"{field} needs related_name='+'"


def test_models_are_not_looked_up_by_name() -> None:
    for path in files():
        if "tests" not in path.parts:
            assert not re.search(r"apps\.get_model|get_user_model\(", path.read_text()), (
                f"{path} looks a model up by name"
            )


@pytest.mark.parametrize("name", ["views", "forms", "urls", "nav", "panels", "pages", "rules", "types"])
def test_only_actions_queries_and_access_touch_tables(name: str) -> None:
    for path in of_layer(name):
        assert not re.search(r"\.objects\b|\.save\(|\.delete\(", path.read_text()), f"{path} reads or writes tables"


def test_queries_and_access_write_nothing() -> None:
    writes = re.compile(r"\.(save|create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create)\(")
    for path in of_layer("queries", "access"):
        lines = [line for line in path.read_text().splitlines() if writes.search(line)]
        lines = [line for line in lines if not re.search(r"\b(found|ends|known|latest|answer|changes)\.update\(", line)]
        assert lines == [], f"{path} writes: {lines}"


def test_sizes() -> None:
    for path in files():
        lines = path.read_text().count("\n")
        assert lines <= LONGEST_FILE, f"{path} has {lines} lines"
        for function in functions(path):
            name = f"{path.relative_to(SOURCE)}:{function.name}"
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            assert length <= LONGEST_FUNCTION or name in TOO_LONG, f"{name} has {length} lines"
            arguments = function.args
            count = len(
                [
                    a
                    for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
                    if a.arg not in {"self", "cls"}
                ]
            )
            fixture_or_test = "tests" in path.parts
            assert count <= MOST_ARGUMENTS or fixture_or_test, f"{name} takes {count} arguments"


def test_base_is_small() -> None:
    assert len([path for path in (SOURCE / "base").glob("*.py") if path.name != "__init__.py"]) <= 8


def test_a_room_that_keeps_people_registers_merge_erase_and_export() -> None:
    for model in our_models():
        keys = {field.name for field in model._meta.get_fields()} & {"person", "person_key"}
        room = room_of(model)
        if not keys or room in PERSON_KEYS_WITHOUT_STEPS:
            continue
        for steps in (REGISTRY.merge_steps, REGISTRY.erase_steps, REGISTRY.export_steps):
            assert room in steps, f"{model.__name__} holds {keys}, but {room} registers no step"


def test_every_protocol_for_higher_rooms_has_a_user() -> None:
    assert REGISTRY.panels
    assert REGISTRY.describers
    assert REGISTRY.merge_steps
    assert REGISTRY.erase_steps
    assert REGISTRY.export_steps
    assert REGISTRY.predicates
    assert REGISTRY.today_items


def test_deeds_take_keywords_only_and_no_clock() -> None:
    for path in of_layer("actions"):
        text = path.read_text()
        assert not re.search(r"clock\.now\(|datetime\.now\(|timezone\.now\(", text), f"{path} asks the clock"
        for function in ast.parse(text).body:
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                deed = any(isinstance(d, ast.Attribute) and d.attr == "atomic" for d in function.decorator_list)
                assert not (deed and function.args.args), f"{path}:{function.name} takes positional arguments"


def test_no_inline_imports_to_dodge_a_cycle() -> None:
    allowed = {"project", "evidence"}  # the command line and the library import what is heavy where it is used
    for path in files():
        room = path.relative_to(SOURCE).parts[0]
        if room in allowed or "tests" in path.parts or path.name in {"apps.py", "parquet.py"}:
            continue
        for function in functions(path):
            inner = [n for n in ast.walk(function) if isinstance(n, (ast.Import, ast.ImportFrom))]
            assert not inner, f"{path}:{function.name} imports inside"


@pytest.mark.parametrize(
    "modules",
    [
        "fourfold.project.wsgi; from django.urls import get_resolver; get_resolver().url_patterns",
        "django; django.setup(); import fourfold.project.worker",
    ],
)
def test_the_web_server_and_the_idle_worker_import_nothing_heavy(modules: str, tmp_path: Path) -> None:
    code = f"import sys, {modules}; print(' '.join(sorted(set(m.split('.')[0] for m in sys.modules))))"
    environment = {**os.environ, "FOURFOLD_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "fourfold.project.settings"}
    environment.pop("FOURFOLD_DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert HEAVY & set(done.stdout.split()) == set()


def test_no_room_has_a_drawer_for_odds_and_ends() -> None:
    for path in files():
        assert path.stem not in {"utils", "helpers", "common", "misc"}, path
    for path in SOURCE.rglob("*"):
        assert path.name not in {"common", "helpers", "utils"}, path
