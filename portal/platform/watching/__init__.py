"""Seeing inside: what a process is busy with, how long it takes, which statements it sends, where it waits.

`errand` is the request or job at hand, which every statement is noted on. From it are told: traces (`tracing`, by
OpenTelemetry, if the environment asks for them), numbers (`metrics`, for Prometheus) and what was slow (`slow`). None
of them holds a value: routes are named by their templates, statements by their shapes, failures by their kinds.
"""
