"""Typed readers of environment variables. A secret may also be named by a file: NAME_FILE=/run/secrets/name."""

import os
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def text(name: str, default: str | None = None) -> str:
    """The variable's text, or what its _FILE twin holds. Without a default, a missing one is refused by name."""
    value = os.environ.get(name)
    if value is None and (path := os.environ.get(f"{name}_FILE")):
        try:
            value = Path(path).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error.strerror}") from error
    if value is None:
        if default is None:
            raise ImproperlyConfigured(f"Set {name} (or {name}_FILE, a file that holds it).")
        return default
    return value


def flag(name: str, default: bool = False) -> bool:
    """yes/no, true/false, 1/0, on/off."""
    value = text(name, "yes" if default else "no").strip().lower()
    if value in ("1", "yes", "true", "on"):
        return True
    if value in ("0", "no", "false", "off", ""):
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(name: str) -> dict[str, Any] | None:
    """A postgresql:// address as Django's settings, or None when the variable is absent."""
    address = text(name, "")
    if not address:
        return None
    try:
        parts = conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(f"{name} is not a PostgreSQL address: {error}") from error
    if not parts.get("dbname") or not parts.get("user"):
        raise ImproperlyConfigured(f"{name} must name a user and a database: postgresql://user:password@host/database")
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    settings: dict[str, Any] = dict.fromkeys(known.values(), "") | {"OPTIONS": {}}
    for key, value in parts.items():
        if key in known:
            settings[known[key]] = str(value)
        else:
            settings["OPTIONS"][key] = value
    return settings
