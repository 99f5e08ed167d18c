"""Settings. One file, typed readers, and a refusal to start when something is unsafe.

MILEPOST_MODE is `production` unless the demo or the tests say otherwise; only they can, and the demo listens on
localhost alone.
"""

import re
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from milepost.config import env

PACKAGE = Path(__file__).resolve().parent.parent
MODE = env.text("MILEPOST_MODE", "production")
if MODE not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"MILEPOST_MODE must be production, demo or test, not {MODE!r}.")
PRODUCTION, DEMO, TEST = (mode == MODE for mode in ("production", "demo", "test"))

DEBUG = False
DATA_FOLDER = Path(env.text("MILEPOST_DATA", str(PACKAGE.parent / ".milepost")))
LENDER_FILE = env.text("MILEPOST_LENDER", str(PACKAGE.parent / "lender.toml"))

# --- who we are on the network ---
PUBLIC_HOST = env.text("MILEPOST_HOST", "localhost" if not PRODUCTION else "")
PORT = env.number("MILEPOST_PORT", 8000)
ALLOWED_HOSTS = ["localhost"] if DEMO else ["localhost", "testserver"] if TEST else [PUBLIC_HOST]
PUBLIC_URL = f"https://{PUBLIC_HOST}" if PRODUCTION else f"http://localhost:{PORT}"
"""The only origin that links in messages carry: never taken from a request."""
PROXY_COUNT = env.number("MILEPOST_PROXY_COUNT", -1 if PRODUCTION else 0)
"""How many proxies of ours stand in front; the client's address is that many from the right of X-Forwarded-For."""

SECRET_KEY = env.text("MILEPOST_SECRET_KEY", "" if PRODUCTION else "only-on-loopback-" + "0123456789" * 4)
SECRET_KEY_FALLBACKS = env.words("MILEPOST_OLD_SECRET_KEYS")

# --- the database: two roles ---
_serving = env.database("DATABASE_URL")
OWNER_DATABASE = env.database("MIGRATION_DATABASE_URL")
APP_DATABASE_ROLE = _serving["USER"] if _serving else ""
_pool = {"min_size": 1, "max_size": 8, "timeout": 4}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **(_serving or {"NAME": "", "OPTIONS": {}}),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
# Parameters go to PostgreSQL apart from the statement, which it plans once a connection: half its CPU for a page.
DATABASES["default"]["OPTIONS"] = {
    "server_side_binding": True,
    "prepare_threshold": 3,
    **DATABASES["default"]["OPTIONS"],
    **({} if TEST else {"pool": _pool}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- what is installed ---
BUSINESS = [
    "tapes", "payments", "agreements", "customers", "ledger", "identity", "notifications", "incidents", "business_days",
    "audit",
]  # fmt: skip
INSTALLED_APPS = [
    "milepost.config",
    *(["milepost.demo"] if DEMO or TEST else []),
    *(f"milepost.servicing.{app}" for app in BUSINESS),
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    "csp",
    "django.contrib.postgres",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "milepost.web.shared.middleware.page_rules",
]
ROOT_URLCONF = "milepost.config.urls"
WSGI_APPLICATION = "milepost.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "NAME": "jinja2",
        "DIRS": [
            PACKAGE / "web" / "shared" / "templates",
            PACKAGE / "web" / "portal" / "templates",
            PACKAGE / "servicing" / "notifications" / "templates",
            *([PACKAGE / "demo" / "templates"] if DEMO or TEST else []),
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "milepost.web.shared.jinja.environment", "auto_reload": TEST},
    },
    # Only for the libraries' own internals: no page of ours is written in it.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "NAME": "django", "APP_DIRS": True},
]

# --- signing in ---
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["milepost.web.shared.sign_in.Backend"]
PASSWORD_HASHERS = ["milepost.plumbing.passwords.Hasher"]
MILEPOST_PASSWORD_PEPPERS = env.words("MILEPOST_PASSWORD_PEPPERS", "" if PRODUCTION else f"loopback:{SECRET_KEY}")
"""`id:secret`, today's first. Hashes name their secret's id, so an old one stays until everybody has signed in."""
MILEPOST_FIELD_KEYS = env.words("MILEPOST_FIELD_KEYS", "" if PRODUCTION else f"loopback:{SECRET_KEY}")
"""`id:secret`, today's first: what seals the secrets of authenticator apps. An old one stays for a day."""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
ACCOUNT_ADAPTER = "milepost.web.shared.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "user_name_folded"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False
"""Guesses are counted by identity.operations.spend_guess, which does not race and locks out no known device."""

