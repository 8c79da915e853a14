"""The officer's morning: what a night did, what it doubts and why, with the sentence before their eyes.

night = gather.gather(record)   from the run's record to plain values
page.render(night)              the report, one self-contained HTML page
output.files(night)             that, report.json, and the source view's pages, by path
"""
