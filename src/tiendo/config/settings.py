"""One settings file. The difference between a laptop and a ministry is environment, not code."""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from tiendo.config import logs

ROOT = Path(__file__).resolve().parents[3]


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret(name: str, default: str = "") -> str:
    """A secret from the environment, or from the file that NAME_FILE names (as containers and systemd hand them in)."""
    place = text(f"{name}_FILE")
    if not place:
        return text(name, default)
    try:
        return Path(place).read_text("utf8").strip()
    except OSError as fault:
        sys.exit(f"{name}_FILE: {place} cannot be read ({fault.strerror}).")


def number(name: str, default: int) -> int:
    words = text(name) or str(default)
    if not words.isdecimal() or int(words) < 1:
        sys.exit(f"{name}: “{words}” is no number above zero.")
    return int(words)


def sqlite_wal_is_safe() -> bool:
    """Versions before these may lose commits when the write-ahead log is reset."""
    version = sqlite3.sqlite_version_info
    return (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )


PRODUCTION = flag("TIENDO_PRODUCTION")
DEBUG = flag("TIENDO_DEBUG")
UNSAFE_KEY = "only-for-a-laptop-" + "x" * 40
SECRET_KEY = secret("TIENDO_SECRET_KEY", UNSAFE_KEY)
SECRET_KEY_FILE = text("TIENDO_SECRET_KEY_FILE")
SECRET_KEY_FALLBACKS = [key for key in [secret("TIENDO_SECRET_KEY_OLD")] if key]
HOSTS = words("TIENDO_HOSTS")  # the names by which people come
# whoever watches from this machine comes by no name
ALLOWED_HOSTS = [*HOSTS, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = words("TIENDO_ORIGINS")
# by which address letters and calendars lead here: the first name, unless told otherwise
ADDRESS = text("TIENDO_ADDRESS", f"https://{HOSTS[0]}" if HOSTS else "http://localhost:8000")
VAR = Path(text("TIENDO_VAR", str(ROOT / "var")))
VAR.mkdir(
    parents=True, exist_ok=True
)  # the database, files and gathered styles of this installation
PACKS = Path(text("TIENDO_PACKS", str(ROOT / "packs")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_q",
    "tiendo.kit",
    "tiendo.ledger",
    "tiendo.people",
    "tiendo.orgs",
    "tiendo.access",
    "tiendo.documents",
    "tiendo.tasks",
    "tiendo.intake",
    "tiendo.reforms",
    "tiendo.figures",
    "tiendo.notifications",
    "tiendo.exchange",
    "tiendo.web",
    "tiendo.demo",
    "tiendo.config",
]

MIDDLEWARE = [
    "tiendo.config.requests.Told",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # what every answer carries goes outside of whatever may refuse a request
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "tiendo.web.middleware.KeptByNobody",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tiendo.config.reading.OnlyReading",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tiendo.people.middleware.SessionsEnd",
    "allauth.account.middleware.AccountMiddleware",
    "tiendo.access.middleware.RootsAskedOnce",
    "tiendo.web.middleware.OwnLanguage",
    "tiendo.web.middleware.SaidInWords",
    "tiendo.web.middleware.SecondFactorFirst",
    "tiendo.web.middleware.RefusalIsAnAnswer",
]

ROOT_URLCONF = "tiendo.config.urls"
WSGI_APPLICATION = "tiendo.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # web's templates come first: they dress the sign-in pages of the library
        "DIRS": [ROOT / "src" / "tiendo" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "tiendo.web.context.shell",
            ]
        },
    }
]

# --- database ---------------------------------------------------------------------------------
# SQLite: IMMEDIATE is the setting that matters: a transaction that reads and then writes never fails as "locked".
SQLITE_WAL_IS_SAFE = sqlite_wal_is_safe()
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / "tiendo.sqlite3",
    "CONN_MAX_AGE": 0,
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": f"PRAGMA journal_mode={'WAL' if SQLITE_WAL_IS_SAFE else 'DELETE'};"
        "PRAGMA synchronous=FULL;PRAGMA mmap_size=0;PRAGMA trusted_schema=OFF;",
    },
}
POSTGRES: dict[str, Any] = {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "options": "-c statement_timeout=15000 -c lock_timeout=5000 "
        "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
    },
}
DATABASE_URL = secret("DATABASE_URL")
DATABASES = {"default": SQLITE}
if DATABASE_URL:
    asked = dj_database_url.parse(DATABASE_URL)
    options = {**asked.get("OPTIONS", {}), **POSTGRES["OPTIONS"]}
    DATABASES = {"default": {**asked, **POSTGRES, "OPTIONS": options}}
