"""Exercises and their versions, as this site knows them."""
