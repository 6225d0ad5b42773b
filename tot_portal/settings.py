"""All settings of the portal, read from the environment (docs/settings.md) and safe by default.

Production is the default. TOT_DEMO=1 turns on the demo (one-click roles, mailbox); it is refused for any
address but this computer's own, because it lets everybody in.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from tot_portal import env, task_table

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

SITE_URL = env.text("SITE_URL").rstrip("/")
SITE = urlsplit(SITE_URL)
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEMO = env.flag("TOT_DEMO")
DEMO_STORY = env.flag("DEMO_STORY", default=True)  # off: only the demo's staff, no participants
DEBUG = False
HTTPS = SITE.scheme == "https"

if SITE.scheme not in {"http", "https"} or not SITE.hostname:
    raise ImproperlyConfigured("SITE_URL must be an address like https://tot.lsp.example.")
if DEMO and SITE.hostname != "localhost":
    raise ImproperlyConfigured("TOT_DEMO lets everybody in; it runs on http://localhost only. Unset TOT_DEMO.")
if not DEMO and not HTTPS:
    raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")

SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.keys("FIELD_KEYS")  # newest first; seal identifiers and files (core.crypto)
INDEX_KEY = env.key("INDEX_KEY")  # keyed hashes for equality
if INDEX_KEY in FIELD_KEYS:
    raise ImproperlyConfigured("INDEX_KEY must differ from FIELD_KEYS.")
BACKUP_KEY = env.key("BACKUP_KEY") if env.text("BACKUP_KEY", "") else ""  # only backup and restore need it
if BACKUP_KEY in {*FIELD_KEYS, INDEX_KEY}:
    raise ImproperlyConfigured("BACKUP_KEY must differ from FIELD_KEYS and INDEX_KEY.")

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or ([*LOCAL_HOSTS] if DEMO else [SITE.hostname])
if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts, without wildcards.")
if DEMO and not {*ALLOWED_HOSTS} <= {*LOCAL_HOSTS}:
    raise ImproperlyConfigured("ALLOWED_HOSTS may name only this computer while TOT_DEMO lets everybody in.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0, least=0, most=5)
if HTTPS and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- apps, lowest floor first
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "phonenumber_field",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "core",
    "notifications",
    "accounts",
    "batches",
    "participants",
    "assessments",
    "certificates",
    "tot_portal",
]
MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # cheap phones pay by the byte; Django pads against BREACH
    "core.middleware.CleanInputMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.AccountLanguageMiddleware",
    "accounts.middleware.SessionAgeMiddleware",
    "tot_portal.middleware.AccessMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "core.middleware.PrivatePagesMiddleware",
]
ROOT_URLCONF = "tot_portal.urls"
WSGI_APPLICATION = "tot_portal.wsgi.application"
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
                "tot_portal.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "core.templatetags.ui",
                "batches.templatetags.wording",
                "tot_portal.templatetags.tabs",
            ],
        },
    }
]

# --- data
DATABASES = {
    "default": env.database("DATABASE_URL")
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "TEST": {"NAME": env.text("TEST_DATABASE_NAME", "test_tot")}}
}
TIMEOUTS = "-c statement_timeout=30s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
DATABASES["default"]["OPTIONS"].setdefault("options", TIMEOUTS)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.broker("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "core.cache.RedisOrMemoryCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tot",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
COMMIT = env.text("PORTAL_COMMIT", "")  # told to an image when it is built; a checkout knows its own
PRIVATE_FILES_ROOT = VAR_DIR / "files"  # never under a web root; served by core.files only
FILES_BUCKET = {  # of an S3 server, instead of the folder
    "bucket_name": env.text("FILES_S3_BUCKET", ""),
    "endpoint_url": env.text("FILES_S3_ENDPOINT", "") or None,
    "region_name": env.text("FILES_S3_REGION", "") or None,
    "access_key": env.text("FILES_S3_KEY_ID", "") or None,
    "secret_key": env.text("FILES_S3_SECRET", "") or None,
}
IN_FOLDER, IN_BUCKET = {"BACKEND": "core.storage.PrivateFolder"}, {"BACKEND": "core.bucket.PrivateBucket"}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": IN_BUCKET | {"OPTIONS": FILES_BUCKET} if FILES_BUCKET["bucket_name"] else IN_FOLDER,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 1_048_576  # uploads never touch the disk unsealed; larger requests are refused
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# --- background work: the broker only carries hints, PostgreSQL holds the truth
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "queue_order_strategy": "round_robin",  # a long queue never keeps a worker from the others
    "visibility_timeout": 120,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "max_retries": 0,  # of the connection too: without it a publisher waits 6 s for a broker that is away
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False  # a request never waits for the broker: sweepers find what it lost
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_TIMEOUT = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = task_table.SOFT_LIMIT
CELERY_TASK_TIME_LIMIT = task_table.HARD_LIMIT
CELERY_TASK_QUEUES = [Queue(name) for name in task_table.QUEUES]  # a worker serves them all unless -Q names some
CELERY_TASK_DEFAULT_QUEUE = task_table.JOBS
CELERY_TASK_ROUTES = task_table.routes()
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 2, least=1, most=64)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = task_table.beat_schedule()

# --- watching
METRICS_TOKEN = env.text("METRICS_TOKEN", "") and env.secret("METRICS_TOKEN", least=20)  # without it no /metrics
DISK_FREE_LEAST_MB = env.number("DISK_FREE_LEAST_MB", 2048, least=1, most=10_000_000)

# --- mail
EMAIL_BACKEND = env.mail_service("EMAIL_PROVIDER") or "notifications.smtp.SmtpBackend"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", default=not DEMO)
EMAIL_TIMEOUT = 15
ANYMAIL = {"REQUESTS_TIMEOUT": EMAIL_TIMEOUT} | env.beginning_with("ANYMAIL_")
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "TOT <no-reply@localhost>" if DEMO else None)
DEMO_MAIL_DIR = Path(env.text("DEMO_MAIL_DIR", str(VAR_DIR / "demo-mail")))

# --- language and time
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["tot_portal.formats"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_THOUSAND_SEPARATOR = False  # it would also localise numbers inside addresses

# --- sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
PASSWORD_RESET_TIMEOUT = 1800
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "add_email": "accounts.allauth_forms.AddEmailForm",
    "change_password": "accounts.allauth_forms.ChangePasswordForm",
    "login": "accounts.allauth_forms.LoginForm",
    "reauthenticate": "accounts.allauth_forms.ReauthenticateForm",
    "reset_password": "accounts.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.allauth_forms.ResetPasswordKeyForm",
    "set_password": "accounts.allauth_forms.SetPasswordForm",
    "signup": "accounts.allauth_forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner hears of a changed password, address or second factor
ACCOUNT_CHANGE_EMAIL = True  # one address per account; the old one holds until the new one is confirmed
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
ACCOUNT_TRUSTED_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Portal TOT"
MFA_TOTP_TOLERANCE = 1  # phones whose clock is half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who has a second factor may still move to a new address
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.allauth_forms.ActivateTOTPForm",
    "add_webauthn": "accounts.allauth_forms.AddWebAuthnForm",
    "authenticate": "accounts.allauth_forms.AuthenticateForm",
    "edit_webauthn": "accounts.allauth_forms.EditWebAuthnForm",
    "reauthenticate": "accounts.allauth_forms.MFAReauthenticateForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
SECOND_FACTOR_REQUIRED = not DEMO  # staff reach only the account pages until they have one

# --- cookies and headers; __Host- names need https
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "__Host-tot" if HTTPS else "tot"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "tot_portal.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- forms and logs
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
PHONENUMBER_DEFAULT_REGION = "ID"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "fontTools": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},  # otherwise eight lines for each certificate
        "pikepdf": {"level": "WARNING"},
    },
}

# What an LSP may brand: shown before its own identity is filled in (accounts.Lsp).
PRODUCT_NAME = _("Portal Pelatihan TOT")