ATOMIC_REQUESTS = False  # a transaction belongs to an action, one for each act
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",  # shared by all workers: failures at the door are counted once
        # or a few hundred made-up names would push the counts out
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # the job library notes its own state every second; the beat in the database says what matters
    "jobs": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}

# --- language and time ------------------------------------------------------------------------
USE_I18N = USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English"), ("fr", "Français"), ("ru", "Русский")]
# an office may word things its own way: VAR/locale/LANGUAGE/LC_MESSAGES/django.mo goes first
LOCALE_PATHS = [VAR / "locale", ROOT / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- people -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["tiendo.people.backend.OneCheck"]
PASSWORD_HASHERS = ["tiendo.people.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_ADAPTER = "tiendo.people.adapter.ByInvitation"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody makes this house write to strangers
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "tiendo.people.adapter.display"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 30 * 60
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "tiendo.people.reset.ResetLinks"  # noqa: S105 - a class
ACCOUNT_FORMS = {"reset_password": "tiendo.people.forms.ResetForm"}
# An office of a thousand comes from one address: generous by address, strict by address and name together.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
}
MFA_ADAPTER = "tiendo.people.adapter.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "tiendo.people.forms.PasskeyForm",
    "authenticate_webauthn": "tiendo.people.forms.SecondStepForm",
    "edit_webauthn": "tiendo.people.forms.PasskeyNameForm",
    "login_webauthn": "tiendo.people.forms.AloneForm",
    "reauthenticate_webauthn": "tiendo.people.forms.AgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # an address is given with the account by the office, not typed by a stranger
)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost of a demo
MFA_TOTP_ISSUER = "Tiendo"
OIDC_PROVIDER, OIDC_NAME = "office", text("TIENDO_OIDC_NAME", "OpenID Connect")
OIDC_ISSUER = text("TIENDO_OIDC_ISSUER")
SOCIALACCOUNT_ADAPTER = "tiendo.people.provider.KnownPeople"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link: what a form sends may not lead to another host (CSP)
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    office = {
        "provider_id": OIDC_PROVIDER,
        "name": OIDC_NAME,
        "client_id": text("TIENDO_OIDC_CLIENT_ID"),
        "secret": text("TIENDO_OIDC_SECRET"),
        "settings": {"server_url": OIDC_ISSUER, "oauth_pkce_enabled": True},
    }
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [office]}}
DEMO_PASSWORD = "tiendo-demo-2025"  # noqa: S105 - printed on the sign-in page of a told database, which production refuses
PASSWORD_RESET_TIMEOUT = 3600
SMTP = urlsplit(text("TIENDO_SMTP_URL"))  # smtp://name:password@host:587 (STARTTLS) or smtps://
EMAIL_BACKEND = text(
    "TIENDO_EMAIL_BACKEND",
    f"django.core.mail.backends.{'smtp' if SMTP.hostname else 'filebased'}.EmailBackend",
)
EMAIL_FILE_PATH = VAR / "letters"  # where there is no SMTP, a letter is a file to read
EMAIL_HOST, EMAIL_PORT = SMTP.hostname or "", SMTP.port or (465 if SMTP.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(SMTP.username or ""), unquote(SMTP.password or "")
EMAIL_USE_SSL = SMTP.scheme == "smtps"
EMAIL_USE_TLS = (
    SMTP.scheme == "smtp" and "plain" not in SMTP.query
)  # ?plain: a relay on this machine
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("TIENDO_MAIL_FROM", "Tiendo <tiendo@localhost>")
SESSION_ENGINE = "tiendo.people.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION

# --- transport and headers --------------------------------------------------------------------
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
# those that watch ask this machine itself, without a name or https
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics$"]
METRICS_TOKEN = secret("TIENDO_METRICS_TOKEN")
BEHIND_PROXY = flag("TIENDO_BEHIND_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)  # or one guesser would close the door to all
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static" / "build"]
# the proxy asks from this machine; a container must be reached from outside, and says so
LISTEN = text("TIENDO_LISTEN", "127.0.0.1")
STATIC_ROOT = VAR / "static"
MEDIA_ROOT = VAR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
FILE_UPLOAD_PERMISSIONS = 0o640
UPLOAD_MAX_BYTES = 25 * 2**20
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # a pasted resolution with its appendices

# --- the record's seals -------------------------------------------------------------------------
SEALS = VAR / "seals"  # the keys ever signed with, and the newest seal signed here
SEAL_KEY = Path(text("TIENDO_SEAL_KEY", str(SEALS / "key.pem")))

# --- who answers what the rooms below ask -----------------------------------------------------
PERMISSION_BACKEND = "tiendo.access.backend.roots"
PERMISSION_OVER_PEOPLE = "tiendo.access.giving.reaches"
SECOND_FACTOR = "tiendo.access.backend.needs_second_factor"
PROOF = "tiendo.people.proof.ask"
ACTING_FOR = "tiendo.access.backend.acting_for"
SEATING = "tiendo.access.giving.require_may_seat"
CLOCK_OFFSET = "tiendo.ledger.origin.offset"
TASKS_DUE_SOON_DAYS = 7
# when somebody is reminded of a day, and from which late day late work is told to whom (notifications/ladder.py)
REMIND_DAYS_BEFORE = (14, 7, 1)
LADDER_DAYS_LATE = {"owner": 1, "unit_head": 3, "office": 7, "member": 14, "head": 21}
# --- other systems: where webhooks may go -------------------------------------------------------
# hosts (host, or host:port); a story's own never leads anywhere
WEBHOOK_HOSTS = words("TIENDO_WEBHOOK_HOSTS", "" if PRODUCTION else "connect.tiendo.example")
# inner networks that webhooks may enter, such as 10.20.0.0/16; none unless named
WEBHOOK_NETWORKS = words("TIENDO_WEBHOOK_NETWORKS")
PANELS: dict[str, list[str]] = {
    "orgs.unit": [
        "tiendo.web.panels.unit_tasks",
        "tiendo.access.panels.unit_people",
        "tiendo.reforms.panels.unit_reforms",
    ],
    "tasks.task": ["tiendo.notifications.panels.ladder"],
}  # rooms upstairs on pages downstairs
# whose history may be read: for each kind of subject, who answers what of it a person may see; any other kind is absent
HISTORIES = {
    label: f"tiendo.web.subjects.{answers}"
    for label, answers in {
        "tasks.task": "tasks",
        "tasks.programme": "programmes",
        "tasks.draw": "draws",
        "documents.document": "documents",
        "intake.intake": "readings",
        "intake.proposal": "proposals",
        "orgs.unit": "units",
        "orgs.succession": "successions",
        "orgs.committee": "committees",
        "orgs.post": "posts",
        "orgs.tenure": "tenures",
        "access.grant": "grants",
        "access.delegation": "delegations",
        "access.invitation": "invitations",
        "access.sheet": "sheets",
        "reforms.reform": "reforms",
        "people.person": "people",
        "people.token": "tokens",
        "ledger.entry": "entries",
        "ledger.seal": "seals",
    }.items()
}
LANGUAGE_NAMES = {"vi": _("Vietnamese"), "en": _("English"), "fr": _("French"), "ru": _("Russian")}

# --- backups ----------------------------------------------------------------------------------
BACKUPS = text(
    "TIENDO_BACKUPS"
)  # where every night's backup goes; none is made by itself if not given
BACKUPS_KEPT = number("TIENDO_BACKUPS_KEPT", 14)
LAST_BACKUP = VAR / "last-backup"
PG_BIN = text("TIENDO_PG_BIN")  # the folder of pg_dump, if it is not where one looks

# --- jobs -------------------------------------------------------------------------------------
# what runs by itself: name -> (the dotted path of a function without arguments, every so many seconds); it may run twice
SCHEDULE: dict[str, tuple[str, int]] = {
    "kit.beat": ("tiendo.kit.jobs.beat", 60),
    "ledger.seal": ("tiendo.ledger.sealing.seal", 60),
    "tasks.fold": ("tiendo.tasks.tallies.fold", 300),
    "tasks.roll": ("tiendo.tasks.turns.roll", 3600),
    "ledger.answers": ("tiendo.ledger.answers.sweep", 3600),
    "notifications.hear": ("tiendo.notifications.hearing.hear", 60),
    "notifications.remind": ("tiendo.notifications.reminding.remind", 600),
    "notifications.write": ("tiendo.notifications.letters.write", 60),
    "exchange.work": ("tiendo.exchange.sending.work", 60),
}
if BACKUPS:
    SCHEDULE["config.backup"] = ("tiendo.config.backups.making.nightly", 86_400)
JOB_SECONDS = number("TIENDO_JOB_SECONDS", 300)  # the longest a job may take
Q_CLUSTER = {
    "name": "tiendo",
    "orm": "default",
    "workers": 2,
    "timeout": JOB_SECONDS,
    "retry": JOB_SECONDS
    + JOB_SECONDS // 10
    + 1,  # a job whose worker was killed begins again after this
    "max_attempts": 5,
    "ack_failures": False,
    "catch_up": False,  # after a night switched off, once is enough
    "save_limit": 20,
    "save_limit_per": "func",
    "poll": 0.5,
    "guard_cycle": 1,
    "cache": "jobs",
    "log_level": "WARNING",
}

LOGGING = logs.shape(
    for_machines=PRODUCTION or text("TIENDO_LOG_FORMAT") == "json",
    level=text("TIENDO_LOG_LEVEL", "WARNING"),
    with_contents=DEBUG,
)
