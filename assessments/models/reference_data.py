"""The rubric by which senior assessors record role plays."""

from core.versioned import Versioned


class Rubric(Versioned):
    """Phases, criteria, evidence items, methods and decision rule; content as in assessments/reference/rubric.yaml."""
