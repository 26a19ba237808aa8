"""The rows make a detour over the memory of the CPU.

The copy there and back takes longer than the softmax. Where do the numbers lie when they come in?
"""

import torch


def softmax_rows(x):
    z = x.cpu().float()
    e = torch.exp(z - z.amax(1, keepdim=True))
    return (e / e.sum(1, keepdim=True)).to(device=x.device, dtype=x.dtype)
