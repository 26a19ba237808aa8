"""F.conv2d."""

from tests.exercises.oracles.convolutions import conv_cases

cases = conv_cases
MISTAKEN = ("edge_padding",)
