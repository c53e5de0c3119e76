"""Stories about workers start real ones."""

from tests.harness.parts import effects, job_follows, start, watched
from tests.harness.rabbit import rabbit

__all__ = ["effects", "job_follows", "rabbit", "start", "watched"]
