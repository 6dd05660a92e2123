"""Makes a model of images of 2 x 2 pixels whose every value is known."""
import json
import math

import made_files

NAMES = ["cat", "dog", "a cow"]
SHARES = [1 / 6, 2 / 6, 3 / 6]
"""of the classes in the density without a class"""
STRENGTH = 3.0
NET = """\
input = [1, 2, 2]
classes = 3
layer = [{type = "flatten"}, {type = "linear", out_features = 3}, {type = "class_logits"}]
"""
TILTED_MEAN = 1 / math.tanh(STRENGTH) - 1 / STRENGTH
"""of a number from -1 to 1 with a density as exp(STRENGTH*x)"""
LOG_Z = math.log(2 * math.sinh(STRENGTH) / STRENGTH) + 3 * math.log(2)
"""of a class over the box, without its share"""


def conditional(names: list[str] | None = None) -> bytes:
    """E(x, y) = -(STRENGTH*x[y] + ln SHARES[y]) in the box from -1 to 1, at T = 1: pixel y is bright
    in class y."""
    rows = [[STRENGTH if pixel == k else 0.0 for pixel in range(4)] for k in range(3)]
    return made_files.safetensors(
        {"format": "pt", "architecture": NET, "data": "npy:nowhere.npy",
         "sampler": "n_steps = 100\nstep_size = 0.1\nnoise_scale = 0.4472136\nbox = [-1.0, 1.0]\n",
         "class_names": json.dumps(NAMES if names is None else names)},
        {"1.weight": ("F32", [3, 4], made_files.floats(sum(rows, []))),
         "1.bias": ("F32", [3], made_files.floats([math.log(share) for share in SHARES]))})


def energy(pixels: list[float], label: int) -> float:
    """E(x, y)."""
    return -(STRENGTH * pixels[label] + math.log(SHARES[label]))
