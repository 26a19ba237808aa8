"""Terms full of people and graded work, to try things on. Each verdict in them is a real one."""
