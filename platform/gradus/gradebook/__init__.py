"""Grade events and the points that follow from them."""
