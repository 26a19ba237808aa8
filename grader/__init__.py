"""The engine of Gradus: marks submissions in sandboxes. Knows neither Django nor the platform."""
