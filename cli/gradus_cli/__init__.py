"""The `gradus` command: exercises from a terminal, over the HTTP API of an installation."""
