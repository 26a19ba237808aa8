"""The roster of a course: a file read, compared with who is there, and applied."""
