"""What each statistical figure is about: subject, measure, direction, base and the rest of its frame."""
