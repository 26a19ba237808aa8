"""Sandboxes in containers of the Docker engine."""
