def parse_yolo(text, num_classes):
    """Return a list of (class, x, y, w, h), or raise ValueError naming "line K"."""
    rows = []
    for line in text.split("\n"):
        ...
    return rows
