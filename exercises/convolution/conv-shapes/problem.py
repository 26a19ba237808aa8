"""Sides, parameters and receptive fields along a chain of layers, and of five known networks.

Everything is a whole number. Images are square; a convolution has one bias for each filter.
"""

from grader.authoring import mistake, step


def draw(rng):
    return {
        "side": rng.integers(36, 65), "c0": rng.choice([1, 3]),  # 5 or more after the pooling
        "f1": 6 * rng.integers(1, 4), "k1": rng.choice([3, 5, 7]), "s1": rng.choice([1, 2]),
        "p1": rng.integers(1, 3),
        "pool": rng.choice([2, 3]),
        "f2": rng.integers(8, 33), "k2": rng.choice([3, 5]), "s2": rng.choice([1, 2]),
        "p2": rng.integers(1, 3),
        "units": rng.integers(5, 21),
        "lenet_side": 4 * rng.integers(9, 17),
        "alex_side": rng.integers(200, 261), "alex_pad": rng.integers(0, 4),
        "vgg_layers": rng.integers(2, 6), "vgg_width": 16 * rng.integers(2, 17),
        "resnet_side": rng.integers(100, 301),
        "mobile_in": 8 * rng.integers(2, 17), "mobile_out": 8 * rng.integers(2, 17),
    }  # fmt: skip


def places(side, k, s=1, p=0):
    """How often a window of side k fits into a padded image of this side."""
    return (side + 2 * p - k) // s + 1


