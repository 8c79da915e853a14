"""When a figure holds: how times are written, what each means, and which one governs a figure.

Begin with `resolver.PeriodResolver`, which gives a figure its period. `time_expressions` finds the times of
a sentence, `time_rules` says what they mean, and `period` writes the result as SDMX does.
"""
