"""The officer's morning report: what a run did, what is in doubt and why, with the sentence beside it.

report = collect.collect(given)    from the results of a run to plain values
page.ReportPage(report)            the page, self-contained HTML
output.files(report)               the page, report.json, and a page for each document, by path
"""
