"""Migrations: one straight line an app, nothing newer than the oldest PostgreSQL we support."""

import re

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.support import sources

TOO_NEW_OR_EXTENSION = re.compile(
    r"CREATE EXTENSION|JSON_TABLE|MERGE[^;]*RETURNING|VIRTUAL\b|WITHOUT OVERLAPS", re.IGNORECASE
)


def _ours() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.name.startswith("milepost.")]


def test_each_app_has_one_last_migration(db):
    graph = MigrationLoader(connection).graph
    forks = {label: leaves for label in _ours() if len(leaves := graph.leaf_nodes(label)) > 1}
    assert not forks, f"Two migrations claim to be last; renumber the newer and let it follow the other: {forks}"


def test_migrations_are_numbered_without_gaps():
    for label in _ours():
        folder = apps.get_app_config(label).path
        names = sorted(
            path.stem
            for path in sources.files(".py", under="milepost/")
            if path.parent.as_posix() == f"{folder}/migrations"
        )
        numbers = [int(name[:4]) for name in names if name != "__init__"]
        assert numbers == list(range(1, len(numbers) + 1)), (
            f"{label}: {names}. Number them 0001, 0002, … in their order."
        )


def test_the_models_have_no_change_without_a_migration(db):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        raise AssertionError("A model changed: milepost manage makemigrations, and read what it wrote.") from None


def test_nothing_needs_an_extension_or_a_newer_postgresql():
    found = [
        f"{sources.name(path)}: {match[0]}"
        for path in sources.files(".py", ".sql", under="milepost/")
        if (match := TOO_NEW_OR_EXTENSION.search(path.read_text()))
    ]
    assert not found, f"PostgreSQL 15 without extensions must run it: {found}"
