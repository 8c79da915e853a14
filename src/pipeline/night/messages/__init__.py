"""What a run tells people and programs: its summary, mails and metrics; its log and progress while it runs.

Begin with `summary`, from which most others take their words. The record of a run, runs/RUN/, is written
by `night.run_record`.
"""
