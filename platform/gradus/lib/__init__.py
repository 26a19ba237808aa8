"""Small modules without state of their own, one topic each."""
