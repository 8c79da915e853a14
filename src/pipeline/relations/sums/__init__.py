"""Sums: totals with their parts, and what is left of one figure without another.

Each structure has its module; `evidence` says whether a list of parts is believed. Begin with `sum_search`:
it finds the parts that stand beside their total, and asks `totals` and `closed_lists` for the others.
"""
