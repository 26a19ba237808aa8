"""Exercise folders as frozen data. Nothing here executes what an author or a student wrote."""
