"""Fixtures that every test may use. The servers come from tests/embedded_servers.py."""
