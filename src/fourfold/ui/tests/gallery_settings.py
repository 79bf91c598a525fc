"""The least that the gallery needs, to look at components without a house around them.

Run: ``python -m django runserver --settings fourfold.ui.tests.gallery_settings`` and open ``/gallery/``.
"""

from csp.constants import NONE, SELF

SECRET_KEY = "only for the gallery"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "fourfold.ui.tests.gallery_urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Both packages would otherwise rewrite TEMPLATES, each without the other's loader.
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "fourfold.ui",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
# Partials outermost (they split “page.html#part” off), then the cache, then cotton, which compiles <c-…> tags.
# Cotton looks in every app's templates folder by itself; the other two are for folders outside apps.
TEMPLATE_LOADERS = [
    (
        "template_partials.loader.Loader",
        [
            (
                "django.template.loaders.cached.Loader",
                [
                    "django_cotton.cotton_loader.Loader",
                    "django.template.loaders.filesystem.Loader",
                    "django.template.loaders.app_directories.Loader",
                ],
            )
        ],
    )
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": TEMPLATE_LOADERS,
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "fourfold.ui.tests.gallery_urls.shell",
            ],
        },
    },
]
COTTON_DIR = "ui/components"
COTTON_ISOLATE_BY_DEFAULT = True  # a component sees its attributes and context processors, not the page's variables
STATIC_URL = "/static/"
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler draws ticks and arrows of form controls as data: images
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
