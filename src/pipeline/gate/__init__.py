"""The gate: what the tables of a run must be like before anyone sees them.

`validation` runs the suites of expectations/: Great Expectations evaluates its own over pandas
frames, this project's own are computed from the Arrow tables (`expectation_runner`,
`custom_expectations`). What fails becomes a `Finding` with its severity (`findings`), an issue
for the officer (`issues`), and `holding` takes out the rows that a warning names.
"""
