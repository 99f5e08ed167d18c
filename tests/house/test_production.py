"""Production refuses to start when something is unsafe, and says which setting and why. The demo cannot get in."""

import os
import runpy
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.support import sources

KEY = "abcdefghijklmnopqrstuvwxyz0123456789" * 2
SAFE = {
    "MILEPOST_MODE": "production",
    "MILEPOST_HOST": "account.lender.example",
    "MILEPOST_SECRET_KEY": "0123456789abcdef" * 4,
    "MILEPOST_PASSWORD_PEPPERS": "first:" + "p" * 40,
    "MILEPOST_FIELD_KEYS": "first:" + "f" * 40,
    "MILEPOST_PROXY_COUNT": "1",
    "DATABASE_URL": "postgresql://milepost_app:secret@database.example/milepost",
    "MILEPOST_SMTP_HOST": "mail.lender.example",
}
OUTBOX = "milepost.demo.outbox"


@pytest.fixture
def settings_of(monkeypatch):
    """The settings file read afresh with this environment and nothing else of ours."""

    def read(**environment: str | None) -> dict[str, Any]:
        for name in list(os.environ):
            if name.startswith(("MILEPOST_", "DATABASE_URL", "MIGRATION_")):
                monkeypatch.delenv(name)
        for name, value in environment.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(sources.PACKAGE / "config" / "settings.py"))

    return read


def test_safe_settings_are_accepted(settings_of):
    settings = settings_of(**SAFE)
    assert settings["PRODUCTION"]
    assert not settings["DEBUG"]
    assert settings["ALLOWED_HOSTS"] == ["account.lender.example"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"MILEPOST_HOST": None}, "MILEPOST_HOST"),
        ({"MILEPOST_HOST": "localhost"}, "MILEPOST_HOST"),
        ({"MILEPOST_HOST": "*"}, "MILEPOST_HOST"),
        ({"MILEPOST_SECRET_KEY": None}, "MILEPOST_SECRET_KEY"),
        ({"MILEPOST_SECRET_KEY": "short"}, "MILEPOST_SECRET_KEY"),
        ({"MILEPOST_SECRET_KEY": "k" * 64}, "MILEPOST_SECRET_KEY"),
        ({"MILEPOST_LENDER": "/nonexistent/lender.toml"}, "MILEPOST_LENDER"),
        ({"MILEPOST_PASSWORD_PEPPERS": None}, "MILEPOST_PASSWORD_PEPPERS"),
        ({"MILEPOST_PASSWORD_PEPPERS": "first:short"}, "MILEPOST_PASSWORD_PEPPERS"),
        ({"MILEPOST_FIELD_KEYS": None}, "MILEPOST_FIELD_KEYS"),
        ({"MILEPOST_FIELD_KEYS": "first:short"}, "MILEPOST_FIELD_KEYS"),
        ({"MILEPOST_FIELD_KEYS": ":" + "f" * 40}, "MILEPOST_FIELD_KEYS"),
        ({"MILEPOST_FIELD_KEYS": "one:" + "f" * 40 + ",one:" + "g" * 40}, "MILEPOST_FIELD_KEYS"),
        ({"DATABASE_URL": None}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://host-only"}, "DATABASE_URL"),
        ({"MILEPOST_PROXY_COUNT": None}, "MILEPOST_PROXY_COUNT"),
        ({"MILEPOST_PROXY_COUNT": "several"}, "MILEPOST_PROXY_COUNT"),
        ({"MILEPOST_SMTP_TLS": "no"}, "MILEPOST_SMTP_TLS"),
        ({"MILEPOST_SMTP_TLS": "perhaps"}, "MILEPOST_SMTP_TLS"),
        ({"MILEPOST_EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "MILEPOST_EMAIL_BACKEND"),
        ({"MILEPOST_EMAIL_BACKEND": f"{OUTBOX}.EmailBackend"}, "EMAIL_BACKEND"),
        ({"MILEPOST_TEXT_MESSAGES": f"{OUTBOX}.send_text"}, "TEXT_MESSAGES"),
        ({"MILEPOST_LETTERS": f"{OUTBOX}.send_letter"}, "LETTERS"),
        ({"MILEPOST_MODE": "debug"}, "MILEPOST_MODE"),
        ({"MILEPOST_SECRET_KEY": None, "MILEPOST_SECRET_KEY_FILE": "/nonexistent/key"}, "MILEPOST_SECRET_KEY_FILE"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(f"{name}={given}" for name, given in value.items()),
)
def test_an_unsafe_setting_is_refused_by_its_name(settings_of, change: dict[str, str | None], named: str):
    with pytest.raises(ImproperlyConfigured, match=named):
        settings_of(**(SAFE | change))


def test_every_fault_is_told_at_once(settings_of):
    with pytest.raises(ImproperlyConfigured) as refusal:
        settings_of(MILEPOST_MODE="production")
    told = str(refusal.value)
    assert all(
        name in told for name in ("MILEPOST_HOST", "MILEPOST_SECRET_KEY", "DATABASE_URL", "MILEPOST_PROXY_COUNT")
    )


def test_production_is_what_nobody_asked_for(settings_of):
    with pytest.raises(ImproperlyConfigured):
        settings_of()


def test_the_demo_is_not_there_in_production(settings_of):
    settings = settings_of(**SAFE)
    told = str({name: value for name, value in settings.items() if name.isupper()})
    assert "milepost.demo" not in told.replace("milepost/demo", ""), "Settings name the demo in production."


def test_the_demos_addresses_are_not_there_in_production():
    ask = (
        "import django; django.setup()\n"
        "from django.urls import Resolver404, resolve\n"
        "for address in ('/demo/outbox', '/demo/outbox.json', '/demo/people.json', '/demo/bank/'):\n"
        "    try: resolve(address)\n"
        "    except Resolver404: continue\n"
        "    raise SystemExit(address + ' answers in production')\n"
        "resolve('/sign-in/')\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST_", "MIGRATION_"))}
    environment = {**kept, **SAFE, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
    answer = subprocess.run(
        [sys.executable, "-c", ask], env=environment, cwd=sources.ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr


def test_secrets_may_come_from_a_file(settings_of, tmp_path):
    secret = tmp_path / "key"
    secret.write_text("fedcba9876543210" * 4 + "\n")
    changed = {**SAFE, "MILEPOST_SECRET_KEY": None, "MILEPOST_SECRET_KEY_FILE": str(secret)}
    assert settings_of(**changed)["SECRET_KEY"] == "fedcba9876543210" * 4


def test_nothing_real_imports_the_demo():
    found = [
        f"{sources.name(path)}:{line}"
        for path in sources.python("milepost/")
        if not sources.name(path).startswith(("milepost/demo/", "milepost/cli/", "milepost/config/"))
        for line, module in sources.imports(path)
        if module.startswith("milepost.demo")
    ]
    assert not found, f"The demo stands above the product: let it call down instead: {found}"
