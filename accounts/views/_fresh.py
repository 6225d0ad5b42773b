"""Acts that need a fresh proof of who sits at the keyboard."""

from collections.abc import Callable
from functools import wraps

from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse

from accounts.freshness import is_fresh

View = Callable[..., HttpResponse]


def fresh_sign_in(view: View) -> View:
    """Asks for password or second factor again unless the last proof is fresh; allauth resumes what was posted."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapped
