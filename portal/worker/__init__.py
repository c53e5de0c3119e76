"""The portal's parts without a face: the worker does jobs, the scheduler inserts those that a clock calls for.

Both block until SIGTERM and may be killed at any moment: a job comes back to another worker, a due time is made up by
the next scheduler. They know every capability through `app.wire()` and decide nothing about business.
"""

from portal.worker.consume import run_worker
from portal.worker.schedule import run_scheduler

__all__ = ["run_scheduler", "run_worker"]
