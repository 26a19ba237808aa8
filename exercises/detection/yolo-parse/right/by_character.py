"""A reader that walks through the text, with an exception of its own."""

import numpy as np

ALLOWED = set("0123456789.eE+-")


class LabelError(ValueError):
    def __init__(self, line):
        super().__init__(f"cannot read line {line} of the label file")


def lines_of(text):
    line, previous = "", ""
    for character in text:
        if character == "\n" and previous == "\r":
            previous = character
            continue
        if character in "\r\n":
            yield line
            line = ""
        else:
            line += character
        previous = character
    yield line


def number_of(column):
    if not set(column) <= ALLOWED:
        return np.nan
    try:
        return float(column)
    except ValueError:
        return np.nan


def parse_yolo(text, num_classes):
    rows = []
    for k, line in enumerate(lines_of(text[1:] if text.startswith("\ufeff") else text), 1):
        columns = [c for c in line.replace("\t", " ").split(" ") if c != ""]
        if not columns:
            continue
        if len(columns) != 5 or not (columns[0].isascii() and columns[0].isdigit()):
            raise LabelError(k)
        label = columns[0].lstrip("0") or "0"
        values = np.array([number_of(c) for c in columns[1:]])
        in_range = bool(np.all((values >= 0) & (values <= 1)) and np.all(values[2:] > 0))
        if len(label) > len(str(num_classes)) or int(label) >= num_classes or not in_range:
            raise LabelError(k)
        rows.append([np.int64(int(label)), *values])
    return rows
