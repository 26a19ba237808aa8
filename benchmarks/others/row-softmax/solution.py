import torch


def softmax(x):
    shifted = torch.exp(x - x.max(dim=1, keepdim=True).values)
    return shifted / shifted.sum(dim=1, keepdim=True)
