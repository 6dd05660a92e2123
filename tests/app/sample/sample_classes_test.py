#!/usr/bin/env python3
"""Conditional models on the command line: --class, --guidance, MODEL#class=NAME. The model is one
whose moments are known."""
import array
import itertools
import json
import math
import shlex

import command_case
import made_files
import made_models
import run_ebm

MALA = "--sampler mala --step-size 0.2 --steps 200"
N = 2000


def guided_means(label: int, strength: float, n: int = 30) -> list[float]:
    """Means of the pixels 0 to 2 of the density exp(w*l_y)*(sum of exp(l_k))^(1 - w), l being the
    logits, by the rule of midpoints."""
    points = [(2 * i + 1) / n - 1 for i in range(n)]
    tilts = [[math.exp(made_models.STRENGTH * x) * share for x in points]
             for share in made_models.SHARES]
    total, sums = 0.0, [0.0, 0.0, 0.0]
    for at in itertools.product(range(n), repeat=3):
        densities = [tilts[k][at[k]] for k in range(3)]
        p = densities[label] ** strength * sum(densities) ** (1 - strength)
        total += p
        for k in range(3):
            sums[k] += p * points[at[k]]
    return [value / total for value in sums]


class ClassesTest(command_case.CommandTest):
    """Samples and energies at classes."""

    def setUp(self) -> None:
        super().setUp()
        (self.folder / "m.safetensors").write_bytes(made_models.conditional())

    def run_words(self, words: str) -> run_ebm.Finished:
        """A command with quotation marks, which has to succeed."""
        return run_ebm.run_well(command_case.options.ebm, shlex.split(words), self.folder)

    def means(self, name: str, n_classes: int) -> list[list[float]]:
        """The mean of every pixel in each of so many equal parts of a file."""
        shape, values = made_files.read_npy(self.folder / name)
        self.assertEqual(shape, (n_classes * N, 1, 2, 2))
        means = []
        for k in range(n_classes):
            part = values[4 * N * k:4 * N * (k + 1)]
            means.append([sum(part[pixel::4]) / N for pixel in range(4)])
        return means

    def expect_class(self, found: list[float], bright: dict[int, float]) -> None:
        """5 standard errors of N draws, whose sd is 0.577 at most."""
        for pixel, mean in enumerate(found):
            self.assertAlmostEqual(mean, bright.get(pixel, 0.0), delta=5 * 0.58 / math.sqrt(N))

    def test_each_chain_is_drawn_from_its_class_in_order(self) -> None:
        done = self.run_words(f"sample m.safetensors --class 'a cow,0,dog' --n {N} {MALA}"
                              " --out x.npy --json")
        document = json.loads(done.stdout)
        self.assertEqual((document["classes"], document["n_per_class"], document["n"]),
                         (["a cow", "cat", "dog"], N, 3 * N))
        self.assertEqual(document["warnings"], [])
        for found, k in zip(self.means("x.npy", 3), (2, 0, 1), strict=True):
            self.expect_class(found, {k: made_models.TILTED_MEAN})

    def test_without_a_class_it_is_the_marginal(self) -> None:
        self.run_words(f"sample m.safetensors --class none --n {N} {MALA} --out x.npy")
        right = {k: share * made_models.TILTED_MEAN
                 for k, share in enumerate(made_models.SHARES)}
        self.expect_class(self.means("x.npy", 1)[0], right)
        done = self.run_words(f"sample m.safetensors --n {N} {MALA} --out y.npy")
        self.assertIn("ebm: m.safetensors is taken at no class", done.stderr)
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("y.npy"))

    def test_guidance(self) -> None:
        words = f"sample m.safetensors --n {N} {MALA}"
        self.run_words(f"{words} --class none --out none.npy")
        self.run_words(f"{words} --class dog --guidance 0 --out zero.npy")
        self.assertEqual(self.bytes_of("none.npy"), self.bytes_of("zero.npy"))
        done = self.run_words(f"{words} --class dog --guidance 1 --out one.npy --json")
        self.assertEqual(json.loads(done.stdout)["guidance"], 1)
        self.expect_class(self.means("one.npy", 1)[0], {1: made_models.TILTED_MEAN})
        self.run_words(f"{words} --class dog --guidance 3 --out three.npy")
        right = guided_means(1, 3.0)
        self.assertGreater(right[1], made_models.TILTED_MEAN + 0.1)
        self.expect_class(self.means("three.npy", 1)[0], dict(enumerate(right)))

    def test_the_class_of_an_expression_is_that_of_all_models_without_one(self) -> None:
        walk = "--n 20 --steps 10 --seed 3"
        done = self.run_words(f"sample '0.5*m.safetensors + 0.5*m.safetensors#class=cat' {walk}"
                              " --class dog,none --out open.npy --json")
        self.assertEqual(json.loads(done.stdout)["classes"], ["dog", "none"])
        self.assertIn("each energy is divided by the T of its own recipe", done.stderr)
        self.assertNotIn("at no class", done.stderr)
        for klass in ("dog", "none"):
            self.run_words(f"sample '0.5*m.safetensors#class={klass} + 0.5*m.safetensors#class=cat'"
                           f" {walk} --out {klass}.npy")
        both = made_files.read_npy(self.folder / "open.npy")[1]
        self.assertEqual(both[:80], made_files.read_npy(self.folder / "dog.npy")[1])
        done = self.run_words(f"sample '0.5*m.safetensors + 0.5*m.safetensors#class=cat' {walk}"
                              " --out none2.npy")
        self.assertIn("what has no #class= in '0.5*m.safetensors + 0.5*m.safetensors#class=cat' is"
                      " taken at no class", done.stderr)
        self.assertEqual(self.bytes_of("none.npy"), self.bytes_of("none2.npy"))

    def test_threads_do_not_matter_and_a_walk_can_go_on(self) -> None:
        words = "sample m.safetensors --class all --n 7 --steps 20 --thinning 5"
        for threads in (1, 2):
            self.run_words(f"{words} --threads {threads} --out {threads}.npy --trace {threads}t.npy")
        self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("2.npy"))
        self.assertEqual(self.bytes_of("1t.npy"), self.bytes_of("2t.npy"))
        self.run_words("sample m.safetensors --class all --n 7 --burn-in 10 --steps 10"
                       " --out rest.npy")
        self.assertEqual(self.bytes_of("rest.npy"), self.bytes_of("1.npy"))
        # Of a class by itself, the first seven chains.
        self.run_words("sample m.safetensors --class cat --n 7 --steps 20 --out cat.npy")
        all_values = made_files.read_npy(self.folder / "1.npy")[1]
        self.assertEqual(made_files.read_npy(self.folder / "cat.npy")[1], all_values[:28])

    def test_every_sampler_takes_classes(self) -> None:
        for sampler in ("langevin", "hmc", "parallel-tempering", "underdamped", "annealed", "mala",
                        "gradient-descent", "nesterov"):
            self.run_words(f"sample m.safetensors --class dog,cat --n 20 --steps 30"
                           f" --sampler {sampler} --out x.npy")
            shape, values = made_files.read_npy(self.folder / "x.npy")
            self.assertEqual(shape, (40, 1, 2, 2))
            dog = sum(values[1:80:4]) / 20
            self.assertGreater(dog, sum(values[81:160:4]) / 20, sampler)

    def test_pictures_have_a_row_for_each_class(self) -> None:
        self.run_words("sample m.safetensors --class all --n 4 --steps 2 --out x.png")
        width, height = made_files.png_size(self.bytes_of("x.png"))
        self.assertEqual(height, 2 + 3 * 58)
        self.assertGreater(width, 2 + 4 * 58 + 30)
        self.run_words("sample m.safetensors --class dog --n 4 --steps 2 --out y.png")
        self.assertEqual(made_files.png_size(self.bytes_of("y.png")), (2 + 2 * 58, 2 + 2 * 58))

    def test_chains_start_from_data_of_their_class(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 40, 2)
        words = "sample m.safetensors --init data --data idx:images --steps 0 --out x.npy --n 3"
        self.run_words(f"{words} --class 1,2")
        shape, values = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(shape, (6, 1, 2, 2))
        self.run_words(f"{words.replace('x.npy', 'one.npy').replace('idx:images', 'idx:images#class=1')}")
        self.assertEqual(made_files.read_npy(self.folder / "one.npy")[1], values[:12])

    def test_chains_start_from_those_of_their_class_in_the_buffer(self) -> None:
        self.run_words("train --data toy:8gaussians#limit=500 --net mlp --iterations 6 --out run"
                       " --set condition=class --set batch_size=32 --set buffer_capacity=64"
                       " --set steps=2 --set sample_every=0")
        self.run_words("sample run --class 5,none,2 --init replay --steps 0 --n 4 --out x.npy")
        buffer = made_files.read_safetensors(
            next((self.folder / "run/checkpoints").glob("000006")) / "replay.safetensors")
        items = array.array("f", buffer["items"][2])
        labels = array.array("f", buffer["context"][2])
        right: list[float] = []
        for wanted in (5, None, 2):
            chains = [i for i, label in enumerate(labels) if wanted in (label, None)]
            for i in range(4):
                chain = chains[i % len(chains)]
                right += items[2 * chain:2 * chain + 2]
        self.assertEqual(list(made_files.read_npy(self.folder / "x.npy")[1]), right)

    def test_energies_and_normalisers_at_a_class(self) -> None:
        rows = [[0.5, -0.25, 1.0, 0.0], [-1.0, 0.75, 0.125, 0.5]]
        (self.folder / "x.npy").write_bytes(
            made_files.npy((2, 1, 2, 2), made_files.floats(sum(rows, []))))
        for label, name in enumerate(made_models.NAMES):
            self.run_words(f"score 'm.safetensors#class={name}' --data npy:x.npy --out e.npy")
            for row, found in zip(rows, made_files.read_npy(self.folder / "e.npy")[1], strict=True):
                self.assertAlmostEqual(found, made_models.energy(row, label), places=5)
        self.run_words("score 'm.safetensors#class=0 - 0.5*m.safetensors#class=dog' --data npy:x.npy"
                       " --out e.npy")
        for row, found in zip(rows, made_files.read_npy(self.folder / "e.npy")[1], strict=True):
            self.assertAlmostEqual(found, made_models.energy(row, 0)
                                   - 0.5 * made_models.energy(row, 1), places=5)
        for text, share in (("m.safetensors#class=dog", 1 / 3), ("m.safetensors#class=none", 1),
                            ("mix(m.safetensors#class=0; m.safetensors#class=1)", 1 / 2)):
            done = self.run_words(f"logz '{text}' --n 200 --temperatures 200 --json")
            self.assertAlmostEqual(json.loads(done.stdout)["log_z"],
                                   made_models.LOG_Z + math.log(share), delta=0.1, msg=text)


if __name__ == "__main__":
    command_case.main(__doc__)
