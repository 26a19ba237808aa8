"""What a student has written and not submitted: one draft per item, and the states before it."""
