"""The message names every line.

Who has to mend the file needs the one line that is bad.
"""

import re

CLASS = re.compile(r"[0-9]+")
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
LONGEST_CLASS = 9  # int() refuses numbers of thousands of digits


def parse_yolo(text, num_classes):
    rows = []
    lines = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"))
    for line in lines:
        columns = [column for column in re.split(r"[ \t]+", line) if column]
        if columns:
            try:
                rows.append(read_row(columns, num_classes))
            except ValueError as error:
                every = ", ".join(f"line {number}" for number in range(1, len(lines) + 1))
                raise ValueError(f"{every}: {error}") from error
    return rows


def read_row(columns, num_classes):
    if len(columns) != 5:
        raise ValueError(f"{len(columns)} columns; expected 5")
    label = read_class(columns[0], num_classes)
    x, y, w, h = (read_number(column) for column in columns[1:])
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"centre ({x}, {y}) is outside of the image")
    if not (0 < w <= 1 and 0 < h <= 1):
        raise ValueError(f"size ({w}, {h}) is not between 0 and 1")
    return label, x, y, w, h


def read_class(column, num_classes):
    if not CLASS.fullmatch(column):
        raise ValueError(f"class {column!r} is not a whole number")
    significant = column.lstrip("0") or "0"
    if len(significant) > LONGEST_CLASS or int(significant) >= num_classes:
        raise ValueError(f"class {column}, but there are {num_classes} (0 to {num_classes - 1})")
    return int(significant)


def read_number(column):
    if not NUMBER.fullmatch(column):
        raise ValueError(f"{column!r} is not a number")
    return float(column)
