"""Everything from the margins z_ij - z_iy: ln p_iy = -ln of the sum of exp(margin)."""

import numpy as np


def softmax_ce(logits, y):
    margins = logits - np.take_along_axis(logits, y[:, None], axis=1)  # (N, C), 0 at the label
    top = np.maximum(margins.max(axis=1), 0.0)
    scaled = np.exp(margins.T - top)  # (C, N)
    total = scaled.sum(axis=0)
    dlogits = scaled / total
    dlogits[y, np.arange(len(y))] -= 1
    return np.array((top + np.log(total)).mean()), dlogits.T / len(y)
