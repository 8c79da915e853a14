"""Prefect flows: they order and observe what `pipeline` does, and do nothing themselves.

`nightly` is the flow, `serving` runs it once or on a schedule, `server` is Prefect's server where
the user has none, `crashed_runs` shows what was killed.
"""
