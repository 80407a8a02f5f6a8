"""Django's settings for the site of one archive, made from `holdfast.toml` and nothing else.

    settings_for(folder, load_settings(folder), secret="...")

gives the keyword arguments of `django.conf.settings.configure`. There is no settings module that somebody could edit:
what a site wants to be stands in its archive.
"""

from __future__ import annotations

import logging
import os
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from holdfast.config import Settings

HERE = Path(__file__).resolve().parent
DESK_FILE = "desk.db"
LANGUAGES = (("en", "English"), ("ru", "Русский"), ("zh-hans", "简体中文"), ("de", "Deutsch"), ("ko", "한국어"))
BUSY_WAIT_S = 20
LINK_LASTS_S = 24 * 3600  # the link by which somebody who forgot it chooses a new password
MIB = 1024 * 1024
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def settings_for(folder: Path, wanted: Settings, *, secret: str, hosts: tuple[str, ...] = ()) -> dict[str, Any]:
    """The settings of the site of the archive in `folder`.

    Args:
        folder: the archive.
        wanted: its settings.
        secret: what sessions are signed with; whoever knows it can be anybody.
        hosts: further names under which the site may be asked for, beside its public address and this machine.
    """
    address = urlsplit(wanted.site_address)
    is_secure = address.scheme == "https"
    own = (address.hostname,) if address.hostname else ()
    return {
        "DEBUG": False,
        "SECRET_KEY": secret,
        "ALLOWED_HOSTS": [*LOOPBACK, *own, *hosts],
        "CSRF_TRUSTED_ORIGINS": [wanted.site_address] if own else [],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if is_secure else None,
        "SESSION_COOKIE_SECURE": is_secure,
        "CSRF_COOKIE_SECURE": is_secure,
        "LANGUAGE_COOKIE_SECURE": is_secure,
        "SECURE_HSTS_SECONDS": 31_536_000 if is_secure else 0,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "ROOT_URLCONF": "holdfast.show.urls",
        "INSTALLED_APPS": APPS,
        "MIDDLEWARE": MIDDLEWARE,
        "TEMPLATES": [_templates()],
        "DATABASES": {"default": _database(folder)},
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_USER_MODEL": "show.Account",
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "LANGUAGE_CODE": "en",
        "LANGUAGES": LANGUAGES,
        "LOCALE_PATHS": [HERE / "locale"],
        "FORMAT_MODULE_PATH": ["holdfast.show.formats"],
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 2 * MIB,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 10_000,  # a work with thousands of tags is one form
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "home",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "home",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_ADAPTER": "holdfast.show.passkeys.Passkeys",
        "MFA_FORMS": {"add_webauthn": "holdfast.show.passkeys.AddPasskey"},
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not is_secure,  # a passkey may be tried on this machine without TLS
        "ACCOUNT_ADAPTER": "holdfast.show.accounts.Accounts",
        "ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR": "holdfast.show.accounts.Links",
        "AUTH_PASSWORD_VALIDATORS": PASSWORD_RULES,
        "ACCOUNT_LOGIN_METHODS": {"username"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*", "password2*"],  # no address is asked for
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "PASSWORD_RESET_TIMEOUT": LINK_LASTS_S,
        "ALLAUTH_TRUSTED_PROXY_COUNT": wanted.proxies,
        "LOGGING": _logging(),
        "HOLDFAST_FOLDER": folder,
    }


PASSWORD_RULES = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
APPS = [
    "holdfast.show",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "holdfast.show.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "holdfast.show.tokens.Tokens",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "holdfast.show.middleware.Errors",
]


def _templates() -> dict[str, Any]:
    return {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "holdfast.show.reader.site_context",
            ],
        },
    }


def _database(folder: Path) -> dict[str, Any]:
    """Readers read on while one writes; a transaction takes the right to write at once, or waits for it.

    What was promised survives the power too (`FULL`): whoever was given a receipt or told that a comment has come was
    not told so in vain. What is deleted is overwritten: the words of somebody whose contribution was refused do not
    stay in the file.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / DESK_FILE,
        "OPTIONS": {
            "timeout": BUSY_WAIT_S,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
        },
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "TEST": {"NAME": os.devnull},
    }


def _logging() -> dict[str, Any]:
    """What goes wrong is told on the terminal; who asked for what is told nowhere."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "filters": {"faults": {"()": "django.utils.log.CallbackFilter", "callback": _is_a_fault}},
        "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["faults"]}},
        "root": {"handlers": ["terminal"], "level": "WARNING"},
        "loggers": {"django": {"handlers": ["terminal"], "level": "ERROR", "propagate": False}},
    }


def _is_a_fault(record: logging.LogRecord) -> bool:
    """Whether it is worth telling: a viewer who is asked to wait is none, and what they watch is not told."""
    return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE
