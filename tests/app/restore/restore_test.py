#!/usr/bin/env python3
"""`ebm restore`: files, JSON, baselines, starts and what is held."""
import json
import math
import struct

import command_case
import made_files
import run_ebm

HALF = "mask=box:0,6,12,6"


class RestoreTest(command_case.CommandTest):
    """On a model of images of 12 x 12, trained for a moment."""

    def setUp(self) -> None:
        super().setUp()
        made_files.write_idx_folder(self.folder / "images", 40, 12)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        self.ebm("train --data idx:images --net net.toml --iterations 2 --set batch_size=4"
                 " --set sample_every=0 --set buffer_capacity=16 --set eval_budget=0 --out run")

    def restored(self, options: str, observed: str = "idx:images#limit=3 --simulate") -> dict:
        """The document of a restoration."""
        return self.json_of(f"restore run --observed {observed} --steps 5 {options}")

    def values(self, name: str) -> tuple[tuple[int, ...], list[float]]:
        """Shape and values of an array."""
        return made_files.read_npy(self.folder / name)

    def test_what_a_mask_shows_is_held(self) -> None:
        document = self.restored(f"--operator {HALF} --noise-sd 0 --n 2 --out x.npy"
                                 " --mean mean.npy --spread spread.npy")
        shape, samples = self.values("x.npy")
        self.assertEqual(shape, (3, 2, 1, 12, 12))
        pixels = (self.folder / "images/train-images-idx3-ubyte").read_bytes()[16:]
        for image in range(3):
            for sample in range(2):
                first = (image * 2 + sample) * 144
                for i in range(72):
                    true = pixels[image * 144 + i] / 127.5 - 1
                    self.assertAlmostEqual(samples[first + i], true, places=6)
        _, mean = self.values("mean.npy")
        mean_shape, spread = self.values("spread.npy")
        self.assertEqual(mean_shape, (3, 1, 12, 12))
        for i in range(3 * 144):
            a, b = samples[i // 144 * 288 + i % 144], samples[i // 144 * 288 + 144 + i % 144]
            self.assertAlmostEqual(mean[i], (a + b) / 2, places=6)
            self.assertAlmostEqual(spread[i], abs(a - b) / math.sqrt(2), places=6)
        error = sum((mean[i] - (pixels[i] / 127.5 - 1)) ** 2 for i in range(3 * 144)) / (3 * 144)
        self.assertAlmostEqual(document["psnr"]["mean_of_samples"], 10 * math.log10(4 / error),
                               places=4)
        self.assertEqual(set(document["psnr"]), {"mean_of_samples", "one_sample", "mean_image",
                                                 "nearest_image", "total_variation"})
        self.assertEqual(document["psnr"].keys(), document["ssim"].keys())
        # The images are training images: the nearest one is each itself, in 8 bits.
        self.assertGreater(document["psnr"]["nearest_image"] or math.inf, 100)
        self.assertAlmostEqual(document["coverage"]["expected"], 1 / 3, places=6)

    def test_every_operator(self) -> None:
        floats = made_files.floats([math.sin(i) / 12 for i in range(20 * 144)])
        (self.folder / "m.npy").write_bytes(made_files.npy((20, 144), floats))
        for operator in ("downsample=4", "blur=1.5", "noise", "projection=m.npy", HALF):
            for out in ("x.npy", "x.png"):
                with self.subTest(operator=operator, out=out):
                    document = self.restored(f"--operator {operator} --noise-sd 0.1 --n 2"
                                             f" --out {out}")
                    self.assertEqual(document["operator"], operator)
                    self.assertEqual("bicubic" in document["psnr"], operator == "downsample=4")
                    columns = document.get("columns", [])
                    self.assertEqual("observed" in columns,
                                     out == "x.png" and not operator.startswith("projection"))
                    self.assertEqual("truth" in columns, out == "x.png")
            width, height = made_files.png_size(self.bytes_of("x.png"))
            self.assertEqual(width % len(columns), 2)  # a gap of 2 around and between the tiles
            self.assertEqual(height % 3, 2)

    def test_simulated_observations_given_as_a_file_restore_the_same(self) -> None:
        # Without noise on them: what a mask shows of the images themselves.
        self.ebm(f"restore run --observed idx:images#limit=3 --simulate --operator {HALF}"
                 " --noise-sd 0 --n 2 --steps 5 --out a.npy")
        document = self.restored(f"--operator {HALF} --noise-sd 0 --n 2 --out b.npy",
                                 "idx:images#limit=3 --truth idx:images#limit=3")
        self.assertEqual(self.bytes_of("a.npy"), self.bytes_of("b.npy"))
        self.assertIn("psnr", document)
        without = self.restored(f"--operator {HALF} --noise-sd 0 --n 2 --out b.npy",
                                "idx:images#limit=3")
        self.assertNotIn("psnr", without)

    def test_seed_and_threads(self) -> None:
        words = "--operator downsample=2 --noise-sd 0.05 --n 20 --no-baselines"
        for threads in (1, 3):
            self.restored(f"{words} --threads {threads} --out {threads}.npy")
        self.assertEqual(self.bytes_of("1.npy"), self.bytes_of("3.npy"))
        document = self.restored(f"{words} --seed 1 --out other.npy")
        self.assertNotEqual(self.bytes_of("1.npy"), self.bytes_of("other.npy"))
        self.assertEqual(set(document["psnr"]), {"mean_of_samples", "one_sample"})

    def test_starts(self) -> None:
        words = "--operator blur=1 --noise-sd 0.1 --n 3 --no-baselines --out x.npy --steps 0"
        for start in ("observation", "noise", "nearest", "total-variation"):
            document = self.json_of("restore run --observed idx:images#limit=3 --simulate"
                                    f" {words} --init {start}")
            self.assertEqual(document["init"], start)
            from_data = start in ("nearest", "total-variation")
            self.assertEqual("mean_of_starts" in document["psnr"], from_data)
            if from_data:  # no step was made
                self.assertAlmostEqual(document["psnr"]["mean_of_starts"],
                                       document["psnr"]["mean_of_samples"], places=5)

    def test_an_expression_says_its_terms(self) -> None:
        words = ("--observed idx:images#limit=2 --simulate --steps 2 --operator blur=1"
                 " --noise-sd 0.3 --no-baselines --out x.npy --json")
        done = run_ebm.run_well(command_case.options.ebm,
                                ["restore", "run + 0.5*run", *words.split()], self.folder)
        terms = json.loads(done.stdout)["terms"]
        self.assertEqual([term["weight"] for term in terms], [1, 0.5])

    def test_training_images_of_starts_alone(self) -> None:
        document = self.restored("--operator blur=1 --noise-sd 0.1 --n 2 --no-baselines"
                                 " --init nearest --data idx:images --out x.npy")
        self.assertEqual(set(document["psnr"]),
                         {"mean_of_samples", "one_sample", "mean_of_starts"})

    def test_every_kind_of_sampler(self) -> None:
        for sampler in ("mala", "hmc --leapfrog 3", "gradient-descent", "nesterov", "annealed",
                        "underdamped", "parallel-tempering --ladder 1,2"):
            document = self.restored("--operator blur=1 --noise-sd 0.3 --n 2 --no-baselines"
                                     f" --sampler {sampler} --step-size 0.01 --out x.npy")
            self.assertEqual(document["sampler"], sampler.split()[0])

    def test_steps_that_oscillate_are_a_warning(self) -> None:
        document = self.json_of("restore run --observed idx:images#limit=2 --simulate --steps 2"
                                " --operator noise --noise-sd 0.1 --strength 1e9 --no-baselines"
                                " --out x.npy", warns="from 2 on chains oscillate")
        self.assertGreater(document["observation_weight"], 0)

    def test_chains_that_accept_nothing_are_a_warning(self) -> None:
        document = self.json_of("restore run --observed idx:images#limit=2 --simulate --n 2"
                                " --operator blur=1 --noise-sd 0.3 --no-baselines --sampler mala"
                                " --steps 30 --step-size 1e6 --out x.npy",
                                warns="chains oscillate|chains accepted none")
        self.assertRegex(document["warnings"][-1],
                         "^4 of 4 chains accepted none of their 30 proposals")
        self.assertEqual(document["acceptance"], 0)

    def test_a_picture_in_the_folder_of_a_run_becomes_part_of_its_page(self) -> None:
        self.restored(f"--operator {HALF} --noise-sd 0 --n 2 --out run/restore.png")
        document = json.loads(self.bytes_of("run/restore.json"))
        self.assertEqual(document["columns"][0], "observed")
        # A picture of another name brings no document, which could be that of another command.
        (self.folder / "run/eval.json").write_text("mine", encoding="utf-8")
        self.restored(f"--operator {HALF} --noise-sd 0 --n 2 --out run/eval.png")
        self.assertEqual(self.bytes_of("run/eval.json"), b"mine")
        (self.folder / "run/eval.json").unlink()
        self.ebm("report run")
        self.assertIn("Restoration", (self.folder / "run/report.html").read_text(encoding="utf-8"))

    def test_an_observation_in_bytes(self) -> None:
        data = made_files.npy((2, 12, 12), struct.pack("288B", *range(32, 176), *range(144)), "|u1")
        (self.folder / "seen.npy").write_bytes(data)
        document = self.restored("--operator noise --noise-sd 0.1 --n 1 --no-baselines"
                                 " --out x.png", "seen.npy")
        self.assertEqual((document["n_images"], document["columns"]),
                         (2, ["observed", "sample", "mean", "spread"]))


if __name__ == "__main__":
    command_case.main(__doc__)
