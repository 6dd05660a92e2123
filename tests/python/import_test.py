"""Weights saved by torch and safetensors, imported by `ebm import`, give torch's energies.

Makes modules in torch whose names and layers are those that users write, saves their state_dict in
several types, imports it and compares energies with `ebm score` as far as single precision allows.

    python3 tests/python/import_test.py EBM

Needs torch, safetensors and numpy; without them it exits with 77, which CTest counts as skipped.
"""

import pathlib
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import torch
    from safetensors.torch import save_file
    from torch import nn
    from torch.nn.utils import parametrizations, spectral_norm, weight_norm
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

N_IMAGES, SIZE = 50, 28

NET = """\
layer = [
  {type = "conv2d", out_channels = 8, kernel = 3, stride = 2, padding = 1, spectral_norm = true},
  {type = "leaky_relu", slope = 0.2},
  {type = "residual", body = [
    {type = "conv2d", out_channels = 8, kernel = 3, padding = 1},
    {type = "silu"},
    {type = "conv2d", out_channels = 8, kernel = 3, padding = 1},
  ]},
  {type = "flatten"},
  {type = "linear", out_features = 16},
  {type = "silu"},
  {type = "linear", out_features = 1},
]
"""


NORM_NET = """\
layer = [
  {type = "conv2d", out_channels = 8, kernel = 3, stride = 2, padding = 1, bias = false},
  {type = "batch_norm"},
  {type = "silu"},
  {type = "avg_pool", kernel = 2},
  {type = "conv2d", out_channels = 8, kernel = 3},
  {type = "softplus", beta = 2.0},
  {type = "sum_pool"},
  {type = "linear", out_features = 1},
]
"""


class SumPool(nn.Module):
    """The sum over height and width."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum((2, 3))


def normed() -> nn.Module:
    """A batch norm, whose mean and variance are those of some batches."""
    return nn.Sequential(nn.Conv2d(1, 8, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(8),
                         nn.SiLU(), nn.AvgPool2d(2), nn.Conv2d(8, 8, 3), nn.Softplus(2.0),
                         SumPool(), nn.Linear(8, 1))


def uva() -> nn.Module:
    """The preset uva as a list of layers."""
    layers, inputs = [], 1
    for outputs, kernel, padding in ((16, 5, 4), (32, 3, 1), (64, 3, 1), (64, 3, 1)):
        layers += [nn.Conv2d(inputs, outputs, kernel, stride=2, padding=padding), nn.SiLU()]
        inputs = outputs
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(256, 64), nn.SiLU(), nn.Linear(64, 1))


class Wrapped(nn.Module):
    """A score, with the list of layers as a member."""

    def __init__(self):
        super().__init__()
        self.cnn_layers = uva()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.cnn_layers(x)


class Named(nn.Module):
    """Layers with names of their own, a residual one, and a norm of a weight."""

    def __init__(self, norm):
        super().__init__()
        self.stem = norm(nn.Conv2d(1, 8, 3, stride=2, padding=1))
        self.conv1 = nn.Conv2d(8, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
        self.hidden = nn.Linear(8 * 14 * 14, 16)
        self.head = nn.Linear(16, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = nn.functional.leaky_relu(self.stem(x), 0.2)
        x = x + self.conv2(nn.functional.silu(self.conv1(x)))
        return self.head(nn.functional.silu(self.hidden(x.flatten(1))))


def exact(module: nn.Module, weights: dict[str, torch.Tensor], u: torch.Tensor) -> np.ndarray:
    """Of the module with these weights, in double precision."""
    module.load_state_dict(weights)
    with torch.no_grad():
        return module.double().eval()(u).flatten().numpy()


def moved(weights: dict[str, torch.Tensor], seed: int) -> dict[str, torch.Tensor]:
    """Weights off by as much as rounding makes of sums of n products: (√n + 8)·2⁻²⁴, signs at
    random (see tests/torch_nets/rounding_limit.h)."""
    generator = torch.Generator().manual_seed(seed)
    changed, size = {}, 0.0
    for name, weight in weights.items():
        if weight.dim() > 1:
            size = 2.0 ** -24 * ((weight.numel() / min(weight.shape[:2])) ** 0.5 + 8)
        signs = 2.0 * torch.randint(2, weight.shape, generator=generator) - 1
        changed[name] = weight.double() * (1 + size * signs)
    return changed


def main() -> int:
    ebm = sys.argv[1]
    torch.manual_seed(0)
    pixels = np.random.default_rng(0).integers(0, 256, N_IMAGES * SIZE * SIZE, dtype=np.uint8)
    x = torch.from_numpy(pixels.astype(np.float64)).reshape(-1, 1, SIZE, SIZE) / 127.5 - 1
    unit = (x + 1) / 2
    cases = [("uva", uva, "--net uva", x, 1, torch.float32),
             ("uva in float64", uva, "--net uva", x, 1, torch.float64),
             ("uva in float16", uva, "--net uva", x, 1, torch.float16),
             ("uva in bfloat16", uva, "--net uva", x, 1, torch.bfloat16),
             ("a score of images in [0, 1]", Wrapped, "--net uva --negate --range 0,1", unit, -1,
              torch.float32),
             ("normalised images", Wrapped, "--net uva --range 0,1 --mean 0.1307 --std 0.3081",
              (unit - 0.1307) / 0.3081, 1, torch.float32),
             ("a batch norm", normed, "--net norm.toml", x, 1, torch.float32),
             ("names of its own", lambda: Named(parametrizations.spectral_norm), "--net net.toml",
              x, 1, torch.float32),
             ("the older spectral norm", lambda: Named(spectral_norm), "--net net.toml", x, 1,
              torch.float32),
             ("a weight norm", lambda: Named(parametrizations.weight_norm), "--net lengths.toml",
              x, 1, torch.float32),
             ("the older weight norm", lambda: Named(weight_norm), "--net lengths.toml", x, 1,
              torch.float32)]
    worst = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "net.toml").write_text(NET)
        (folder / "lengths.toml").write_text(NET.replace("spectral_norm", "weight_norm"))
        (folder / "norm.toml").write_text(NORM_NET)
        (folder / "images-idx3-ubyte").write_bytes(
            struct.pack(">IIII", 0x803, N_IMAGES, SIZE, SIZE) + pixels.tobytes())

        def run(arguments: str) -> str:
            return subprocess.run([ebm, *arguments.split()], cwd=folder, check=True,
                                  stdout=subprocess.PIPE, text=True).stdout

        for name, make, options, u, sign, dtype in cases:
            module = make()
            with torch.no_grad():
                for _ in range(3):  # moves the vectors of a spectral norm, and means of batches
                    module(u.float())
            weights = {key: value.to(dtype).contiguous()
                       for key, value in module.state_dict().items()}
            save_file(weights, folder / "weights.safetensors")
            run(f"import weights.safetensors {options} --input 1,{SIZE},{SIZE} "
                "--out model.safetensors")
            run("score model.safetensors --data idx:images-idx3-ubyte --out e.npy")
            found = np.load(folder / "e.npy")
            held = {key: value.float().double() for key, value in weights.items()}
            right = exact(make(), held, u)
            limit = 4 * max(np.abs(exact(make(), moved(held, seed), u) - right).max()
                            for seed in range(3))
            difference = float(np.abs(found - sign * right).max() / limit)
            print(f"{name}: largest difference of energies {difference:.2f} of what rounding "
                  f"explains, {np.abs(found - sign * right).max():.2g} of "
                  f"{np.abs(right).max():.3g}")
            worst = max(worst, difference)
    return 0 if worst <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
