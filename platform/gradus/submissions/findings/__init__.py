"""What went wrong in each graded submission, in narrow rows, so that statistics read no bodies."""
