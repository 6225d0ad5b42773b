"""Acts that need a fresh proof of who sits at the keyboard."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def fresh_sign_in(view: View) -> View:
    """Asks for password or second factor again when the last proof is older than ACCOUNT_REAUTHENTICATION_TIMEOUT.

    allauth keeps what was posted and resumes it afterwards. People who can prove nothing (the demo's) pass.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapped


def is_fresh(request: HttpRequest) -> bool:
    proofs = get_authentication_records(request, request.user)
    if proofs and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
        return True
    return not get_reauthentication_flows(request.user)
