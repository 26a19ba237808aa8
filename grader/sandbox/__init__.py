"""Sandboxes: shells, sessions, limits and what this host guarantees."""
