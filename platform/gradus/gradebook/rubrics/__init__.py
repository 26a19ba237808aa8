"""The part of an item that people mark: rubrics, marks, and when students are told."""
