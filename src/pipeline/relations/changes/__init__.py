"""Changes: by how much a figure rose or fell, in its own unit, in percent, in points or in times.

`levels` and `distant_levels` give the pairs of figures that a change may compare, `comparisons` computes what
each pair comes to. Begin with `change_search`, which chooses the pair.
"""
