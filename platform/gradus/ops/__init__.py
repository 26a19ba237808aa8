"""Health, demo, smoke test and the supervisor."""
