"""What students ask about a result, and what staff answer."""
