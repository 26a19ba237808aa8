def similarity(r1, r2, image_size, weights):
    """Return the weighted sum of the four terms, a float."""
    width, height = image_size
    terms = [0.0, 0.0, 0.0, 0.0]  # colour, texture, size, fill
    return sum(weight * term for weight, term in zip(weights, terms))


def merge(r1, r2):
    """Return the region that both make together: a new dict with the same keys."""
    return {
        "size": 0,
        "bbox": (0, 0, 0, 0),
        "colour": r1["colour"] * 0,
        "texture": r1["texture"] * 0,
    }
