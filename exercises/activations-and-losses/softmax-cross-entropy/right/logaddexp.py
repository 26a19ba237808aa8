"""log-sum-exp by numpy's own reduction; gradient from a one-hot matrix, in Fortran order."""

from collections import namedtuple

import numpy as np

Result = namedtuple("Result", ["loss", "dlogits"])


class SoftmaxCE:
    def __call__(self, logits, y):
        N, C = logits.shape
        log_p = logits - np.logaddexp.reduce(logits, axis=1)[:, None]  # (N, C)
        one_hot = np.eye(C)[y]
        loss = -np.vdot(one_hot, log_p) / N
        return Result(np.float64(loss), np.asfortranarray((np.exp(log_p) - one_hot) / N))


softmax_ce = SoftmaxCE()
