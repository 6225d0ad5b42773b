"""How long ago the person at the keyboard proved who he or she is, and acts that need a fresh proof."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def is_fresh(request: HttpRequest) -> bool:
    """The last password, code or key is younger than ACCOUNT_REAUTHENTICATION_TIMEOUT.

    People who have nothing to prove with (the demo's, who enter by one click) count as fresh.
    """
    proofs = get_authentication_records(request, request.user)
    if proofs and time.time() - proofs[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT:
        return True
    return not get_reauthentication_flows(request.user)


def fresh_sign_in(view: View) -> View:
    """Asks for password or second factor again unless the last proof is fresh; allauth resumes what was posted."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapped
