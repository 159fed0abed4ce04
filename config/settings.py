"""Settings from the environment. Production unless DEPLOYMENT=demo, which only the Makefile sets.

SECRET_KEY      at least 50 characters; production refuses to start without one
ALLOWED_HOSTS   comma-separated host names; production answers to nothing else
SITE_URL        what links in e-mails begin with; https and the first host name unless set
DATABASE_URL    a PostgreSQL address; unset means SQLite in var/
EMAIL_HOST      the mail server; unset means this machine, in the demo that messages are printed
EMAIL_TLS       none, starttls or tls; none unless set
EMAIL_PORT      25, or 587 with starttls, 465 with tls, unless set
EMAIL_USER      and EMAIL_PASSWORD, for the mail server; never without TLS to another machine
EMAIL_FROM      the sender
TRUSTED_PROXIES how many proxies stand before the server; 1 in production, none in the demo
DEPLOYMENT      demo or production
DEMO_PASSWORD   the password of the demo's accounts; only with DEPLOYMENT=demo
"""

import os
from pathlib import Path
from urllib.parse import quote

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

DEPLOYMENT = os.environ.get("DEPLOYMENT", "production")
if DEPLOYMENT not in ("demo", "production"):
    raise ImproperlyConfigured("DEPLOYMENT is either demo or production.")
DEMO = DEPLOYMENT == "demo"
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "") if DEMO else ""
DEBUG = False

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to at least 50 random characters; make run makes one for the demo."
    )

ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
if DEMO:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost"]
SITE_URL = os.environ.get("SITE_URL") or (
    f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    if DEMO
    else f"https://{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}"
)

INSTALLED_APPS = [
    "config.apps.RoofConfig",
    "reports",
    "meetings",
    "priorities",
    "board",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "crispy_forms",
    "django_filters",
    "simple_history",
]
# Reference data can be edited in the admin, which has no second factor of its own: demo only.
if DEMO:
    INSTALLED_APPS += ["django.contrib.admin"]

MIDDLEWARE = [
    "board.middleware.security_headers",
    "board.middleware.ContentPolicy",
    "board.middleware.readable_request",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "reports.middleware.public_papers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "board.middleware.session_limits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "board.middleware.second_factor",
    "board.middleware.refused_acts",
    "board.middleware.busy_database",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "board.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

# DATABASE_URL unset: SQLite, safe for many writers (IMMEDIATE takes the lock before the first
# read) and against a power cut (FULL). Transactions are explicit: a page that only reads must
# not become a writer.
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{quote(str(VAR / 'db.sqlite3'))}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        ),
    }
else:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c lock_timeout=5000"
# What else PostgreSQL ends for a page (config/wsgi.py): a migration, a backup or a restore may
# run for as long as it needs.
PAGE_TIMEOUTS = " -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all worker processes, so that the sign-in limits count for all of them together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # The usual 300 would let a few hundred made-up addresses push the real counts out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Sign-in
AUTH_USER_MODEL = "board.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "board.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "board.forms.accounts.SignInForm",
    "change_password": "board.forms.accounts.ChangePasswordForm",
    "reset_password": "board.forms.accounts.AskForLinkForm",
    "reset_password_from_key": "board.forms.accounts.SetPasswordForm",
    "reauthenticate": "board.forms.accounts.PasswordAgainForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 1800
# docs/decisions says why; the key is the account, for a device that knows it the device.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/5m/ip,10/5m/key"}
KNOWN_DEVICE_COOKIE = "device" if DEMO else "__Host-device"
KNOWN_DEVICE_AGE = 90 * 24 * 60 * 60
# Whose address a try counts for: the visitor's as the last trusted proxy saw it. What the
# visitor writes into X-Forwarded-For stands before that, and counts for nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0" if DEMO else "1"))
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
PASSWORD_RESET_TIMEOUT = 60 * 60
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "SOC Board"
MFA_ADAPTER = "board.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "board.forms.accounts.SecondFactorForm",
    "reauthenticate": "board.forms.accounts.SecondFactorAgainForm",
    "activate_totp": "board.forms.accounts.AddSecondFactorForm",
}
SECOND_FACTOR_REQUIRED = not DEMO

# Sessions: 30 minutes idle, 12 hours at most (NIST SP 800-63B, AAL2).
SESSION_COOKIE_AGE = 30 * 60
SESSION_LIFE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
if not DEMO:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

# What the browser may do with our pages: nothing that is not ours, nothing inline.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Mail. In production an unset host must not mean that links to set a password are printed into
# a log: it means the relay on this machine.
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "soc-board@example.org")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "" if DEMO else "localhost")
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_HOST
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_TLS = os.environ.get("EMAIL_TLS", "none")
if EMAIL_TLS not in ("none", "starttls", "tls"):
    raise ImproperlyConfigured("EMAIL_TLS is none, starttls or tls.")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_TLS == "starttls", EMAIL_TLS == "tls"
EMAIL_PORT = int(
    os.environ.get("EMAIL_PORT") or {"none": 25, "starttls": 587, "tls": 465}[EMAIL_TLS]
)
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
if EMAIL_HOST_PASSWORD and EMAIL_TLS == "none" and EMAIL_HOST not in ("localhost", "127.0.0.1"):
    raise ImproperlyConfigured(
        "EMAIL_PASSWORD would cross the network unprotected: set EMAIL_TLS to starttls or tls."
    )
# A page waits no longer for a mail server that does not answer.
EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
SIMPLE_HISTORY_HISTORY_ID_USE_UUID = False
