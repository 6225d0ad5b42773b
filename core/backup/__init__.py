"""One archive of everything that is the portal, except its keys: made beside running work, and put back whole."""
