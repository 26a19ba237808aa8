"""One job from request to its last line, with or without a socket in front of it."""
