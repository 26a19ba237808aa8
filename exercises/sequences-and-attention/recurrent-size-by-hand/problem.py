"""Parameters of RNN, GRU and LSTM layers as torch counts them, memory for their training, a budget.

Everything is a whole number. A layer of g blocks has g (H D + H^2 + 2 H) parameters.
"""

from grader.authoring import mistake, step

RNN, GRU, LSTM = 1, 3, 4  # blocks of rows in the weights


def draw(rng):
    return {
        "D": rng.integers(4, 65), "H": rng.integers(8, 129),
        "T": rng.integers(10, 201), "N": rng.integers(4, 65), "bytes": 4,
        "budget": 1000 * rng.integers(10, 1001),
    }  # fmt: skip


def layer(g, D, H, biases=2, recurrent=True):
    return g * (H * D + recurrent * H**2 + biases * H)


def largest(D, budget, g=LSTM, recurrent=True):
    """The largest H whose layer stays within the budget."""
    fits, too_wide = 0, budget
    while too_wide - fits > 1:
        H = (fits + too_wide) // 2
        if layer(g, D, H, recurrent=recurrent) <= budget:
            fits = H
        else:
            too_wide = H
    return fits


def memory(n, per_number, samples=None):
    return n.T * (n.N if samples is None else samples) * n.H * per_number


ONE, MORE = "One layer", "Two layers, memory and a budget"

steps = [
    step("rnn_params", lambda n, a: layer(RNN, n.D, n.H), label="Parameters of the RNN layer",
         points=1.5, integer=True, section=ONE),
    step("gru_params", lambda n, a: layer(GRU, n.D, n.H), label="Parameters of the GRU layer",
         points=1.5, integer=True, section=ONE),
    step("lstm_params", lambda n, a: layer(LSTM, n.D, n.H), label="Parameters of the LSTM layer",
         points=1.5, integer=True, section=ONE),
    step("lstm2_params", lambda n, a: a.lstm_params + layer(LSTM, n.H, n.H),
         label="Parameters of two LSTM layers", points=2, integer=True, section=MORE),
    step("bptt_bytes", lambda n, a: memory(n, n.bytes), label="Memory for the hidden states",
         points=1.5, integer=True, unit="bytes", section=MORE),
    step("largest_h", lambda n, a: largest(n.D, n.budget), label="Largest width within the budget",
         latex=r"H_{\max}", points=2, integer=True, section=MORE),
]  # fmt: skip


def with_layer(size):
    """The formulas of all layers, with a count of one's own."""
    return {
        "rnn_params": lambda n, a: size(RNN, n.D, n.H),
        "gru_params": lambda n, a: size(GRU, n.D, n.H),
        "lstm_params": lambda n, a: size(LSTM, n.D, n.H),
        "lstm2_params": lambda n, a: a.lstm_params + size(LSTM, n.H, n.H),
    }


mistakes = [
    mistake(
        "one_bias",
        "One vector of biases was counted.",
        hint="There is one beside the input weights and one beside the recurrent weights.",
        **with_layer(lambda g, D, H: layer(g, D, H, biases=1)),
    ),
    mistake(
        "no_bias",
        "The biases are missing.",
        hint="Each block of rows has biases, too.",
        **with_layer(lambda g, D, H: layer(g, D, H, biases=0)),
    ),
    mistake(
        "recurrent_missing",
        "The recurrent weights are missing.",
        hint="What leads from the state before to the next one?",
        **with_layer(lambda g, D, H: layer(g, D, H, recurrent=False)),
        largest_h=lambda n, a: largest(n.D, n.budget, recurrent=False),
    ),
    mistake(
        "three_for_four",
        "Three blocks were counted for the LSTM.",
        hint="Three gates, and what do they act on?",
        lstm_params=lambda n, a: layer(3, n.D, n.H),
        lstm2_params=lambda n, a: a.lstm_params + layer(3, n.H, n.H),
        largest_h=lambda n, a: largest(n.D, n.budget, g=3),
    ),
    mistake(
        "two_for_three",
        "Two blocks were counted for the GRU.",
        hint="Two gates, and what do they act on?",
        gru_params=lambda n, a: layer(2, n.D, n.H),
    ),
    mistake(
        "layer2_input_d",
        "The second layer was given the inputs of the first.",
        hint="What comes out of the first layer at each step, and how wide is it?",
        lstm2_params=lambda n, a: 2 * a.lstm_params,
    ),
    mistake(
        "second_layer_alone",
        "The second layer was counted alone.",
        hint="The question is about both layers together.",
        lstm2_params=lambda n, a: layer(LSTM, n.H, n.H),
    ),
    mistake(
        "bits_for_bytes",
        "Bits were given for bytes.",
        hint="How many bits are there in a byte?",
        bptt_bytes=lambda n, a: memory(n, 8 * n.bytes),
    ),
    mistake(
        "numbers_for_bytes",
        "Numbers were counted, not bytes.",
        hint="How many bytes does one number take?",
        bptt_bytes=lambda n, a: memory(n, 1),
    ),
    mistake(
        "batch_forgotten",
        "The states of one sample alone were counted.",
        hint="Every sample of the batch has states of its own.",
        bptt_bytes=lambda n, a: memory(n, n.bytes, samples=1),
    ),
    mistake(
        "above_the_budget",
        "This width is above the budget.",
        hint="Count the parameters for your answer: are they within the budget?",
        largest_h=lambda n, a: largest(n.D, n.budget) + 1,
    ),
]


def figure(n):
    return {
        "kind": "network",
        "title": "Your layer at one step of time",
        "description": (
            f"The input x has {n.D} numbers, the state h before this step has {n.H}. Through the "
            f"weights W_ih and W_hh both enter the layer, which has g blocks of {n.H} rows: g is 1 "
            f"for an RNN, 3 for a GRU, 4 for an LSTM. The next state has {n.H} numbers, too. There "
            f"are T = {n.T} steps and N = {n.N} samples."
        ),
        "data": {
            "layers": [
                [
                    {"id": "h", "label": "h", "value": n.H},
                    {"id": "x", "label": "x", "value": n.D},
                ],
                [{"id": "g", "label": "g", "value": "blocks"}],
                [{"id": "next", "label": "h′", "value": n.H}],
            ],
            "edges": [
                {"from": "h", "to": "g", "label": "Wₕₕ", "value": n.H},
                {"from": "x", "to": "g", "label": "Wᵢₕ", "value": n.D},
                {"from": "g", "to": "next", "label": "T", "value": n.T},
            ],
            "notes": [
                {"label": "N", "value": n.N},
            ],
        },
    }
