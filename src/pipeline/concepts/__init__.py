"""The concept list: which statistical concept a subject names, and what its modifiers say."""
