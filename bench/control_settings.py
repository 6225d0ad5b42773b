"""The portal's settings with the control's one address and nothing around it."""

from tot_portal.settings import *  # noqa: F403  (all of them, but two)

ROOT_URLCONF = "bench.control"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "allauth.account.middleware.AccountMiddleware"]
