"""The smoke test: grade one right and one wrong submission of each exercise over HTTP."""
