"""Plain numbers and lists, a class at a time; the kept boxes of all classes sorted at the end."""

import torch


def overlap(a, b):
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    common = max(width, 0.0) * max(height, 0.0)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common
    return common / union if union > 0 else 0.0


def batched_nms(boxes, scores, cls, thr):
    corners, points, kinds = boxes.tolist(), scores.tolist(), cls.tolist()
    kept = {}
    for i in sorted(range(len(points)), key=lambda i: (-points[i], i)):
        own = kept.setdefault(kinds[i], [])
        if all(overlap(corners[i], corners[j]) <= thr for j in own):
            own.append(i)
    chosen = sorted((i for own in kept.values() for i in own), key=lambda i: (-points[i], i))
    return torch.tensor(chosen, dtype=torch.int64, device=boxes.device)
