"""Reference: all classes at once, repeated until nothing changes; the baseline goes box by box.

Best first, a box is kept if no kept box before it suppresses it. Starting from "all are kept", each
round settles at least one more link of the longest chain, so the rounds end with that answer.
"""

import numpy as np
import torch


def batched_nms(boxes, scores, cls, thr):
    order = torch.argsort(scores, descending=True, stable=True)
    _, kind, sizes = cls[order].unique(return_inverse=True, return_counts=True)
    grouped = torch.argsort(kind, stable=True)  # class by class, best first
    start = sizes.cumsum(0) - sizes
    rank = torch.arange(len(order), device=boxes.device) - start[kind[grouped]]
    longest = int(sizes.max()) if len(order) else 0
    table = boxes.new_zeros(
        len(sizes), longest, 4
    )  # empty places suppress nothing: their area is 0
    table[kind[grouped], rank] = boxes[order[grouped]]
    hits = (overlaps(table) > thr).triu(1)  # (classes, longest, longest): a row hits columns
    keep, before = torch.ones_like(table[..., 0], dtype=torch.bool), None
    while before is None or not torch.equal(keep, before):
        keep, before = ~(hits & keep[:, :, None]).any(1), keep
    kept = torch.zeros_like(order, dtype=torch.bool)
    kept[grouped] = keep[kind[grouped], rank]
    return order[kept]


def overlaps(table):
    """Return the IoU of all pairs of boxes in each row of the table; 0 where the union is empty."""
    low = torch.maximum(table[:, :, None, :2], table[:, None, :, :2])
    high = torch.minimum(table[:, :, None, 2:], table[:, None, :, 2:])
    common = (high - low).clamp(min=0).prod(-1)
    area = (table[..., 2:] - table[..., :2]).prod(-1)
    union = area[:, :, None] + area[:, None, :] - common
    return torch.where(union > 0, common / union, 0.0)


def on_the_cpu(boxes, scores, cls, thr):
    """Go through the kept boxes of each class, best first, with numpy."""
    corners, points, kinds = (t.cpu().numpy() for t in (boxes, scores, cls))
    kept = np.zeros(len(points), dtype=bool)
    for kind in np.unique(kinds):
        members = np.flatnonzero(kinds == kind)
        left = members[np.argsort(-points[members], kind="stable")]
        while len(left):
            best, left = left[0], left[1:]
            kept[best] = True
            low = np.maximum(corners[best, :2], corners[left, :2])
            high = np.minimum(corners[best, 2:], corners[left, 2:])
            common = (high - low).clip(min=0).prod(1)
            area = (corners[left, 2:] - corners[left, :2]).prod(1)
            union = (corners[best, 2:] - corners[best, :2]).prod() + area - common
            left = left[common <= thr * union]
    order = np.argsort(-points, kind="stable")
    return torch.from_numpy(order[kept[order]]).to(boxes.device)
