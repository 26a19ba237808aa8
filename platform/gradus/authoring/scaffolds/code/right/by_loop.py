"""The same with a loop."""


def mean_absolute_error(predictions, targets):
    total = 0.0
    for p, t in zip(predictions.ravel(), targets.ravel()):
        total += abs(float(p) - float(t))
    return total / predictions.size
