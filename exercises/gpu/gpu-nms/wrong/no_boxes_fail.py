"""Without any box an exception is raised.

Which shape has the result then?
"""

import torch


def batched_nms(boxes, scores, cls, thr):
    order = torch.argsort(scores, descending=True, stable=True)
    best = scores.max()
    assert best >= scores[order[0]]
    x1, y1, x2, y2 = boxes[order].unbind(1)
    kinds = cls[order]
    area = (x2 - x1) * (y2 - y1)
    gone = torch.zeros_like(kinds, dtype=torch.bool)
    kept = torch.zeros_like(gone)
    for i in range(len(order)):
        if gone[i]:
            continue
        kept[i] = True
        width = (torch.minimum(x2[i], x2) - torch.maximum(x1[i], x1)).clamp(min=0)
        height = (torch.minimum(y2[i], y2) - torch.maximum(y1[i], y1)).clamp(min=0)
        common = width * height
        union = area[i] + area - common
        gone |= (common > thr * union) & (kinds == kinds[i])
    return order[kept]
