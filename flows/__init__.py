"""Prefect flows: they order and observe what `pipeline` does, and do nothing themselves.

nightly          the flow: one night
observed_run     `wenshu run`: the flow once, now
schedule         `wenshu schedule`: the flow by its cron schedule, until stopped
prefect_server   the Prefect server of a project, for both, where the user has none
crashed_runs     shows killed runs as crashed
"""
