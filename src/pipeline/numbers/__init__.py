"""Numbers: every numeral of a flow, with its value, unit, bounds, kind and subject."""
