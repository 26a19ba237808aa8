"""Exercises by hand: an author's numbers, steps and mistakes; drawing, tolerances, marking."""
