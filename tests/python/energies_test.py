"""The weights of a model, read by Python and put into a torch module by name, give its energies.

Trains a small model with `ebm`, builds the nn.Sequential that the architecture in its metadata
describes, loads the weights strictly by name, and compares energies with `ebm score` as far as single
precision allows.

    python3 tests/python/energies_test.py EBM [MODEL DATA_IDX_IMAGES]

Needs torch, safetensors and numpy; without them it exits with 77, which CTest counts as skipped.
"""

import gzip
import pathlib
import struct
import subprocess
import sys
import tempfile
import tomllib

try:
    import numpy as np
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file
    from torch.nn.utils import parametrizations
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)


class Residual(torch.nn.Module):
    """y = body(x) + shortcut(x), an empty shortcut being the identity."""

    def __init__(self, body: torch.nn.Module, shortcut: torch.nn.Module):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x) + self.shortcut(x)


class Concat(torch.nn.Module):
    """The channels of x, then those of body(x)."""

    def __init__(self, body: torch.nn.Module):
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat((x, self.body(x)), 1)


class InputEnergy(torch.nn.Module):
    """−⟨x, h⟩ or ½·‖x − h‖² of the network's input x."""

    def __init__(self, conditions: "Conditions", is_product: bool):
        super().__init__()
        self.conditions, self.is_product = conditions, is_product

    def forward(self, h: torch.Tensor) -> torch.Tensor:
        x = self.conditions.input
        terms = -x * h if self.is_product else (x - h) ** 2 / 2
        return terms.flatten(1).sum(1, keepdim=True)


class ChannelScale(torch.nn.Module):
    """y = weight·x of each channel, plus bias."""

    def __init__(self, channels: int, bias: bool):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(channels))
        self.bias = torch.nn.Parameter(torch.zeros(channels)) if bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        shape = (1, -1) + (1,) * (x.dim() - 2)
        y = self.weight.reshape(shape) * x
        return y if self.bias is None else y + self.bias.reshape(shape)


class Attention(torch.nn.Module):
    """Softmax attention over the places of a map, between two 1x1 convolutions."""

    def __init__(self, channels: int, heads: int, width: int):
        super().__init__()
        self.heads = heads
        self.qkv = torch.nn.Conv2d(channels, 3 * heads * width, 1, bias=False)
        self.out = torch.nn.Conv2d(heads * width, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        parts = self.qkv(x).flatten(2).transpose(1, 2).chunk(3, 2)  # [n, places, heads·width]
        q, k, v = (part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in parts)
        mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v)
        return self.out(mixed.transpose(2, 3).reshape(len(x), -1, *x.shape[2:]))


