"""Decisions of the data officers: read from decisions/, applied while they are right and no longer.

A decision names its target and says, in `expect`, what the target's row was like when it
was decided. It is applied while that holds. Where the row says something else by now,
where the target is gone or the decision has expired, it is not applied but reported as
stale, so that nobody goes on correcting a source that has long been mended.

    loading             the files of decisions/
    active              the decisions that can apply today
    apply_corrections   correct and drop: before anything is derived from what they are about
    mark_rows           marks the rows that decisions touched, and finds the stale ones; changes no figure
    apply_waivers       accept: sets aside what the gate found
    writing             decisions added, changed and withdrawn in their files
"""
