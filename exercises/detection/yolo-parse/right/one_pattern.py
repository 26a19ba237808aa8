"""One regular expression for a whole row."""

import re
from collections import namedtuple

Box = namedtuple("Box", "label x y w h")
NUMBER = r"([0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?)"
ROW = re.compile(r"[ \t]*([0-9]+)" + 4 * (r"[ \t]+" + NUMBER) + r"[ \t]*")


def parse_yolo(text, num_classes):
    if text[:1] == "\ufeff":
        text = text[1:]
    found = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
        if line.strip(" \t") == "":
            continue
        match = ROW.fullmatch(line)
        try:
            if match is None:
                raise ValueError("not five numbers")
            box = Box(int(match[1]), *map(float, match.groups()[1:]))
            inside = all(0 <= value <= 1 for value in box[1:]) and box.w > 0 and box.h > 0
            if not inside or box.label >= num_classes:
                raise ValueError("out of range")
        except ValueError as error:
            raise ValueError(f"Line {number + 1} is bad: {error}") from None
        found.append(box)
    return found
