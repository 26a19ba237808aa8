"""One stack of layers, without a forward of its own."""

from torch import nn


class LeNet5(nn.Sequential):
    def __init__(self):
        super().__init__(
            *(nn.Conv2d(1, 6, kernel_size=5), nn.Tanh(), nn.AvgPool2d(2)),
            *(nn.Conv2d(6, 16, kernel_size=5), nn.Tanh(), nn.AvgPool2d(2)),
            nn.Flatten(),
            *(nn.Linear(16 * 5 * 5, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh()),
            nn.Linear(84, 10),
        )
