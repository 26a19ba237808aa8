"""The only code that enters a sandbox: isolation, then the student's file."""
