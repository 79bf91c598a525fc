"""The one settings file. Every variable it reads is documented in docs/operations.md (a test checks it)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from fourfold.project.env import Env, allowed_hosts, database, is_currency, is_zone, mail, openid_apps, sign_in_origins

env = Env()

PACKAGE = Path(__file__).resolve().parent.parent
HOME = env.path("FOURFOLD_HOME", "var")
PUBLIC_URL = env.checked(
    "FOURFOLD_PUBLIC_URL", "", lambda v: v.startswith(("http://", "https://")), "an address beginning https://"
).rstrip("/")
HOST = env.text("FOURFOLD_HOST", "127.0.0.1")
DEBUG = env.flag("FOURFOLD_DEBUG", default=False)
DATASETS = env.text("FOURFOLD_DATASETS")  # read by tests only
TEST_POSTGRES = env.text("FOURFOLD_TEST_PG")  # read by tests only
TEST_DATABASE = env.text("FOURFOLD_TEST_DATABASE")  # read by tests only
BENCH_POSTGRES = env.text("FOURFOLD_BENCH_PG")  # read by benchmarks only
BACKUPS_KEPT = env.number("FOURFOLD_BACKUPS_KEPT", 14, low=1, high=365)
POSTGRES_TOOLS = env.text("FOURFOLD_POSTGRES_TOOLS")
UPLOAD_MEGABYTES = env.number("FOURFOLD_UPLOAD_MEGABYTES", 200, low=1, high=4096)
ANSWER_DAYS = env.number("FOURFOLD_ANSWER_DAYS", 10, low=1, high=60)
FILE_MEGABYTES = env.number("FOURFOLD_FILE_MEGABYTES", 20, low=1, high=200)
WEB_THREADS = env.number("FOURFOLD_WEB_THREADS", 4, low=1, high=64)
BEHIND_PROXY = env.flag("FOURFOLD_BEHIND_PROXY", default=False)
TRACK_OPENS = env.flag("FOURFOLD_TRACK_OPENS", default=False)  # whether mails carry a pixel that tells of openings


def house_key(name: str) -> str:
    """A secret of this house, made once and kept beside the data, readable by its owner only."""
    path = HOME / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:  # another process made it in the same moment
            pass
    return path.read_text().strip()


SECRET_KEY = env.text("FOURFOLD_SECRET_KEY") or house_key("secret")
LEDGER_KEY = bytes.fromhex(house_key("ledger"))
SUPPRESSION_KEY = bytes.fromhex(house_key("suppression"))
MAILBOX_KEY = bytes.fromhex(house_key("mailboxes"))  # passwords of mailboxes and private signing keys
LINK_KEYS = tuple(bytes.fromhex(line) for line in house_key("links").split())  # the first signs, all are accepted

ALLOWED_HOSTS = allowed_hosts(env, PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []
SECURE = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "fourfold.accounts",  # before allauth, whose pages it dresses
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "fourfold.ui",
    "fourfold.ledger",
    "fourfold.search",
    "fourfold.work",
    "fourfold.files",
    "fourfold.people",
    "fourfold.studio",
    "fourfold.contact",
    "fourfold.surveys",
    "fourfold.jobs",
    "fourfold.careers",
    "fourfold.reports",
    "fourfold.integrations",
    "fourfold.project",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fourfold.accounts.middleware.ViewerMiddleware",
    "fourfold.project.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "fourfold.project.urls"
WSGI_APPLICATION = "fourfold.project.wsgi.application"

COTTON_DIR = "ui/components"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees what it is given, not the page's variables
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "fourfold.project.context.shell",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "template_partials.templatetags.partials"],
        },
    }
]

DATABASES = {"default": database(env, "FOURFOLD_DATABASE_URL", HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "fourfold_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # past them a third is dropped, and with them counts of what was asked
    },
}

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("British English"))]
TIME_ZONE = env.checked("FOURFOLD_TIME_ZONE", "Europe/London", is_zone, "a zone such as Europe/London")
USE_TZ = True
USE_I18N = True
CURRENCY = env.checked("FOURFOLD_CURRENCY", "GBP", is_currency, "a code such as GBP")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "uploads"
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "fourfold.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "fourfold.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # a colleague comes by invitation, which proves the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tells a colleague when their password or second step was changed
# Axes counts wrong passwords, in the database; this counts wrong codes of the second step, by account.
ACCOUNT_RATE_LIMITS = {"login_failed": "8/15m/key"}
ACCOUNT_FORMS = {
    "login": "fourfold.accounts.sign_in_forms.SignInForm",
    "reauthenticate": "fourfold.accounts.sign_in_forms.ConfirmPasswordForm",
    "reset_password": "fourfold.accounts.sign_in_forms.ForgotPasswordForm",
    "reset_password_from_key": "fourfold.accounts.sign_in_forms.ChooseNewPasswordForm",
    "change_password": "fourfold.accounts.sign_in_forms.ChangePasswordForm",
    "set_password": "fourfold.accounts.sign_in_forms.SetPasswordForm",
}
MFA_ADAPTER = "fourfold.accounts.adapter.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "fourfold.accounts.sign_in_forms.CodeForm",
    "reauthenticate": "fourfold.accounts.sign_in_forms.ConfirmCodeForm",
    "activate_totp": "fourfold.accounts.sign_in_forms.AppForm",
    "add_webauthn": "fourfold.accounts.sign_in_forms.AddPasskeyForm",
    "edit_webauthn": "fourfold.accounts.sign_in_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Fourfold"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # our adapter joins proven addresses to colleagues and invitations
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": openid_apps(env), "OAUTH_PKCE_ENABLED": True}}

AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"  # the account adapter passes the address on under this name
AXES_CLIENT_IP_CALLABLE = "fourfold.accounts.client.address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying again too early doesn't make the wait longer
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# The sign-in form is answered by a redirect to the provider, which browsers hold against form-action too.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += sign_in_origins(SOCIALACCOUNT_PROVIDERS)

vars().update(mail(env, "FOURFOLD_EMAIL_URL"))
EMAIL_FILE_PATH = HOME / "outbox"
DEFAULT_FROM_EMAIL = env.text("FOURFOLD_EMAIL_FROM", "Fourfold <fourfold@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"links": {"()": "fourfold.careers.logs.HideLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"fourfold": {"level": "INFO"}, "axes": {"level": "ERROR"}, "huey": {"level": "WARNING"}},
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS: list[str] = []

env.refuse_unknown()
