"""Shares: one figure over another, stated as a percentage, an average, a ratio or in another unit.

`composition` takes percentages that come to 100%, `averages` figures per head, per area or per day.
Begin with `share_search`, which finds the part and the whole of a percentage.
"""
