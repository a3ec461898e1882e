"""Settings, all from the environment: docs/configuration.md has the table."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lineage_site.env import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

DEBUG = env.flag("LINEAGE_DEBUG")
DATA_DIR = Path(env.text("LINEAGE_DATA_DIR", str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)


def _secret_key() -> str:
    """Return the configured key, or one kept in the data directory, made on first start."""
    if env.is_set("LINEAGE_SECRET_KEY"):
        return env.text("LINEAGE_SECRET_KEY")
    path = DATA_DIR / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


SECRET_KEY = _secret_key()
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("LINEAGE_SECRET_KEY is shorter than 32 characters: sessions could be forged.")

# --- addresses -------------------------------------------------------------------------------------------------
PUBLIC_URL = env.text("LINEAGE_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname or _public.path:
    raise ImproperlyConfigured(f"LINEAGE_PUBLIC_URL is {PUBLIC_URL!r}; use the form https://lineage.example.org.")
_is_https = _public.scheme == "https"
_is_local = _public.hostname in {"127.0.0.1", "localhost", "::1"}
if DEBUG and not _is_local:
    raise ImproperlyConfigured("LINEAGE_DEBUG=1 with a public address shows secrets to visitors: unset one of them.")
ALLOWED_HOSTS = env.words("LINEAGE_ALLOWED_HOSTS") or [_public.hostname, "127.0.0.1", "localhost"]
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("LINEAGE_ALLOWED_HOSTS=* lets anyone forge links: name the hosts.")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env.number("LINEAGE_TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A redirect would turn the SDK's POST into a GET.
APPEND_SLASH = False

# --- applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "registry",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "csp",
    "template_partials",
]
MIDDLEWARE = [
    "lineage_site.middleware.RequestIdMiddleware",
    "lineage_site.middleware.DatabaseAwayMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lineage_site.middleware.PrivateCacheMiddleware",
    "registry.views.middleware.ViewerMiddleware",
]
ROOT_URLCONF = "lineage_site.urls"
WSGI_APPLICATION = "lineage_site.wsgi.application"
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
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]
AUTH_USER_MODEL = "registry.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
]
# allauth signs in, counts failures and asks for the second factor; its own pages for registering are not mounted
ACCOUNT_ADAPTER = "registry.views.sign_in_rules.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "sign_in"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
MFA_ADAPTER = "registry.views.sign_in_rules.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lineage Site"
MFA_RECOVERY_CODES_SHOW_ONCE = True
OIDC_ISSUER = env.text("LINEAGE_OIDC_ISSUER", "").rstrip("/")
OIDC_NAME = env.text("LINEAGE_OIDC_NAME", "single sign-on")
OIDC_CREATES_USERS = env.flag("LINEAGE_OIDC_CREATE_USERS")
if OIDC_ISSUER:
    _issuer = urlsplit(OIDC_ISSUER)
    if _issuer.hostname is None or (_issuer.scheme != "https" and _issuer.hostname != "127.0.0.1"):
        raise ImproperlyConfigured(f"LINEAGE_OIDC_ISSUER is {OIDC_ISSUER!r}; use an https address.")
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": OIDC_NAME,
                    "client_id": env.text("LINEAGE_OIDC_CLIENT_ID"),
                    "secret": env.text("LINEAGE_OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }
SOCIALACCOUNT_ADAPTER = "registry.views.oidc.IdentityAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # our own view takes a POST only
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _is_https else "http"
# how long a link is good that an administrator made for someone who has forgotten the password
PASSWORD_RESET_TIMEOUT = 24 * 3600
# counts of failed sign-ins: shared by all processes, and kept when the server starts again
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "registry_throttle",
        # beyond it counts are dropped: guessing at many names must not make the site forget one
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # layouts of lineage graphs, which every process can make again: never a write on a read page
    "layouts": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "layouts"},
    # parts of pages under the values that they are rendered from
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"},
}
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
ORGANIZATION_NAME = env.text("LINEAGE_ORGANIZATION", "lineage")

# --- database --------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _database() -> dict[str, Any]:
    config: dict[str, Any] = dict(
        dj_database_url.config(default=f"sqlite:///{DATA_DIR / 'lineage.sqlite3'}", conn_health_checks=True)
    )
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        synchronous = env.choice("LINEAGE_SQLITE_SYNCHRONOUS", ("FULL", "NORMAL"), "FULL")
        # IMMEDIATE: a transaction that reads first and writes later cannot wait for the lock, it fails at once.
        options.setdefault("transaction_mode", "IMMEDIATE")
        options.setdefault("timeout", 15)
        options.setdefault(
            "init_command",
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-65536; "
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
        )
        # connections are kept: opening one costs more than most queries
        config["CONN_MAX_AGE"] = None
    else:
        options.setdefault("pool", {"min_size": 1, "max_size": env.number("LINEAGE_DATABASE_POOL_SIZE", 8, 1)})
        # prepared are the lineage queries, whose parameters go apart from the text: planned once for all lists
        options.setdefault("prepare_threshold", 0)
        limits = "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
        options.setdefault("options", f"{limits} -c plan_cache_mode=force_generic_plan -c jit=off")
        config["CONN_MAX_AGE"] = 0
    return config


DATABASES = {"default": _database()}

# --- requests --------------------------------------------------------------------------------------------------
# file_stream bodies reach 10 MiB; manifests and files are streamed and never count here
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# files come to signed addresses, never with a form
FILE_UPLOAD_HANDLERS = ["registry.views.no_files.NoFiles"]
MAX_UPLOAD_BYTES = env.number("LINEAGE_MAX_UPLOAD_BYTES", 64 << 30, 1)
SIGNED_URL_SECONDS = env.number("LINEAGE_SIGNED_URL_SECONDS", 900, 30)

# --- security --------------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
if _is_https:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS = 31_536_000
CSRF_FAILURE_VIEW = "registry.views.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # a browser checks where a form leads to in the end: signing in goes on to the identity provider
        "form-action": [SELF, f"{urlsplit(OIDC_ISSUER).scheme}://{urlsplit(OIDC_ISSUER).netloc}"]
        if OIDC_ISSUER
        else [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- static files, language, time ------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "lineage_site.static_files.SiteFilesStorage"
    },
}
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

# --- logs ------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"mask": {"()": "lineage_site.logs.MaskSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mask"]}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LINEAGE_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
    },
}
