#!/usr/bin/env python3
"""ebm classify and ebm score --class: figures of a model with classes that agree with each other."""
import csv
import json
import math
import pathlib
import random

import command_case
import made_files
import made_run
import run_ebm

CLASSES = 3
SIDE = 12
NET = f"""input = [1, {SIDE}, {SIDE}]
classes = {CLASSES}
layer = [{{type = "flatten"}}, {{type = "projection"}}]
"""


def auroc(positives: list[float], negatives: list[float]) -> float:
    """P(positive > negative), half of that for equal ones."""
    wins = sum((a > b) + 0.5 * (a == b) for a in positives for b in negatives)
    return wins / (len(positives) * len(negatives))


class ClassifyTest(command_case.CommandTest):
    """E(x, y) = w·x + b + <e_y, x>: energies that Python computes too."""

    def setUp(self) -> None:
        super().setUp()
        made_files.write_idx_folder(self.folder / "images", 60, SIDE, CLASSES)
        made_run.write(self.folder / "run")
        rng = random.Random(3)
        n = SIDE * SIDE
        self.weight = [rng.uniform(-0.01, 0.01) for _ in range(n)]
        # Against the mean image of a class, so that its items have less energy under it.
        self.tables = []
        for label in range(CLASSES + 1):
            own = [self.image(i) for i in range(60) if i % CLASSES == label] or [[0.0] * n]
            self.tables += [-0.02 * sum(values) / len(own) for values in zip(*own)]
        (self.folder / "net.toml").write_text(NET, encoding="utf-8")
        (self.folder / "w.safetensors").write_bytes(made_files.safetensors({}, {
            "1.weight": ("F32", [1, n], made_files.floats(self.weight)),
            "1.bias": ("F32", [1], made_files.floats([0.25])),
            "1.embed.weight": ("F32", [CLASSES + 1, n], made_files.floats(self.tables))}))
        self.ebm("import w.safetensors --net net.toml --data idx:images --out m.safetensors")

    def image(self, item: int) -> list[float]:
        """Its values in [-1, 1]."""
        n = SIDE * SIDE
        pixels = self.bytes_of("images/train-images-idx3-ubyte")[16:]
        return [level / 127.5 - 1 for level in pixels[item * n:(item + 1) * n]]

    def energy(self, item: int, label: int) -> float:
        """By the formula."""
        n = SIDE * SIDE
        row = self.tables[label * n:(label + 1) * n]
        return 0.25 + sum((w + e) * value
                          for w, e, value in zip(self.weight, row, self.image(item)))

    def energies(self) -> tuple[list[int], list[list[float]]]:
        """Labels, and the energies under each class."""
        self.ebm("score m.safetensors --data idx:images --class all --out all.csv")
        with open(self.folder / "all.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return ([int(row["label"]) for row in rows],
                [[float(row[f"energy_{k}"]) for k in range(CLASSES)] for row in rows])

    def test_figures_are_those_of_the_energies(self) -> None:
        labels, energies = self.energies()
        for item in (0, 7, 59):
            for label in range(CLASSES):
                self.assertAlmostEqual(energies[item][label], self.energy(item, label), delta=1e-5)
        temperature = 0.01
        document = self.json_of("classify m.safetensors --data idx:images --temperature 0.01 --ood idx:images"
                                " --eps 0,0.5 --move-n 30 --predictions p.csv --out run/classify.json")
        predicted = [row.index(min(row)) for row in energies]
        right = [a == b for a, b in zip(labels, predicted)]
        self.assertAlmostEqual(document["accuracy"], sum(right) / len(right), delta=1e-12)
        for true in range(CLASSES):
            for found in range(CLASSES):
                self.assertEqual(document["confusion"][true][found],
                                 sum((a, b) == (true, found) for a, b in zip(labels, predicted)))
        shares = [[math.exp(-(e - min(row)) / temperature) for e in row] for row in energies]
        p = [[share / sum(row) for share in row] for row in shares]
        entropy = sum(-math.log(row[label]) for row, label in zip(p, labels)) / len(labels)
        self.assertAlmostEqual(document["cross_entropy"], entropy, delta=1e-3 * max(entropy, 1))
        marginal = [min(row) - temperature * math.log(sum(share))
                    for row, share in zip(energies, shares)]
        if any(right) and not all(right):
            self.assertAlmostEqual(
                document["auroc_errors"]["marginal"],
                auroc([m for m, ok in zip(marginal, right) if not ok],
                      [m for m, ok in zip(marginal, right) if ok]), delta=1e-9)
        self.assertEqual(document["ood"]["idx:images"]["auroc_marginal"], 0.5)
        self.assertEqual(document["temperature_from"], "given")
        moved = document["moved"]
        self.assertEqual((moved["n"], moved["eps"]), (30, [0, 0.5]))
        self.assertEqual(moved["fgsm"][0], moved["random"][0])
        self.assertLessEqual(moved["fgsm"][1], moved["fgsm"][0])
        with open(self.folder / "p.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([int(row["predicted"]) for row in rows], predicted)
        for row, own in zip(rows, p):
            self.assertAlmostEqual(float(row["probability"]), max(own), delta=1e-4)
        written = json.loads((self.folder / "run/classify.json").read_text(encoding="utf-8"))
        self.assertEqual(written, document)
        made_files.png_size(self.bytes_of("run/classify.png"))
        events = b"".join(path.read_bytes() for path in pathlib.Path(self.folder / "run").glob("ev*"))
        self.assertIn(b"confusion", events)
        self.ebm("report run")
        self.assertIn(b"Confusion matrix", self.bytes_of("run/report.html"))

    def test_a_class_of_score_is_its_column(self) -> None:
        _, energies = self.energies()
        for klass in range(CLASSES):
            self.ebm(f"score m.safetensors --data idx:images --class {klass} --out e.npy")
            shape, values = made_files.read_npy(self.folder / "e.npy")
            self.assertEqual(shape, (60,))
            for value, row in zip(values, energies):
                self.assertAlmostEqual(value, row[klass], delta=1e-6)
        self.ebm("score m.safetensors --data idx:images --class all --out all.npy")
        shape, values = made_files.read_npy(self.folder / "all.npy")
        self.assertEqual(shape, (60, CLASSES))
        self.assertAlmostEqual(values[CLASSES + 1], energies[1][1], delta=1e-6)
        self.ebm("score m.safetensors --data idx:images --class none --out e.npy")
        self.ebm("score m.safetensors#class=none --data idx:images --out f.npy")
        self.assertEqual(self.bytes_of("e.npy"), self.bytes_of("f.npy"))

    def test_a_sum_classifies_as_its_models_do(self) -> None:
        def run(*words: str) -> run_ebm.Finished:
            return run_ebm.run_well(command_case.options.ebm, list(words), self.folder)

        def figures(model: str) -> dict:
            return json.loads(run("classify", model, "--data", "idx:images", "--move-n", "4",
                                  "--temperature", "1", "--json").stdout)

        one, twice = figures("m.safetensors"), figures("0.5*m.safetensors + 0.5*m.safetensors")
        for key in ("accuracy", "cross_entropy"):
            self.assertAlmostEqual(one[key], twice[key], places=5)
        self.assertEqual(one["confusion"], twice["confusion"])
        # Twice the energy is half the temperature.
        self.assertAlmostEqual(figures("2*m.safetensors")["cross_entropy"],
                               self.json_of("classify m.safetensors --data idx:images --move-n 0"
                                            " --temperature 0.5")["cross_entropy"], places=5)
        for words in ("--class all", "--class 1"):
            for model, out in (("m.safetensors", "one.npy"), ("3*m.safetensors", "three.npy")):
                run("score", model, "--data", "idx:images", *words.split(), "--out", out)
            ones, threes = (made_files.read_npy(self.folder / name)[1]
                            for name in ("one.npy", "three.npy"))
            for value, other in zip(ones, threes, strict=True):
                self.assertAlmostEqual(3 * value, other, delta=1e-5)

    def test_the_fitted_temperature_is_the_best(self) -> None:
        def entropy(words: str) -> dict:
            return self.json_of(f"classify m.safetensors --data idx:images --move-n 0 {words}")

        fitted = entropy("--temperature fit")
        self.assertEqual(fitted["temperature_from"], "fitted to idx:images")
        self.assertNotIn("moved", fitted)
        self.assertEqual(len(fitted["offsets"]), CLASSES)
        self.assertLess(fitted["cross_entropy"], math.log(CLASSES))
        alone = entropy(f"--temperature {fitted['temperature']}")
        self.assertGreater(alone["cross_entropy"], fitted["cross_entropy"])
        self.assertNotIn("offsets", alone)
        bare = entropy("--no-offsets")
        self.assertEqual(bare["accuracy"], alone["accuracy"])
        self.assertEqual(fitted["accuracy_of_energies"], alone["accuracy"])
        self.assertLessEqual(bare["cross_entropy"], alone["cross_entropy"])
        self.assertGreaterEqual(bare["cross_entropy"], fitted["cross_entropy"])
        recipe = entropy("--temperature recipe")
        self.assertEqual(recipe["temperature_from"], "of the recipe")

    def test_a_model_trained_as_a_classifier_has_a_temperature_of_1(self) -> None:
        (self.folder / "net.toml").write_text(
            f"classes = {CLASSES}\n" + made_files.SMALL_NET.replace(
                'type = "linear"\nout_features = 1', 'type = "projection"'), encoding="utf-8")
        for weight in (1, 0):
            self.ebm("train --data idx:images --net net.toml --iterations 30 --set batch_size=16"
                     " --set steps=2 --set sample_every=0 --set buffer_capacity=64"
                     f" --set condition=class --set classify_weight={weight} --out trained{weight}")
            done = run_ebm.run_well(command_case.options.ebm, [
                "classify", f"trained{weight}", "--data", "idx:images", "--move-n", "0", "--json"],
                self.folder)
            document = json.loads(done.stdout)
            as_trained = "as trained, with cross-entropy"
            self.assertEqual(document["temperature_from"] == as_trained, weight == 1)
            if weight == 1:
                self.assertEqual(document["temperature"], 1)


if __name__ == "__main__":
    command_case.main(__doc__)
