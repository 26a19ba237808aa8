"""Checks for yolo-parse: small files first; each refusal is a file with one thing wrong."""

from grader.authoring import check, equal, raises, require

GOOD = "0 0.5 0.5 0.25 0.5"
NO_CLASS = ("1.0", "+1", "1e0", "x", "0x1", "\u0661")
NO_NUMBER = ("nan", "NaN", "inf", "half", "0,5", "0_1", "\u0661")


def fraction(draw, low=0.001, high=0.999):
    """Return a number in (0, 1) as a label tool writes it, with six decimals."""
    return f"{draw.uniform(low=low, high=high):.6f}"


def row(draw, num_classes):
    """Return a row whose box stays inside of the image."""
    centre = [fraction(draw, 0.3, 0.7) for _ in range(2)]
    size = [fraction(draw, 0.001, 0.6) for _ in range(2)]
    return " ".join([str(int(draw.integers(0, num_classes))), *centre, *size])


def compare(student, reference, text, num_classes):
    equal(student.parse_yolo(text, num_classes), reference.parse_yolo(text, num_classes))


class refused(raises):
    """The bad line is named, and no other one: a message that names all of them tells nothing."""

    def __init__(self, line):
        # fewer than ten lines everywhere: "line 1" is never a part of "line 12"
        super().__init__(ValueError, f"line {line}")
        self.others = [f"line {k}" for k in range(10) if k != line]

    def __exit__(self, kind, error, trace):
        done = super().__exit__(kind, error, trace)
        also = [other for other in self.others if done and other in error.message.casefold()]
        named = f"The message names {', '.join(also)} too"
        require(not also, f"{named}; expected {self.texts[0]} alone.")
        return done


def refuse(student, text, num_classes, line):
    with refused(line):
        student.parse_yolo(text, num_classes)


def refuse_row(student, draw, bad, num_classes):
    """Put one bad row behind some good ones."""
    before = [row(draw, num_classes) for _ in range(int(draw.integers(0, 4)))]
    refuse(student, "\n".join([*before, bad, GOOD]), num_classes, len(before) + 1)


@check("Rows come back as numbers, in the order of the file", points=3, visible=True)
def rows_in_order(student, reference, draw):
    compare(student, reference, row(draw, 3) + "\n", 3)
    lines = [row(draw, 5) for _ in range(4)]
    compare(student, reference, "\n".join([*lines, lines[1], ""]), 5)


@check("A bad line is refused by its number", points=2, visible=True)
def bad_line(student, reference, draw):
    refuse(student, "0 0.5 0.5 0.25\n", 2, 1)
    refuse(student, f"{row(draw, 2)}\n{row(draw, 2)}\nperson 0.5 0.5 0.25 0.5\n", 2, 3)


@check("Line ends, tabs, blanks and a byte order mark make no difference", points=3)
def layout(student, reference, draw):
    lines = [row(draw, 4) for _ in range(3)]
    compare(student, reference, lines[0], 4)
    compare(student, reference, "\n".join(lines), 4)
    compare(student, reference, "\r\n".join([*lines, ""]), 4)
    compare(student, reference, "\r".join(lines), 4)
    compare(student, reference, f"{lines[0]}\r\n{lines[1]}\n{lines[2]}\r", 4)
    compare(student, reference, "\n".join(lines).replace(" ", "\t") + "\n", 4)
    compare(student, reference, "\n".join(lines).replace(" ", "  ") + "\n", 4)
    compare(student, reference, f" {lines[0]} \n\t{lines[1]}\t \n", 4)
    compare(student, reference, "\ufeff" + "\n".join(lines), 4)


@check("Blank lines are skipped but counted", points=2)
def blank_lines(student, reference, draw):
    compare(student, reference, "", 1)
    compare(student, reference, "\n", 1)
    compare(student, reference, f"\n{row(draw, 2)}\n \t\n\n{row(draw, 2)}\n\n", 2)
    compare(student, reference, " \r\n\r\n", 2)
    refuse(student, f"\n\n{row(draw, 2)}\n\n0 0.5 0.5 0.5", 2, 5)
    refuse(student, f"{row(draw, 2)}\r\n\r\n0 0.5 0.5 0.5\r\n", 2, 3)


@check("The limits of each range and each form of a number are read", points=2)
def limits(student, reference, draw):
    compare(student, reference, "0 0 0 1 1", 1)
    compare(student, reference, "2 1 1.0 1e-1 .5", 3)
    compare(student, reference, f"1 0.9 0.1 0.5 {fraction(draw)}", 2)
    compare(student, reference, "11 5E-1 0.0000001 1e-9 1.000", 12)


@check("A class that does not exist is refused", points=2)
def classes(student, reference, draw):
    n = int(draw.integers(2, 6))
    for bad in (
        str(n + 1),
        str(n),
        "-1",
        "1.0",
        "+1",
        "1e0",
        "x",
        "0x1",
        "1_0",
        "\u0661",
        "9" * 5000,
    ):
        refuse_row(student, draw, f"{bad} 0.5 0.5 0.25 0.5", n if bad != "1_0" else 20)


@check("Too few and too many columns are refused", points=1)
def columns(student, reference, draw):
    for bad in ("0", "0 0.5", "0 0.5 0.5 0.25", GOOD + " 0.9", GOOD + " # note"):
        refuse_row(student, draw, bad, 2)


@check("A value that is no fraction of the image is refused", points=2)
def values(student, reference, draw):
    for bad in (
        "1.000001",
        "320",
        "-0.1",
        "nan",
        "NaN",
        "inf",
        "1e400",
        "half",
        "0,5",
        "0_1",
        "\u0661",
    ):
        for place in range(4):
            numbers = ["0.5", "0.5", "0.25", "0.5"]
            numbers[place] = bad
            refuse_row(student, draw, " ".join(["0", *numbers]), 2)
    for bad in ("0", "0.0", "-0.25"):
        refuse_row(student, draw, f"0 0.5 0.5 {bad} 0.5", 2)
        refuse_row(student, draw, f"0 0.5 0.5 0.25 {bad}", 2)


@check("Only what the format names separates", points=1)
def separators(student, reference, draw):
    for bad in ("\u00a0", "\u2003", "\f", ";", ","):
        refuse_row(student, draw, GOOD.replace(" ", bad), 2)
        refuse_row(student, draw, GOOD + bad, 2)
    for end in ("\u2028", "\x0b", "\x85"):
        refuse(student, f"{row(draw, 2)}\n{GOOD}{end}{GOOD}", 2, 2)


@check("Of several bad lines the first one is named", points=2)
def first_of_several(student, reference, draw):
    good = [row(draw, 2) for _ in range(3)]
    refuse(student, "\n".join([good[0], "0 0.5 0.5 0.25 0", good[1], "9 0.5 0.5 0.5 0.5"]), 2, 2)
    refuse(student, "\n".join([good[0], good[1], "", "0 0.5", "0 0.5 0.5 2 2", good[2]]), 2, 4)
