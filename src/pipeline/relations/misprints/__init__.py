"""Misprints: figures that one slip of the hand keeps from an equation which the text states.

`slip_candidates` proposes what a figure was meant to be, by the slips that `digit_slips` defines. Begin with
`misprint_search`, which puts the proposed value in its place and runs all finders again.
"""
