"""Prefect flows: they order and observe what `pipeline` does, and do nothing themselves."""
