"""Double precision, samples as columns, sigmoids by tanh; an object that is called."""

import torch


class LSTM:
    def __init__(self, precision):
        self.precision = precision

    @staticmethod
    def gate(a):
        return 0.5 + 0.5 * torch.tanh(0.5 * a)

    def __call__(self, *arrays):
        x, h, c, W, U, b, d = (array.to(self.precision) for array in arrays)
        H = h.size(1)
        h, c, bias = h.T, c.T, (b + d).unsqueeze(1)
        from_x = torch.einsum("gd,tnd->tgn", W, x) + bias
        states = []
        for t in range(len(x)):
            a = torch.addmm(from_x[t], U, h)  # (4H, N)
            i, f, g, o = a[:H], a[H : 2 * H], a[2 * H : 3 * H], a[3 * H :]
            c = self.gate(i) * g.tanh() + self.gate(f) * c
            h = self.gate(o) * c.tanh()
            states.append(h.T.to(arrays[0].dtype))
        return [torch.stack(states), states[-1].clone(), c.T.to(arrays[0].dtype)]


lstm = LSTM(torch.float64)
