"""A night: one run from raw/ to a release, or to the reasons why there is none.

`run_night` runs the `stages` in order, each from one value of `stage_results` to the next, and writes the
`run_record`. What an earlier night read is in cache/; `read_corpus` has the rest read by the `reader`, in the
processes of executors/. What a run tells people is in messages/.
"""
