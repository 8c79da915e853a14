"""wenshu 文数: numbers out of Chinese prose, as open data.

A page flows through the modules in this order: source, layout, grammar, extract,
subjects, relations, catalog, indicators, tables, gate, release, report.
"""

__version__ = "0.1.0"
