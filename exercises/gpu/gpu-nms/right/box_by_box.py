"""Greedy, one kept box after another against all that are left of its class."""

import torch


def batched_nms(boxes, scores, cls, thr):
    left = torch.argsort(-scores, stable=True)
    kept = []
    while left.numel():
        best, left = left[0], left[1:]
        kept.append(best)
        a, others = boxes[best], boxes[left]
        low, high = torch.max(a[:2], others[:, :2]), torch.min(a[2:], others[:, 2:])
        common = torch.relu(high - low).prod(dim=1)
        areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
        union = (a[2] - a[0]) * (a[3] - a[1]) + areas - common
        left = left[(common <= thr * union) | (cls[left] != cls[best])]
    return torch.stack(kept) if kept else torch.empty(0, dtype=torch.int64, device=boxes.device)
