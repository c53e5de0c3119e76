"""Stories about seeing start a whole portal."""

from tests.harness.watching import collector, whole

__all__ = ["collector", "whole"]
