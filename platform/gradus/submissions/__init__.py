"""Submissions, jobs and verdicts."""
