"""All settings. Each value comes from the environment or has a default that is safe on one machine.

A wrong value stops the start with the name of its variable. `<NAME>_FILE` may name a file that
holds a secret.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from gradus.lib.installation import own_secret
from gradus.lib.logs import logging_config

env = environ.FileAwareEnv()

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(env.str("GRADUS_DATA", default=str(ROOT / "var"))).resolve()
EXERCISES = Path(env.str("GRADUS_EXERCISES", default=str(ROOT / "exercises"))).resolve()

try:
    SECRET_KEY = env.str("SECRET_KEY", default="") or own_secret(DATA / "secret-key")
    # Students' numbers are derived from it: to lose it is to change them for items not opened yet.
    INSTALLATION_SECRET = env.str("INSTALLATION_SECRET", default="") or own_secret(
        DATA / "installation-secret"
    )
except OSError as error:
    raise ImproperlyConfigured(f"GRADUS_DATA: {error}") from error

DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)  # served behind a proxy that ends TLS

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "gradus.web",  # before allauth: its templates win
    "allauth",
    "allauth.account",
    "django_htmx",
    "csp",
    "ninja",
    "gradus.accounts",
    "gradus.catalog",
    "gradus.courses",
    "gradus.submissions",
    "gradus.gradebook",
    "gradus.api",
    "gradus.ops",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gradus.accounts.middleware.OwnTimeZone",
]

ROOT_URLCONF = "gradus.urls"
ASGI_APPLICATION = "gradus.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    }
]

# Database -------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA / 'gradus.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Without IMMEDIATE, a transaction that reads and then writes can fail at once as "locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for the one writer
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count in the cache, so all processes share it; in the database it survives the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
    }
}

# People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "gradus.accounts.adapter.ClosedSite"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="gradus@localhost")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")  # for people who have not chosen their own
USE_TZ = True

# Safety of the pages --------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False  # htmx sends it as a header
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = env.str("CSRF_FAILURE_VIEW", default="django.views.csrf.csrf_failure")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 << 20  # bytes of one request's body; the parts have limits below
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 4

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default="") or None  # where an image collects files
WHITENOISE_USE_FINDERS = True  # else no collecting step before a start

# Grading --------------------------------------------------------------------------------------

GRADER_SOCKET = env.str("GRADER_SOCKET", default=str(DATA / "grader.sock"))
MAX_PART_BYTES = env.int("MAX_PART_BYTES", default=256 << 10)  # one named part, as UTF-8
MAX_PARTS_BYTES = env.int("MAX_PARTS_BYTES", default=512 << 10)  # all parts of a submission
MAX_QUEUED = env.int("MAX_QUEUED", default=3)  # waiting or running submissions of one student
MAX_PER_MINUTE = env.int("MAX_PER_MINUTE", default=30)  # submissions and Runs of one student
MAX_TRIES = env.int("MAX_TRIES", default=3)  # claims of a job before it ends as `error`
LEASE = timedelta(seconds=env.int("LEASE_SECONDS", default=20))
JOB_DEADLINE = timedelta(seconds=env.int("JOB_DEADLINE_SECONDS", default=600))
RETRY_PAUSE = timedelta(seconds=env.int("RETRY_PAUSE_SECONDS", default=5))  # times the try number
WAKE_AFTER = timedelta(seconds=env.int("WAKE_AFTER_SECONDS", default=20))  # queued this long: again
KEEP_RUNS = timedelta(hours=24)

# Celery: one kind of message, "work in lane L". The row is the job, so no message need last.
CELERY_BROKER_URL = env.str("REDIS_URL", default="redis://127.0.0.1:16379/0")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any pause of the broker
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": int(timedelta(hours=2).total_seconds()),
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    # A page must not wait for a broker that is down: one more try at once, then the sweep does it.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_DEFAULT_QUEUE = "light"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep jobs": {"task": "submissions.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "sweep verdicts": {"task": "gradebook.sweep", "schedule": 30.0, "options": {"expires": 60}},
}

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(json=env.bool("LOG_JSON", default=False))
