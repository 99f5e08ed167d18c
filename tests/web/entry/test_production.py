"""Production: the demo's outbox cannot be switched on, and browsers are told to come by HTTPS alone."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "MILEPOST_MODE": "production",
    "MILEPOST_HOST": "account.example.com",
    "MILEPOST_SECRET_KEY": "0123456789abcdef" * 4,
    "MILEPOST_FIELD_KEYS": "first:" + "f" * 40,
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

ASK = (
    "import django; django.setup(); from django.test import Client; import sys\n"
    "host, secure = sys.argv[1], sys.argv[2] == 'https'\n"
    "more = {'HTTP_X_FORWARDED_PROTO': 'https'} if secure else {}\n"
    "answer = Client().get('/health/live' if host == 'localhost' else '/favicon.ico', HTTP_HOST=host, **more)\n"
    "print(answer.status_code, answer.headers.get('Strict-Transport-Security'), answer.headers.get('Location', ''))"
)
"""Pages that need no database, asked as the proxy in front would."""
YEAR = "max-age=31536000; includeSubDomains; preload"


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


def ask(host: str, scheme: str, **settings: str) -> str:
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST_", "DATABASE", "MIGRATION"))
    }
    environment = {**plain, **settings, "DJANGO_SETTINGS_MODULE": "milepost.config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", ASK, host, scheme],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_https_is_promised_for_a_year(static_files: str) -> None:
    assert f"301 {YEAR} /static/mark" in ask("account.example.com", "https", **SAFE, MILEPOST_DATA=static_files)


def test_plain_http_is_led_to_https_and_promises_nothing(static_files: str) -> None:
    told = ask("account.example.com", "http", **SAFE, MILEPOST_DATA=static_files)
    assert told == "301 None https://account.example.com/favicon.ico"


def test_the_demo_on_plain_http_promises_nothing() -> None:
    demo = {"MILEPOST_MODE": "demo", "DATABASE_URL": SAFE["DATABASE_URL"]}
    assert ask("localhost", "http", **demo) == "200 None"


@pytest.fixture(scope="module")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data folder with just the mark under its hashed name, as collecting the static files leaves it."""
    folder = tmp_path_factory.mktemp("installation")
    (folder / "static").mkdir()
    (folder / "static" / "staticfiles.json").write_text(
        '{"version": "1.1", "hash": "0", "paths": {"mark.svg": "mark.0123456789ab.svg"}}'
    )
    return str(folder)