# --- cookies, sessions, headers ---
SESSION_ENGINE = "milepost.web.shared.sessions"
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "milepost.web.shared.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{
            kind: ["'self'"]
            for kind in ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
        },
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
}

# --- shared state: one PostgreSQL, nothing else ---
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "operations"

# --- messages out ---
EMAIL_BACKEND = env.text(
    "MILEPOST_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "milepost.demo.outbox.EmailBackend",
)
EMAIL_HOST = env.text("MILEPOST_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("MILEPOST_SMTP_PORT", 587)
EMAIL_HOST_USER = env.text("MILEPOST_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("MILEPOST_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("MILEPOST_SMTP_TLS", PRODUCTION)
EMAIL_TIMEOUT = 10
TEXT_MESSAGES = env.text("MILEPOST_TEXT_MESSAGES", "" if PRODUCTION else "milepost.demo.outbox.send_text")
"""The dotted path of the function that sends a text message, or nothing: then codes go by e-mail."""
LETTERS = env.text(
    "MILEPOST_LETTERS",
    "milepost.servicing.notifications.channels.letter.write_to_folder"
    if PRODUCTION
    else "milepost.demo.outbox.send_letter",
)

# --- files, language, time ---
STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "shared" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MAX_AGE = 31_536_000
WHITENOISE_USE_FINDERS = TEST
MEDIA_ROOT = DATA_FOLDER / "files"
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_tokens": {"()": "milepost.config.logs.WithoutTokens"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"milepost": {"level": "INFO"}},
}

FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
FILE_UPLOAD_TEMP_DIR = tempfile.gettempdir()


def _faults() -> list[str]:
    """What makes this configuration unsafe in production, each with the setting's name and what it should be."""
    faults = []
    if PUBLIC_HOST in ("localhost", "127.0.0.1", "::1") or not re.fullmatch(r"[a-z0-9.-]*", PUBLIC_HOST):
        faults.append(f"MILEPOST_HOST is {PUBLIC_HOST!r}: it must be the one host name customers use, in lower case.")
    if not PUBLIC_HOST:
        faults.append("MILEPOST_HOST is not set: the one host name that customers use, such as account.example.com.")
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
        faults.append("MILEPOST_SECRET_KEY is missing or short: 50 random characters or more, kept secret.")
    if not MILEPOST_PASSWORD_PEPPERS or any(len(entry.partition(":")[2]) < 32 for entry in MILEPOST_PASSWORD_PEPPERS):
        faults.append(
            "MILEPOST_PASSWORD_PEPPERS is missing or short: id:secret with 32 random characters, kept for good."
        )
    if not MILEPOST_FIELD_KEYS or any(
        not entry.partition(":")[0] or len(entry.partition(":")[2]) < 32 for entry in MILEPOST_FIELD_KEYS
    ):
        faults.append("MILEPOST_FIELD_KEYS is missing or short: id:secret with 32 random characters, newest first.")
    if len({entry.partition(":")[0] for entry in MILEPOST_FIELD_KEYS}) < len(MILEPOST_FIELD_KEYS):
        faults.append("MILEPOST_FIELD_KEYS gives two keys the same id: a sealed value must name one.")
    if not Path(LENDER_FILE).is_file():
        faults.append(f"MILEPOST_LENDER names {LENDER_FILE}, which is not there: the file that says who the lender is.")
    if _serving is None:
        faults.append("DATABASE_URL is not set: the address of PostgreSQL for the application's role.")
    if PROXY_COUNT < 0:
        faults.append("MILEPOST_PROXY_COUNT is not set: how many proxies of yours stand in front (0 for none).")
    faults.extend(
        f"{name} names the demo's outbox, which shows every code to everyone."
        for name in ("EMAIL_BACKEND", "TEXT_MESSAGES", "LETTERS")
        if str(globals()[name]).startswith("milepost.demo")
    )
    if EMAIL_BACKEND.endswith((".console.EmailBackend", ".locmem.EmailBackend", ".dummy.EmailBackend")):
        faults.append("MILEPOST_EMAIL_BACKEND does not send: codes would not arrive, or would be printed.")
    if not EMAIL_USE_TLS and EMAIL_HOST not in ("localhost", "127.0.0.1") and "smtp" in EMAIL_BACKEND:
        faults.append("MILEPOST_SMTP_TLS is off: codes would travel in clear.")
    return faults


if PRODUCTION and (faults := _faults()):
    raise ImproperlyConfigured("Milepost does not start like this:\n- " + "\n- ".join(faults))
