"""All settings. Each value comes from the environment or has a default that is safe on one machine.

A wrong value stops the start with the name of its variable. The list for operators is
docs/operators/running.md.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from gradus.lib.environment import Environment
from gradus.lib.installation import own_secret
from gradus.lib.languages import translations
from gradus.lib.logs import logging_config

env = Environment()

ROOT = Path(__file__).resolve().parents[2]
DATA = env.folder("GRADUS_DATA", ROOT / "var")
EXERCISES = env.folder("GRADUS_EXERCISES", ROOT / "exercises")

try:
    SECRET_KEY = env.secret("SECRET_KEY") or own_secret(DATA / "secret-key")
    # Students' numbers are derived from it: to lose it is to change them for items not opened yet.
    INSTALLATION_SECRET = env.secret("INSTALLATION_SECRET") or own_secret(
        DATA / "installation-secret"
    )
except OSError as error:
    raise ImproperlyConfigured(
        f"GRADUS_DATA: the data folder {DATA} cannot be used ({error.strerror or error});"
        " choose another with DATA=…"
    ) from error

DEBUG = env.switch("DEBUG", False)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.switch("HTTPS", False)  # served behind a proxy that ends TLS

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
    "gradus.audit",
    "gradus.accounts",
    "gradus.catalog",
    "gradus.courses",
    "gradus.submissions",
    "gradus.gradebook",
    "gradus.questions",
    "gradus.regrades",
    "gradus.authoring",
    "gradus.api",
    "gradus.ops",
]

MIDDLEWARE = [
    "gradus.api.middleware.ProblemsOnly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, so that lengths tell no secret
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gradus.api.language.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gradus.accounts.middleware.OwnTimeZone",
    "gradus.audit.acting.ActingPerson",
    "gradus.web.door.ExamDoor",
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

DATABASES = {"default": env.database("DATABASE_URL", DATA / "gradus.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Without IMMEDIATE, a transaction that reads and then writes can fail at once as "locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for the one writer
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
DATABASE_POOL = env.number("DATABASE_POOL", 0, least=0, most=100)  # PostgreSQL's, of this process
if DATABASE_POOL and DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A new connection takes tens of milliseconds of a page.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL,
        "timeout": 10,
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
ACCOUNT_RATE_LIMITS = {  # beside allauth's own
    "device_start": "10/m/ip",
    "device_guess": "20/10m/user",
}
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
# A mail may hold a link that sets a password: without a mail server it is a file, no log line.
globals().update(env.mail("EMAIL_URL", DATA / "mail"))
SITE_ADDRESS = env.text("SITE_ADDRESS", "http://127.0.0.1:8000")  # in mails
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "gradus@localhost")

LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [ROOT / "platform" / "gradus" / "locale"]
LANGUAGES = [(LANGUAGE_CODE, "English"), *translations(LOCALE_PATHS[0])]
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")  # for people who have not chosen their own
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
MAX_PART_BYTES = env.number("MAX_PART_BYTES", 256 << 10, least=1 << 10, most=1 << 20)  # as UTF-8
MAX_PARTS_BYTES = env.number("MAX_PARTS_BYTES", 512 << 10, least=1 << 10, most=2 << 20)  # all
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * MAX_PARTS_BYTES  # JSON may need six bytes for one
MAX_BODY_BYTES = DATA_UPLOAD_MAX_MEMORY_SIZE + (1 << 20)  # a form has files and fields around them
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 4

STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT") or None  # where an image collects files
WHITENOISE_USE_FINDERS = True  # else no collecting step before a start
# Files of the front end carry the hash of what they hold: a browser keeps them for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/dist/.+-[A-Z0-9]{8}\.(css|js|woff2)$"

# Grading --------------------------------------------------------------------------------------

GRADER_SOCKET = env.text("GRADER_SOCKET", str(DATA / "grader.sock"))
MAX_QUEUED = env.number("MAX_QUEUED", 3, least=1, most=1000)  # open submissions of one student
MAX_PER_MINUTE = env.number("MAX_PER_MINUTE", 30, least=1, most=10**6)  # of one student, with Runs
MAX_SCRATCH_PER_MINUTE = env.number(  # console calls, and practice sheets, of one student
    "MAX_SCRATCH_PER_MINUTE", 30, least=1, most=10**6
)
MAX_TRIES = env.number("MAX_TRIES", 3, least=1, most=100)  # claims of a job before it is an `error`
LEASE = timedelta(seconds=env.number("LEASE_SECONDS", 20, least=10, most=600))
JOB_DEADLINE = timedelta(seconds=env.number("JOB_DEADLINE_SECONDS", 600, least=10, most=7200))
JOBS_AT_ONCE = env.number("JOBS_AT_ONCE", 4, least=1, most=64)  # of a lane, in one worker
REGRADES_AT_ONCE = env.number("REGRADES_AT_ONCE", 1, least=1, most=64)  # in one worker
RETRY_PAUSE = timedelta(  # times the try number
    seconds=env.number("RETRY_PAUSE_SECONDS", 5, least=0, most=600)
)
WAKE_AFTER = timedelta(  # queued this long: woken again
    seconds=env.number("WAKE_AFTER_SECONDS", 20, least=1, most=600)
)
KEEP_RUNS = timedelta(hours=24)

# Celery: one kind of message, "work in lane L". The row is the job, so no message need last.
CELERY_BROKER_URL = env.broker("REDIS_URL", "redis://127.0.0.1:16379/0")
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
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # both sweeps may run at any time: keep no file
CELERY_BEAT_SCHEDULE = {
    "sweep jobs": {"task": "submissions.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "sweep verdicts": {"task": "gradebook.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "sweep authoring": {"task": "authoring.sweep", "schedule": 30.0, "options": {"expires": 60}},
    "sweep letters": {"task": "accounts.sweep", "schedule": 60.0, "options": {"expires": 120}},
}

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(json=env.switch("LOG_JSON", False))
