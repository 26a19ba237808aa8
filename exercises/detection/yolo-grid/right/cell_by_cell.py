"""Plain Python over cells and anchors; callables that are no functions."""

import math
from functools import partial

import numpy as np


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def encode(rows, S, C, *, score):
    target = np.zeros((S, S, 5 + C))
    for label, *box in rows.tolist():
        x, y, w, h = box
        j, i = (S - 1 if part >= 1 else math.floor(part * S) for part in (x, y))
        _, _, old_w, old_h, *_ = target[i, j]
        if old_w * old_h < w * h:
            named = [0.0] * C
            named[int(label)] = 1.0
            target[i, j] = [x * S - j, y * S - i, w, h, score, *named]
    return target


class Decoder:
    def __call__(self, t, anchors, stride):
        return np.array(
            [row for a in range(len(t)) for row in self.boxes(t[a], anchors[a], stride)]
        )

    def boxes(self, t, anchor, stride):
        S = t.shape[1]
        for i in range(S):
            for j in range(S):
                tx, ty, tw, th, sure, *logits = t[:, i, j].tolist()
                best = max(range(len(logits)), key=logits.__getitem__)
                yield [
                    (sigmoid(tx) + j) * stride,
                    (sigmoid(ty) + i) * stride,
                    float(anchor[0]) * math.exp(tw),
                    float(anchor[1]) * math.exp(th),
                    sigmoid(sure) * sigmoid(logits[best]),
                    float(best),
                ]


encode_v1 = partial(encode, score=1.0)
decode_v3 = Decoder()
