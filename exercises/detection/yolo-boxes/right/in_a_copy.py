"""Slices of a copy, changed in place."""


def to_pixels(rows, W, H, clip):
    out = rows.copy()
    out[:, 1:3] -= rows[:, 3:] / 2
    out[:, 3:] += out[:, 1:3]
    out[:, 1::2] *= W
    out[:, 2::2] *= H
    if clip:
        out[:, 1::2] = out[:, 1::2].clip(0, W)
        out[:, 2::2] = out[:, 2::2].clip(0, H)
    return out


def from_pixels(rows, W, H):
    out = rows.copy()
    out[:, 1::2] /= W
    out[:, 2::2] /= H
    out[:, 3:] -= out[:, 1:3]
    out[:, 1:3] += out[:, 3:] / 2
    return out


def to_coco(rows, W, H):
    out = to_pixels(rows, W, H, False)
    out[:, 3:] -= out[:, 1:3]
    return out
