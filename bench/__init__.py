"""Measures what the portal claims, each figure against its own floor in the same run."""
