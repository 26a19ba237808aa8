"""Quizzes: items drawn per student, their form without keys of right answers, marking."""
