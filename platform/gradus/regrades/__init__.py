"""Grade submissions again, see what that would change, then apply it or not."""
