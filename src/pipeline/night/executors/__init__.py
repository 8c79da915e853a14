"""Where articles are read: in this process, in others of this machine, or on a Dask cluster.

Begin with `dispatch`, which chooses among them; `processes` is a pool whose processes may die over an
article. The rows are the same wherever they are read.
"""
