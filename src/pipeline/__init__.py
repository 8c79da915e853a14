"""wenshu 文数: numbers out of Chinese prose, as open data.

A page flows through the packages in this order: texts, numbers, relations, statistics,
tables, gate, decisions, releases, report, site. `night` orders them, `commands` calls them.
"""

__version__ = "0.1.0"
