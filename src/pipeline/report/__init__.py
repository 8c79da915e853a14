"""The officer's morning: what a night did, what it doubts and why, with the sentence before their eyes.

night = gather(record)      from the run's record to plain values
render(night)               the report, one self-contained HTML page
files(night)                that, report.json, and the source view's pages, by path
"""

from pipeline.report.gather import Record, gather
from pipeline.report.night import Night
from pipeline.report.output import files, to_json
from pipeline.report.page import render

__all__ = ["Night", "Record", "files", "gather", "render", "to_json"]
