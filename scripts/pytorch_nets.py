"""What the comparisons with PyTorch share: presets of ebm in PyTorch, layer by layer, how weights of
theirs get into ebm, and how rows are shown."""
import json
import pathlib
import platform
import struct
import subprocess
import sys

try:
    import torch
    from torch import nn
except ImportError as error:
    sys.exit(f"{sys.argv[0]}: {error}; install torch and numpy, as --help says")

INPUT = {"uva": (1, 28, 28), "uva-wide": (1, 28, 28), "mnistnet": (1, 28, 28),
         "igebm32": (3, 32, 32)}


class PaddedConv(nn.Conv2d):
    """A convolution with other padding at the end than at the start, as TensorFlow's SAME."""

    def __init__(self, *sizes, pads, **options):
        super().__init__(*sizes, **options)
        self.pads = pads

    def forward(self, x):
        return super().forward(nn.functional.pad(x, self.pads))


class Residual(nn.Module):
    """body(x) + shortcut(x)"""

    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = nn.Sequential(*body), nn.Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class SumPool(nn.Module):
    """The sum over all places."""

    def forward(self, x):
        return x.sum((2, 3))


class Film(nn.Module):
    """(1 + scale)*x + shift, both of every channel and from a level of noise."""

    def __init__(self, channels, hidden=32):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(12, hidden), nn.SiLU(), nn.Linear(hidden, 2 * channels))
        nn.init.zeros_(self.body[-1].weight)
        nn.init.zeros_(self.body[-1].bias)

    def forward(self, x, waves):
        scale, shift = (part.reshape(*part.shape, *[1] * (x.dim() - 2))
                        for part in self.body(waves).chunk(2, 1))
        return (1 + scale) * x + shift


class Filmed(nn.Module):
    """A network of convolutions and linear layers with a film behind each but the last."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers
        widths = {i: layer.weight.shape[0] for i, layer in enumerate(layers)
                  if isinstance(layer, (nn.Conv2d, nn.Linear))}
        widths.popitem()
        self.films = nn.ModuleDict({str(i): Film(width) for i, width in widths.items()})
        self.register_buffer("frequencies", torch.tensor([0.25, 0.5, 1, 2, 4, 8]))

    def forward(self, x, sigma):
        angles = sigma.log().unsqueeze(1) * self.frequencies
        waves = torch.cat([angles.sin(), angles.cos()], 1)
        for i, layer in enumerate(self.layers):
            x = layer(x)
            if str(i) in self.films:
                x = self.films[str(i)](x, waves)
        return x


def normed(layer):
    """With a spectral norm."""
    return nn.utils.spectral_norm(layer, n_power_iterations=15)


def uva(widths=(16, 32, 64, 64), hidden=64):
    layers, channels = [], 1
    for out, kernel, padding in zip(widths, (5, 3, 3, 3), (4, 1, 1, 1)):
        layers += [nn.Conv2d(channels, out, kernel, 2, padding), nn.SiLU()]
        channels = out
    layers += [nn.Flatten(), nn.Linear(4 * channels, hidden), nn.SiLU(), nn.Linear(hidden, 1)]
    return nn.Sequential(*layers)


def uva_wide():
    return uva((32, 64, 64, 128), 128)


def mnistnet():
    layers, channels = [], 1
    for out, kernel, stride, pads in ((64, 3, 1, (1, 1, 1, 1)), (64, 4, 2, (1, 1, 1, 1)),
                                      (128, 4, 2, (1, 1, 1, 1)), (256, 4, 2, (1, 2, 1, 2))):
        conv = PaddedConv(channels, out, kernel, stride, bias=False, pads=pads)
        layers += [normed(conv), nn.LeakyReLU(0.2)]
        channels = out
    layers += [nn.Flatten(), normed(nn.Linear(4096, 128)), nn.LeakyReLU(0.2), nn.Linear(128, 1)]
    return nn.Sequential(*layers)


def igebm32():
    layers = [normed(nn.Conv2d(3, 128, 3, padding=1, bias=False)), nn.LeakyReLU(0.2)]
    for before, after, halved in ((128, 128, True), (128, 128, False), (128, 256, True),
                                  (256, 256, False), (256, 256, True), (256, 256, False)):
        shortcut = []
        if before != after:
            shortcut = [normed(nn.Conv2d(before, after, 3, padding=1, bias=False))]
        layers.append(Residual([normed(nn.Conv2d(before, after, 3, padding=1)), nn.LeakyReLU(0.2),
                                nn.Conv2d(after, after, 3, padding=1)], shortcut))
        layers += [nn.AvgPool2d(2)] if halved else []
        layers.append(nn.LeakyReLU(0.2))
    layers[-1] = nn.ReLU()
    return nn.Sequential(*layers, SumPool(), nn.Linear(256, 1))


NETS = {"uva": uva, "uva-wide": uva_wide, "mnistnet": mnistnet, "igebm32": igebm32}


def write_safetensors(path, tensors):
    """The file that `ebm import` reads."""
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        blob = tensor.detach().contiguous().float().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + len(blob)]}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def run_ebm(program, *arguments):
    """What a command prints on stdout."""
    done = subprocess.run([program, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{sys.argv[0]}: ebm {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return done.stdout


def show_rows(machine, threads, rows, table, out):
    """Prints the table under a line on the machine, a dict of `ebm bench`; writes rows to `out`."""
    machine = {"cpu": machine["cpu"], "simd": machine["simd"], "ebm": machine["version"],
               "torch": torch.__version__, "python": platform.python_version(), "threads": threads}
    print(", ".join(f"{key} {value}" for key, value in machine.items()) + "\n\n" + table)
    if out:
        pathlib.Path(out).write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n",
                                     encoding="utf-8")
