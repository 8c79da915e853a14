"""A night: one run from raw/ to a release, or to the reasons why there is none.

`run_night` runs the `stages` in order and writes the `run_record`. What an earlier run read is
in the `cache` and its `shards`; `read_corpus` reads the rest through the `executor`.
"""
