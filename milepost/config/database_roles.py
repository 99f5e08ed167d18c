"""Two database roles: the owner migrates, the application serves. Granted before every migrate, checked at start-up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg import sql


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, Django's connection is the owner's; outside it is the application's again.

    The connection gets settings of its own meanwhile: its usual ones are `settings.DATABASES`, which names the role to
    grant to.
    """
    serving = connection.settings_dict
    if settings.OWNER_DATABASE is None:
        raise ImproperlyConfigured("Set MIGRATION_DATABASE_URL: the role that owns the tables and migrates.")
    owner = {
        **serving,
        "USER": settings.OWNER_DATABASE["USER"],
        "PASSWORD": settings.OWNER_DATABASE["PASSWORD"],
        "OPTIONS": {key: value for key, value in serving["OPTIONS"].items() if key != "pool"},
    }
    _reconnect(owner)
    try:
        yield
    finally:
        _reconnect(serving)


def _reconnect(chosen: dict[str, Any]) -> None:
    connection.close()
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict = chosen


def grant() -> None:
    """What the application may do with the owner's tables, now and later. Run as owner; harmless to repeat.

    The ledger and the other append-only tables take most of it back in their own migrations.
    """
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    statements = (
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {app}",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(app=app).as_string(cursor.connection))


def revoke_migration_records() -> None:
    """The application never says which migrations have run. Run as owner, after the table exists."""
    app = sql.Identifier(settings.APP_DATABASE_ROLE)
    with connection.cursor() as cursor:
        statement = sql.SQL("REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {}").format(app)
        cursor.execute(statement.as_string(cursor.connection))


def holds_a_real_book() -> bool:
    """Whether this database has agreements' tables but not the demo's own: then it is somebody's installation."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('agreements_agreement') IS NOT NULL AND to_regclass('demo_outboxmessage') IS NULL"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def refuse_demo_over_a_real_book() -> None:
    """Stops a demonstration, which shows every message to everybody, on a database with a lender's own book."""
    if settings.DEMO and holds_a_real_book():
        raise ImproperlyConfigured(
            "MILEPOST_MODE is demo, but DATABASE_URL holds a lender's own book: a demo would show its messages to all."
        )


def drop_everything() -> None:
    """For the demo's --reset on an outside database: drop all that the owner has made in it."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY CURRENT_USER")


def refuse_unsafe_role() -> None:
    """Stops a server whose role could rewrite the ledger, because then no privilege protects it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT rolsuper OR rolcreaterole OR rolbypassrls
                   OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'ledger_transfer'::regclass), 'MEMBER')
                   OR has_table_privilege('ledger_transfer', 'UPDATE, DELETE, TRUNCATE')
            FROM pg_roles WHERE rolname = current_user
            """
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        raise ImproperlyConfigured(
            "DATABASE_URL must name a role that neither owns ledger_transfer, nor is superuser, nor may change it. "
            "Give the application a role of its own and the owner's address as MIGRATION_DATABASE_URL."
        )
