#!/usr/bin/env python3
"""`ebm import`: models made of weights as PyTorch saves them. Expected energies are computed here,
from the formula of the network."""
import math
import struct
import unittest

import command_case
import made_files
import run_ebm

NET = """\
input = [2, 1, 1]
layer = [
  {type = "linear", out_features = 3},
  {type = "silu"},
  {type = "linear", out_features = 1},
]
"""
# Numbers that float16 and bfloat16 hold exactly.
W1 = [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]
B1 = [0.125, -0.5, 1.0]
W2 = [1.5, -2.0, 0.5]
B2 = [0.0625]
POINTS = [[0.0, 0.0], [1.0, -2.0], [-0.5, 0.75], [3.0, 3.0]]


def energy(point: list[float], sign: float = 1.0) -> float:
    """W2·silu(W1·x + b1) + b2."""
    hidden = [sum(w * x for w, x in zip(row, point)) + b for row, b in zip(W1, B1)]
    return sign * (sum(w * h / (1 + math.exp(-h)) for w, h in zip(W2, hidden)) + B2[0])


def packed(dtype: str, values: list[float]) -> bytes:
    """Little-endian values of a type of safetensors."""
    if dtype == "BF16":  # the upper half of a float32
        return b"".join(struct.pack("<f", value)[2:] for value in values)
    return struct.pack(f"<{len(values)}{ {'F32': 'f', 'F64': 'd', 'F16': 'e'}[dtype] }", *values)


def weights(dtype: str = "F32", first: str = "0", last: str = "2") -> bytes:
    """The network's tensors in a file, with the names of its two linear layers."""
    return made_files.safetensors({}, {
        f"{first}.weight": (dtype, [3, 2], packed(dtype, sum(W1, []))),
        f"{first}.bias": (dtype, [3], packed(dtype, B1)),
        f"{last}.weight": (dtype, [1, 3], packed(dtype, W2)),
        f"{last}.bias": (dtype, [1], packed(dtype, B2))})


