"""The demo's outbox cannot be switched on in production."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "MILEPOST_MODE": "production",
    "MILEPOST_HOST": "account.example.com",
    "MILEPOST_SECRET_KEY": "0123456789abcdef" * 4,
    "MILEPOST_PROXY_COUNT": "1",
    "MILEPOST_PASSWORD_PEPPERS": "p1:" + "q" * 40,
    "DATABASE_URL": "postgresql://milepost_app:x@localhost/milepost",
    "MIGRATION_DATABASE_URL": "postgresql://milepost_owner:x@localhost/milepost",
}
START = (
    "import django; django.setup(); from django.apps import apps; print(apps.is_installed('milepost.demo'));"
    "from django.urls import resolve, Resolver404\ntry:\n resolve('/demo/outbox'); print('open')\n"
    "except Resolver404:\n print('shut')"
)


def start(**more: str) -> subprocess.CompletedProcess[str]:
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST_", "DATABASE", "MIGRATION"))
    }
    environment = {**plain, **SAFE, **more, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
    return subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_is_not_installed_there() -> None:
    done = start()
    assert done.stdout.split() == ["False", "shut"], done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("MILEPOST_EMAIL_BACKEND", "milepost.demo.outbox.EmailBackend", "demo's outbox"),
        ("MILEPOST_TEXT_MESSAGES", "milepost.demo.outbox.send_text", "demo's outbox"),
        ("MILEPOST_LETTERS", "milepost.demo.outbox.send_letter", "demo's outbox"),
        ("MILEPOST_PASSWORD_PEPPERS", "", "MILEPOST_PASSWORD_PEPPERS"),
        ("MILEPOST_PASSWORD_PEPPERS", "p1:short", "MILEPOST_PASSWORD_PEPPERS"),
    ],
)
def test_naming_it_or_leaving_the_pepper_out_refuses_to_start(setting: str, value: str, said: str) -> None:
    done = start(**{setting: value})
    assert done.returncode != 0
    assert said in done.stderr
