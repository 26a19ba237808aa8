"""The grader daemon: one per host, outside every sandbox; runs no author or student code."""