def rounded_up(side, k, s=1, p=0):
    return -(-(side + 2 * p - k) // s) + 1


def padded_once(side, k, s=1, p=0):
    return (side + p - k) // s + 1


def without_one(side, k, s=1, p=0):
    return (side + 2 * p - k) // s


def unmoved(side, k, s=1, p=0):
    """As if every window moved by one."""
    return side + 2 * p - k + 1


def params(filters, channels, k, bias=1):
    return filters * (channels * k**2 + bias)


def lenet(side, places):
    """The side after 5x5, pool 2, 5x5, pool 2."""
    for k, s in ((5, 1), (2, 2), (5, 1), (2, 2)):
        side = places(side, k, s)
    return side


def sides(places):
    """The formulas of all steps that ask where a window fits."""
    return {
        "conv1_side": lambda n, a: places(n.side, n.k1, n.s1, n.p1),
        "pool_side": lambda n, a: places(a.conv1_side, n.pool, n.pool),
        "conv2_side": lambda n, a: places(a.pool_side, n.k2, n.s2, n.p2),
        "alexnet_outputs": lambda n, a: 96 * places(n.alex_side, 11, 4, n.alex_pad) ** 2,
        "resnet_side": lambda n, a: places(places(n.resnet_side, 7, 2, 3), 3, 2, 1),
    }


def weights(params):
    """The formulas of all steps that count the parameters of a convolution."""
    return {
        "conv1_params": lambda n, a: params(n.f1, n.c0, n.k1),
        "conv2_params": lambda n, a: params(n.f2, a.pool_channels, n.k2),
        "vgg_params": lambda n, a: n.vgg_layers * params(n.vgg_width, n.vgg_width, 3),
    }


right = {**sides(places), **weights(params)}
CHAIN, KNOWN = "Your network", "Known networks"

steps = [
    step("conv1_side", right["conv1_side"], label="Side after convolution 1",
         latex=r"n_1", integer=True, section=CHAIN),
    step("conv1_params", right["conv1_params"], label="Parameters of convolution 1",
         integer=True, section=CHAIN),
    step("pool_side", right["pool_side"], label="Side after the pooling",
         latex=r"n_2", integer=True, section=CHAIN),
    step("pool_channels", lambda n, a: n.f1, label="Channels after the pooling",
         points=0.5, integer=True, section=CHAIN),
    step("conv2_side", right["conv2_side"], label="Side after convolution 2",
         latex=r"n_3", integer=True, section=CHAIN),
    step("conv2_params", right["conv2_params"], label="Parameters of convolution 2",
         integer=True, section=CHAIN),
    step("pool_field", lambda n, a: n.k1 + (n.pool - 1) * n.s1,
         label="Receptive field after the pooling", latex=r"r_2", integer=True, section=CHAIN),
    step("conv2_field", lambda n, a: a.pool_field + (n.k2 - 1) * n.s1 * n.pool,
         label="Receptive field after convolution 2", latex=r"r_3", integer=True, section=CHAIN),
    step("flat", lambda n, a: n.f2 * a.conv2_side**2, label="Entries after the flattening",
         integer=True, section=CHAIN),
    step("dense_params", lambda n, a: (a.flat + 1) * n.units,
         label="Parameters of the dense layer", integer=True, section=CHAIN),
    step("lenet_flat", lambda n, a: 16 * lenet(n.lenet_side, places) ** 2,
         label="LeNet-5: entries after the flattening", integer=True, section=KNOWN),
    step("alexnet_outputs", right["alexnet_outputs"],
         label="AlexNet: numbers that leave the first layer", integer=True, section=KNOWN),
    step("vgg_params", right["vgg_params"], label="VGG: parameters of the stack",
         integer=True, section=KNOWN),
    step("vgg_field", lambda n, a: 2 * n.vgg_layers + 1,
         label="VGG: receptive field of the stack", points=0.5, integer=True, section=KNOWN),
    step("resnet_side", right["resnet_side"], label="ResNet: side after the stem",
         integer=True, section=KNOWN),
    step("standard_weights", lambda n, a: 9 * n.mobile_in * n.mobile_out,
         label="MobileNet: weights of the ordinary layer",
         points=0.5, integer=True, section=KNOWN),
    step("separable_weights", lambda n, a: 9 * n.mobile_in + n.mobile_in * n.mobile_out,
         label="MobileNet: weights of the two layers", points=0.5, integer=True, section=KNOWN),
]  # fmt: skip

mistakes = [
    mistake(
        "ceil",
        "The number of places was rounded up.",
        hint="A window that does not fit any more is left out.",
        **sides(rounded_up),
    ),
    mistake(
        "padding_once",
        "The padding was added on one side only.",
        hint="There is a border on the left and one on the right.",
        **sides(padded_once),
    ),
    mistake(
        "plus_one_missing",
        "The first place of the window is not counted.",
        hint="How often does a window fit that is as large as the image?",
        **sides(without_one),
    ),
    mistake(
        "stride_ignored",
        "The window moves by one in place of its stride.",
        hint="By how many cells does the window move from one place to the next?",
        **sides(unmoved),
    ),
    mistake(
        "bias_forgotten",
        "The biases are missing.",
        hint="Each filter, and each unit, adds one number of its own.",
        **weights(lambda filters, channels, k: params(filters, channels, k, bias=0)),
        dense_params=lambda n, a: a.flat * n.units,
    ),
    mistake(
        "one_bias_for_the_layer",
        "One bias was counted for the whole layer.",
        hint="Do two filters share their bias?",
        **weights(lambda filters, channels, k: params(filters, channels, k, bias=0) + 1),
        dense_params=lambda n, a: a.flat * n.units + 1,
    ),
    mistake(
        "channels_forgotten",
        "Each filter was counted for one input channel only.",
        hint="A filter has a window of weights for each channel that it reads.",
        **weights(lambda filters, channels, k: params(filters, 1, k)),
    ),
    mistake(
        "weights_for_each_place",
        "The weights were counted anew for each place of the window.",
        hint="What does a filter do at its next place: use other weights, or the same?",
        conv1_params=lambda n, a: params(n.f1, n.c0, n.k1) * a.conv1_side**2,
        conv2_params=lambda n, a: params(n.f2, a.pool_channels, n.k2) * a.conv2_side**2,
    ),
    mistake(
        "pool_changes_channels",
        "The pooling changed the number of channels.",
        hint="Pooling looks at each channel alone.",
        pool_channels=lambda n, a: n.f1 // n.pool,
    ),
    mistake(
        "field_without_stride",
        "The strides of the layers before are missing in the receptive field.",
        hint="Two neighbouring cells of a layer lie further apart in the image than one cell.",
        pool_field=lambda n, a: n.k1 + n.pool - 1,
        conv2_field=lambda n, a: a.pool_field + n.k2 - 1,
    ),
    mistake(
        "field_with_own_stride",
        "The layer's own stride was counted into its receptive field.",
        hint="How far a window moves says nothing about how much it sees.",
        pool_field=lambda n, a: n.k1 + (n.pool - 1) * n.s1 * n.pool,
        conv2_field=lambda n, a: a.pool_field + (n.k2 - 1) * n.s1 * n.pool * n.s2,
    ),
    mistake(
        "one_channel_flattened",
        "One channel alone was flattened.",
        hint="How many maps leave the last convolution?",
        flat=lambda n, a: a.conv2_side**2,
        lenet_flat=lambda n, a: lenet(n.lenet_side, places) ** 2,
    ),
    mistake(
        "side_not_squared",
        "One row of each map was flattened.",
        hint="A map has rows and columns.",
        flat=lambda n, a: n.f2 * a.conv2_side,
        lenet_flat=lambda n, a: 16 * lenet(n.lenet_side, places),
    ),
    mistake(
        "field_of_one_layer",
        "Three cells were counted for each layer of the stack.",
        hint="The windows of neighbouring cells overlap.",
        vgg_field=lambda n, a: 3 * n.vgg_layers,
    ),
    mistake(
        "stem_without_pooling",
        "The pooling of the stem is missing.",
        hint="The stem is two layers, and both move by two.",
        resnet_side=lambda n, a: places(n.resnet_side, 7, 2, 3),
    ),
    mistake(
        "pointwise_missing",
        "The second of the two layers is missing.",
        hint="Who mixes the channels?",
        separable_weights=lambda n, a: 9 * n.mobile_in,
    ),
]
