"""Stories about workers start real ones."""

from tests.harness.parts import effects, job_follows, start, watched

__all__ = ["effects", "job_follows", "start", "watched"]