class SumPool(torch.nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum((2, 3))


class Conditions:
    """What layers read beside their input: labels and noise levels, [n], and the network's input."""

    label: torch.Tensor
    level: torch.Tensor
    input: torch.Tensor


class Film(torch.nn.Module):
    """y = (1 + γ)·x + β of each channel, γ and β made of the label, the noise level or both."""

    def __init__(self, conditions: Conditions, weights: dict[str, torch.Tensor], name: str):
        super().__init__()
        self.conditions, self.parts = conditions, []
        if name + "class_scale.weight" in weights:
            self.parts.append("label")
            labels, channels = weights[name + "class_scale.weight"].shape
            self.class_scale = torch.nn.Embedding(labels, channels)
            self.class_shift = torch.nn.Embedding(labels, channels)
        if name + "level.0.weight" in weights:
            self.parts.append("level")
            hidden, features = weights[name + "level.0.weight"].shape
            out = len(weights[name + "level.2.weight"])
            self.level = torch.nn.Sequential(torch.nn.Linear(features, hidden), torch.nn.SiLU(),
                                             torch.nn.Linear(hidden, out))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scale = shift = 0.0
        if "label" in self.parts:
            scale = self.class_scale(self.conditions.label)
            shift = self.class_shift(self.conditions.label)
        if "level" in self.parts:
            angle = torch.outer(self.conditions.level.log(),
                                torch.tensor([0.25, 0.5, 1, 2, 4, 8], dtype=x.dtype))
            more = self.level(torch.cat((angle.sin(), angle.cos()), 1)).chunk(2, 1)
            scale, shift = scale + more[0], shift + more[1]
        shape = (len(x), -1) + (1,) * (x.dim() - 2)
        return (1 + scale.reshape(shape)) * x + shift.reshape(shape)


class Projection(torch.nn.Linear):
    """w·h + b + ⟨e[label], h⟩"""

    def __init__(self, conditions: Conditions, weights: dict[str, torch.Tensor], name: str):
        labels, features = weights[name + "embed.weight"].shape
        super().__init__(features, 1)
        self.conditions = conditions
        self.embed = torch.nn.Embedding(labels, features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) + (self.embed(self.conditions.label) * x).sum(1, keepdim=True)


class ClassLogits(torch.nn.Module):
    """−logit[label], and for the label after the last class −logsumexp(logits)."""

    def __init__(self, conditions: Conditions):
        super().__init__()
        self.conditions = conditions

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        every = torch.cat((x, x.logsumexp(1, keepdim=True)), 1)
        return -every.gather(1, self.conditions.label.unsqueeze(1))


class PaddedConv(torch.nn.Conv2d):
    """Conv2d with its own number of zeros on each of the four sides."""

    def __init__(self, pads: list[int], *args, **kwargs):
        super().__init__(*args, **kwargs)
        top, bottom, left, right = pads
        self.pads = (left, right, top, bottom)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(torch.nn.functional.pad(x, self.pads))


def build(layers: list[dict], weights: dict[str, torch.Tensor], prefix: str,
          conditions: Conditions) -> torch.nn.Sequential:
    modules = []
    for index, layer in enumerate(layers):
        kind, name = layer["type"], f"{prefix}{index}."
        plain, normed = name + "weight", name + "parametrizations.weight.original"
        if kind == "conv2d":
            out, inputs, *kernel = weights.get(plain, weights.get(normed)).shape
            pads = layer.get("padding", 0)
            pads = pads if isinstance(pads, list) else [pads] * 4
            module = PaddedConv(pads, inputs, out, kernel, layer.get("stride", 1),
                                bias=layer.get("bias", True))
        elif kind == "linear":
            out, inputs = weights.get(plain, weights.get(normed)).shape
            module = torch.nn.Linear(inputs, out, bias=layer.get("bias", True))
        elif kind == "conv_transpose2d":
            inputs, out, *kernel = weights[plain].shape
            module = torch.nn.ConvTranspose2d(inputs, out, kernel, layer.get("stride", 1),
                                              layer.get("padding", 0), bias=layer.get("bias", True))
        elif kind == "residual":
            module = Residual(build(layer["body"], weights, name + "body.", conditions),
                              build(layer.get("shortcut", []), weights, name + "shortcut.",
                                    conditions))
        elif kind == "concat":
            module = Concat(build(layer["body"], weights, name + "body.", conditions))
        elif kind in ("inner_product", "squared_distance"):
            module = InputEnergy(conditions, kind == "inner_product")
        elif kind == "group_norm":
            module = torch.nn.GroupNorm(layer["groups"], len(weights[plain]),
                                        layer.get("epsilon", 1e-5))
        elif kind == "channel_scale":
            module = ChannelScale(len(weights[plain]), layer.get("bias", False))
        elif kind == "attention":
            module = Attention(len(weights[name + "out.weight"]), layer["heads"], layer["width"])
        elif kind == "film":
            module = Film(conditions, weights, name)
        elif kind == "projection":
            module = Projection(conditions, weights, name)
        elif kind == "class_logits":
            module = ClassLogits(conditions)
        else:
            module = {
                "silu": lambda: torch.nn.SiLU(),
                "relu": lambda: torch.nn.ReLU(),
                "leaky_relu": lambda: torch.nn.LeakyReLU(layer.get("slope", 0.01)),
                "elu": lambda: torch.nn.ELU(layer.get("alpha", 1.0)),
                "tanh": torch.nn.Tanh,
                "upsample": lambda: torch.nn.Upsample(scale_factor=layer.get("factor", 2)),
                "reshape": lambda: torch.nn.Unflatten(1, layer["shape"]),
                "softplus": lambda: torch.nn.Softplus(layer.get("beta", 1.0)),
                "avg_pool": lambda: torch.nn.AvgPool2d(layer["kernel"], layer.get("stride")),
                "sum_pool": SumPool,
                "flatten": torch.nn.Flatten,
            }[kind]()
        if layer.get("spectral_norm", False):
            module = parametrizations.spectral_norm(module)
        if layer.get("weight_norm", False):
            module = parametrizations.weight_norm(module)
        modules.append(module)
    return torch.nn.Sequential(*modules)


def read_images(path: pathlib.Path) -> np.ndarray:
    data = (gzip.open if path.suffix == ".gz" else open)(path, "rb").read()
    n, height, width = struct.unpack(">III", data[4:16])
    return np.frombuffer(data, np.uint8, offset=16).reshape(n, 1, height, width)


def energies(architecture: dict, weights: dict[str, torch.Tensor], x: torch.Tensor,
             label: int | None = None) -> np.ndarray:
    """Of the nn.Sequential with these weights, in double precision; of a network with classes under
    the label, at which its noise level, if it has one, is 1."""
    conditions = Conditions()
    conditions.input = x.double()
    conditions.level = torch.ones(len(x), dtype=torch.float64)
    if label is not None:
        conditions.label = torch.full((len(x),), label)
    net = build(architecture["layer"], weights, "", conditions)
    net.load_state_dict(weights, strict=True)
    with torch.no_grad():
        return net.double().eval()(x.double()).flatten().numpy()


def with_rounding_errors(weights: dict[str, torch.Tensor], seed: int) -> dict[str, torch.Tensor]:
    """Weights off by as much as rounding makes of sums of n products, signs at random: (√n + 8)·2⁻²⁴
    (see tests/torch_nets/rounding_limit.h)."""
    generator = torch.Generator().manual_seed(seed)
    size, changed = 0.0, {}
    for name, weight in weights.items():
        if weight.dim() > 1:
            size = 2.0 ** -24 * ((weight.numel() / min(weight.shape[:2])) ** 0.5 + 8)
        signs = 2.0 * torch.randint(2, weight.shape, generator=generator) - 1
        changed[name] = weight.double() * (1 + size * signs)
    return changed


def compare(ebm: str, model: str, images: pathlib.Path, folder: pathlib.Path,
            label: int | None = None, condition: str = "") -> float:
    """The largest difference of energies, as a part of what rounding explains: four times the largest
    change that weights with its errors make in double precision.

    @param label, condition  of a model with classes, as a number and as the end of a MODEL"""
    out = folder / "energies.npy"
    subprocess.run([ebm, "score", model + condition, "--data", f"idx:{images}#limit=500", "--out", out],
                   check=True, stdout=subprocess.DEVNULL)
    found = np.load(out)
    with safe_open(model, "pt") as file:
        architecture = tomllib.loads(file.metadata()["architecture"])
        weights = {name: file.get_tensor(name) for name in file.keys()}
    x = torch.from_numpy(read_images(images)[:500].astype(np.float32)) / 127.5 - 1
    exact = energies(architecture, weights, x, label)
    limit = 4 * max(np.abs(energies(architecture, with_rounding_errors(weights, seed), x, label)
                           - exact).max() for seed in range(3))
    return float(np.abs(found - exact).max() / limit)


def film_of_the_page() -> float:
    """The largest difference of the film that docs/networks.md shows from the one here."""
    page = (pathlib.Path(__file__).parents[2] / "docs/networks.md").read_text(encoding="utf-8")
    names = {"torch": torch}
    exec(page.split("```python\n")[1].split("```")[0], names)
    shown = names["Film"](3, 4).double()
    conditions = Conditions()
    conditions.label = torch.tensor([4, 0, 2])
    weights = {"0." + name: weight for name, weight in shown.state_dict().items()}
    film = Film(conditions, weights, "0.").double()
    film.load_state_dict(shown.state_dict(), strict=True)
    x = torch.randn(3, 3, 2, 5, dtype=torch.float64)
    return float((shown(x, conditions.label) - film(x)).abs().max())


CONDITIONAL = """
input = [1, 32, 32]
classes = 3
noise_level = true
layer = [
  {type = "conv2d", out_channels = 4, kernel = 5, stride = 3}, {type = "film", hidden = 6},
  {type = "silu"},
  {type = "residual", body = [{type = "conv2d", out_channels = 4, kernel = 1}, {type = "film"}]},
  {type = "flatten"}, {type = "linear", out_features = 6}, {type = "silu"},
  END
]
"""
ENDS = {"projection": '{type = "projection"}',
        "class_logits": '{type = "linear", out_features = 3}, {type = "class_logits"}'}


def film_shapes(name: str, hidden: int) -> dict[str, list[int]]:
    """Of a film of four channels."""
    return {name + "class_scale.weight": [4, 4], name + "class_shift.weight": [4, 4],
            name + "level.0.weight": [hidden, 12], name + "level.0.bias": [hidden],
            name + "level.2.weight": [8, hidden], name + "level.2.bias": [8]}


def compare_conditional(ebm: str, images: pathlib.Path, folder: pathlib.Path) -> dict[str, float]:
    """Networks of random weights that Python saved, at every label and at none."""
    generator = torch.Generator().manual_seed(1)
    worst = {}
    for end, layers in ENDS.items():
        shapes = {"0.weight": [4, 1, 5, 5], "0.bias": [4], **film_shapes("1.", 6),
                  "3.body.0.weight": [4, 4, 1, 1], "3.body.0.bias": [4],
                  **film_shapes("3.body.1.", 32), "5.weight": [6, 400], "5.bias": [6]}
        if end == "projection":
            shapes |= {"7.weight": [1, 6], "7.bias": [1], "7.embed.weight": [4, 6]}
        else:
            shapes |= {"7.weight": [3, 6], "7.bias": [3]}
        weights = {name: torch.randn(shape, generator=generator) / max(1, shape[-1]) ** 0.5
                   for name, shape in shapes.items()}
        save_file(weights, folder / "weights.safetensors")
        (folder / "net.toml").write_text(CONDITIONAL.replace("END", layers), encoding="utf-8")
        model = folder / f"{end}.safetensors"
        subprocess.run([ebm, "import", folder / "weights.safetensors", "--net", folder / "net.toml",
                        "--out", model], check=True, stdout=subprocess.DEVNULL)
        for label, name in enumerate(("0", "1", "2", "none")):
            worst[f"{end}, class {name}"] = compare(ebm, str(model), images, folder, label,
                                                    f"#class={name},level=1")
    return worst


def main() -> int:
    ebm, *rest = sys.argv[1:]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        if rest:
            worst = {rest[0]: compare(ebm, rest[0], pathlib.Path(rest[1]), folder)}
        else:
            images = folder / "images-idx3-ubyte"
            pixels = np.random.default_rng(0).integers(0, 256, 100 * 32 * 32, dtype=np.uint8)
            images.write_bytes(struct.pack(">IIII", 0x803, 100, 32, 32) + pixels.tobytes())
            worst = {}
            for net in ("uva", "mnistnet", "unet", "unet-attention"):
                run = folder / net
                subprocess.run([ebm, "train", "--data", f"idx:{images}", "--net", net, "--iterations",
                                "2", "--out", run, "--set", "batch_size=8", "--set", "steps=1",
                                "--set", "sample_every=0"],
                               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                worst[net] = compare(ebm, str(run / "model.safetensors"), images, folder)
            worst |= compare_conditional(ebm, images, folder)
    for name, difference in worst.items():
        print(f"{name}: largest difference of energies {difference:.2f} of what rounding explains")
    if film_of_the_page() > 1e-12:
        print("the film of docs/networks.md is another one")
        return 1
    return 0 if all(difference <= 1 for difference in worst.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
