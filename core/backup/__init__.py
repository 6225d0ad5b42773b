"""One archive of everything that is the portal, except its keys: made beside running work, and put back whole."""

from collections.abc import Callable

Say = Callable[[str], None]  # tells whoever waits how far it is
