"""The catalog that data officers edit, as values: indicators, datasets, holidays, regions and concepts.

Begin with `loading.load_catalog`, which reads and checks a catalog folder. `entries` has the values that it
returns, and `indicator_entries` what an indicator's file may leave out.
"""