class ImportTest(command_case.CommandTest):
    """Models of files that Python writes."""

    def setUp(self) -> None:
        super().setUp()
        (self.folder / "net.toml").write_text(NET, encoding="utf-8")
        (self.folder / "points.npy").write_bytes(
            made_files.npy((len(POINTS), 2), made_files.floats(sum(POINTS, []))))

    def write(self, data: bytes, name: str = "w.safetensors") -> None:
        (self.folder / name).write_bytes(data)

    def energies_of(self, model: str) -> list[float]:
        """What `ebm score` says of the points."""
        self.ebm(f"score {model} --data npy:points.npy --out e.npy")
        return list(made_files.read_npy(self.folder / "e.npy")[1])

    def expect_energies(self, model: str, sign: float = 1.0) -> None:
        """The energies, to some roundings of float32 (sums of size 10)."""
        for found, point in zip(self.energies_of(model), POINTS):
            self.assertAlmostEqual(found, energy(point, sign), delta=1e-5)

    def test_every_type_of_weights_gives_the_same_bits(self) -> None:
        energies = {}
        for dtype in ("F32", "F64", "F16", "BF16"):
            self.write(weights(dtype))
            done = self.json_of(f"import w.safetensors --net net.toml --out {dtype}.safetensors")
            self.assertEqual(done["converted"], {} if dtype == "F32" else {dtype: 4})
            self.assertAlmostEqual(done["energy_of_zeros"], energy([0.0, 0.0]), delta=1e-6)
            energies[dtype] = self.energies_of(f"{dtype}.safetensors")
            self.expect_energies(f"{dtype}.safetensors")
        for dtype, found in energies.items():
            self.assertEqual(found, energies["F32"], dtype)

    def test_what_is_printed(self) -> None:
        self.write(weights("F16", "encoder", "head"))
        done = self.ebm("import w.safetensors --net net.toml --out m.safetensors --steps 40")
        self.assertEqual(done.stdout.splitlines(), [
            "weights    4 tensors, 13 parameters; matched by their shapes, which differ from layer "
            "to layer",
            "           0.bias = encoder.bias",
            "           0.weight = encoder.weight",
            "           2.bias = head.bias",
            "           2.weight = head.weight",
            "converted  4 tensors from F16 to float32",
            "sampler    40 steps, step_size 0.00195312, noise_scale 0.0625",
            f"E(0)       {energy([0.0, 0.0]):g}, the energy of an item of zeros; compare it with "
            "PyTorch's",
            "model      m.safetensors"])
        self.expect_energies("m.safetensors")

    def test_names_behind_a_prefix_and_renamed_ones(self) -> None:
        self.write(weights("F32", "module.net.0", "module.net.2"))
        done = self.json_of("import w.safetensors --net net.toml --out m.safetensors")
        self.assertEqual(done["match"], "matched by name behind the prefix module.net.")
        self.assertEqual(done["tensors"]["2.bias"], "module.net.2.bias")
        self.write(weights("F32", "a", "b"))
        done = self.json_of("import w.safetensors --net net.toml --rename a=0 --rename b=2 "
                            "--out m.safetensors")
        self.assertEqual(done["match"], "renamed")
        self.expect_energies("m.safetensors")

    def test_a_score_is_negated(self) -> None:
        self.write(weights())
        self.ebm("import w.safetensors --net net.toml --negate --out m.safetensors")
        self.expect_energies("m.safetensors", -1.0)

    def test_a_classifier_is_the_energy_of_its_logits(self) -> None:
        """Three classes, the logits of which are the hidden units before the last layer of NET."""
        net = ("input = [2, 1, 1]\nclasses = 3\nlayer = [{type = \"linear\", out_features = 3}, "
               "{type = \"class_logits\"}]\n")
        (self.folder / "classifier.toml").write_text(net, encoding="utf-8")
        self.write(made_files.safetensors({}, {
            "fc.weight": ("F32", [3, 2], made_files.floats(sum(W1, []))),
            "fc.bias": ("F32", [3], made_files.floats(B1))}))
        call = "import w.safetensors --net classifier.toml --out m.safetensors"
        done = self.json_of(call)
        marginal = -math.log(sum(math.exp(b) for b in B1))
        self.assertAlmostEqual(done["energy_of_zeros"], marginal, delta=1e-6)
        self.assertEqual((done["classes"], done["noise_level"]), (3, False))
        printed = self.ebm(call).stdout
        self.assertIn("\nclasses    3\n", printed)
        self.assertIn("an item of zeros with the label 3 (none); compare", printed)

    def test_models_can_be_sampled_and_know_their_recipe(self) -> None:
        self.write(weights())
        self.ebm("import w.safetensors --net net.toml --step-size 0.02 --temperature 0.25 "
                 "--steps 7 --data npy:points.npy --out m.safetensors")
        done = self.json_of("sample m.safetensors --n 3 --out x.npy")
        self.assertEqual((done["steps"], round(done["step_size"], 6)), (7, 0.02))
        self.assertAlmostEqual(done["temperature"], 0.25, places=6)
        # The data that the model names are the default of --data.
        self.ebm("sample m.safetensors --n 3 --init data --out x.npy")
        self.assertEqual(self.json_of("score m.safetensors --out e.npy")["n"], len(POINTS))
        self.ebm("import w.safetensors --net net.toml --out n.safetensors")
        done = run_ebm.run(command_case.options.ebm,
                           "score n.safetensors --out f.npy".split(), self.folder)
        self.assertEqual((done.code, done.stderr),
                         (64, "ebm: data is missing: n.safetensors does not say what it was "
                              "trained on; give --data SPEC\n"))

    def test_the_range_of_images(self) -> None:
        """A network of u in [0, 1], then normalised by mean and std, gives E of x in [-1, 1]."""
        net = 'layer = [{type = "flatten"}, {type = "linear", out_features = 1}]\n'
        (self.folder / "flat.toml").write_text(net, encoding="utf-8")
        row = [1.0, -2.0, 0.5, 4.0]
        self.write(made_files.safetensors({}, {
            "1.weight": ("F32", [1, 4], made_files.floats(row)),
            "1.bias": ("F32", [1], made_files.floats([0.25]))}))
        self.write(made_files.idx([1, 2, 2], bytes([0, 51, 204, 255])), "images-idx3-ubyte")
        self.ebm("import w.safetensors --net flat.toml --input 1,2,2 --range 0,1 --mean 0.5 "
                 "--std 0.25 --out m.safetensors")
        self.ebm("score m.safetensors --data idx:images-idx3-ubyte --out e.npy")
        found = made_files.read_npy(self.folder / "e.npy")[1][0]
        expected = 0.25 + sum(w * ((u - 0.5) / 0.25) for w, u in zip(row, [0.0, 0.2, 0.8, 1.0]))
        self.assertAlmostEqual(found, expected, delta=1e-4)

    def test_presets_take_their_input_from_the_data(self) -> None:
        self.write(made_files.idx([2, 12, 12], bytes(288)), "images-idx3-ubyte")
        done = run_ebm.run(command_case.options.ebm,
                           "import w.safetensors --net uva --data idx:images-idx3-ubyte "
                           "--out m.safetensors".split(), self.folder)
        self.assertEqual(done.code, 66)  # the network was made, and then the weights are missing
        self.assertIn("w.safetensors", done.stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
