"""Makes weights.py: trains the backbone on pictures of four shapes. Not needed for the exercise.

python pretrain.py, with torch and numpy; about a minute on one core. Same versions, same weights.
"""

import base64
import sys
import textwrap
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

ROUNDS, BATCH = 1200, 64


def main():
    torch.set_num_threads(1)
    path = Path(__file__).with_name("weights.py")
    if not path.exists():
        path.write_text('FLOAT32, BATCHES = "", 0\n', encoding="utf-8")
    import backbone
    import shapes

    rng = np.random.default_rng(2024)
    model = backbone.new_backbone(2024)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for step in range(ROUNDS):
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - step / ROUNDS)
        x, y = shapes.pictures(shapes.KINDS, BATCH, rng)
        loss = F.cross_entropy(model(torch.tensor(x, dtype=torch.float32)), torch.tensor(y))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    x, y = shapes.pictures(shapes.KINDS, 2000, rng)
    right = model(torch.tensor(x, dtype=torch.float32)).argmax(dim=1) == torch.tensor(y)
    sys.stdout.write(f"{right.float().mean().item():.4f} of 2000 new pictures are right\n")
    values = [v.flatten() for v in model.state_dict().values() if v.is_floating_point()]
    text = base64.b64encode(torch.cat(values).detach().numpy().astype("<f4").tobytes()).decode()
    lines = "\n".join(textwrap.wrap(text, 99))
    head = '"""Made by pretrain.py: every float of the state dict in order, little-endian."""\n'
    body = f'{head}\nBATCHES = {ROUNDS}\nFLOAT32 = """\n{lines}\n"""\n'
    path.write_text(body, encoding="utf-8")


if __name__ == "__main__":
    main()
