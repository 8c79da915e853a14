"""Texts: from files of any kind to flows, with the way back to every character."""
