class EarlyStopping:
    """Tells when to stop training, by the validation loss."""

    def __init__(self, patience, min_delta):
        self.best_epoch = None

    def update(self, epoch, val):
        """Take in the validation loss of one epoch; return True when training should stop."""
        return False


def diagnose(train, val):
    """Return the verdict on two curves of losses, and the index since when it holds."""
    return "good", 0
