"""Stories of the desk start real workers too."""

from tests.harness.parts import start, watched

__all__ = ["start", "watched"]
