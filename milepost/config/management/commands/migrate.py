"""Django's migrate, run as the owner of the tables, granting the application what it may do."""

from typing import Any

from django.core.management.commands import migrate

from milepost.config import database_roles


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with database_roles.as_owner():
            database_roles.grant()
            super().handle(*args, **options)
            database_roles.revoke_migration_records()
