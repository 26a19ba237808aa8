"""Pages: what a person sees in a browser. Knows every app below; no app below knows it."""
