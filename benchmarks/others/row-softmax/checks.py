from grader.authoring import check, close, tensor


@check("Small numbers", points=1, visible=True)
def small(student, reference, draw):
    x = tensor(draw.normal(4, 7), dtype="float64")
    close(student.softmax(x), reference.softmax(x))


@check("Large numbers", points=1)
def large(student, reference, draw):
    x = tensor(1000 * draw.normal(4, 7), dtype="float64")
    close(student.softmax(x), reference.softmax(x))


@check("One column", points=1)
def one_column(student, reference, draw):
    x = tensor(draw.normal(3, 1), dtype="float64")
    close(student.softmax(x), reference.softmax(x))
