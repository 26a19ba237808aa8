"""What Gradus costs beside what a user would pick instead; never run by the tests."""
