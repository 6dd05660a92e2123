#!/usr/bin/env python3
"""`ebm eval` and `ebm features train`: what they print, and that it depends on the seed alone."""
import json
import math
import pathlib
import signal
import struct
import tempfile

import command_case
import made_files
import run_ebm

TRAIN = ("train --data idx:images --out run --net net.toml --iterations 6 --seed 1"
         " --set batch_size=16 --set steps=4 --set sample_every=0 --set sample_steps=4"
         " --set buffer_capacity=128")
EVAL = "eval run --data idx:images --long-run 0 --temperatures 0"
LONG = "eval run --data idx:images --n 70 --temperatures 0"
FIGURES = {"n", "fd", "fd_infinity", "fd_reliable", "fd_infinity_reliable", "kid", "kid_sd",
           "precision", "recall", "density", "coverage", "two_sample_1nn", "two_sample_1nn_data",
           "two_sample_1nn_samples", "classes"}
BUILT_IN = {"uniform-noise", "constant", "inverted", "flipped", "pixel-shuffled"}


class EvalCase(command_case.CommandTest):
    """In the folder of one small model of 28x28 images."""

    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.shared = pathlib.Path(scratch.name).resolve()
        made_files.write_idx_folder(cls.shared / "images", 240, 28)
        (cls.shared / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        run_ebm.run_well(command_case.options.ebm, TRAIN.split(), cls.shared)

    def setUp(self) -> None:
        self.folder = self.shared

    def fails(self, arguments: str, code: int, fragment: str) -> None:
        """A command that has to say so in one line."""
        done = run_ebm.run(command_case.options.ebm, arguments.split(), self.folder)
        self.assertEqual(done.code, code, done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertIn(fragment, done.stderr)


class EvalTest(EvalCase):
    """ebm eval."""

    @classmethod
    def setUpClass(cls) -> None:
        """Also 160 images to train on and 70 to test with."""
        super().setUpClass()
        made_files.write_idx_folder(cls.shared / "both", 160, 28)
        made_files.write_idx_folder(cls.shared / "tests", 70, 28)
        for path in (cls.shared / "tests").iterdir():
            path.rename(cls.shared / "both" / path.name.replace("train", "t10k"))

    def test_samples_from_elsewhere(self) -> None:
        arguments = "eval --samples idx:both#split=test --data idx:both --n 70 --seed 2"
        document = self.json_of(f"{arguments} --out samples.json")
        # The samples are the test images in another order.
        (name, found), = document["samples"].items()
        test = document["anchors"]["test"]
        self.assertEqual(name, "samples")
        for key in ("fd", "precision", "recall", "density", "coverage"):
            self.assertAlmostEqual(found[key], test[key], delta=1e-5 * (1 + test[key]), msg=key)
        self.assertEqual(found["classes"]["counts"], test["classes"]["counts"])
        self.assertEqual(document["fd"], found["fd"])
        self.assertFalse({"model", "steps", "ood", "log_z", "long_run"} & document.keys())
        self.assertEqual(json.loads(self.bytes_of("samples.json")), document)
        # All training images are copies.
        copies = self.json_of("eval --samples idx:both#limit=160 --data idx:both --n 70 --seed 2")
        self.assertGreater(copies["samples"]["samples"]["memorisation"]["copy_share"], 0.3)
        table = self.ebm(arguments).stdout
        self.assertRegex(table, r"(?m)^samples$")
        self.assertNotIn("AUROC", table)
        self.assertIn("  idx:both#split=test", table)
        # As many of each kind as there are samples.
        few = self.json_of("eval --samples idx:both#split=test,limit=66 --data idx:both")
        self.assertEqual({few["n"], few["samples"]["samples"]["n"], few["anchors"]["test"]["n"]},
                         {66})
        self.fails("eval --samples idx:both#split=test,limit=64 --data idx:both", 65,
                   "takes at least 65 images of each kind; idx:both#split=test,limit=64 has too "
                   "few")
        self.fails("eval --samples idx:both#split=test,limit=66 --data idx:both --n 70", 65,
                   "n = 70: idx:both#split=test,limit=66 has 66 images")

    def test_same_numbers_for_any_number_of_threads(self) -> None:
        documents = []
        for threads in (1, 2, 3):
            documents.append(self.json_of("eval run --data idx:images --long-run 20 --n 70 "
                                          "--seed 5 --temperatures 40"
                                          f" --threads {threads} --out run{threads}.json",
                                          warns="effective sample size of the .* run is"))
            self.assertGreater(documents[-1].pop("seconds"), 0)
            documents[-1]["film"].pop("file")
        for i in (1, 2):
            self.assertEqual(documents[0], documents[i])
            self.assertEqual(self.bytes_of("run1-film.png"), self.bytes_of(f"run{i + 1}-film.png"))
        other = self.json_of(f"{EVAL} --n 70 --seed 6")
        self.assertNotEqual(other["fd"], documents[0]["fd"])

    def test_json_names(self) -> None:
        document = self.json_of(f"{EVAL} --steps 2 --ood idx:images/train-images-idx3-ubyte"
                                " --out figures.json")
        self.assertLessEqual(FIGURES, document.keys())
        self.assertEqual(document["samples"].keys(), {"noise", "data", "buffer"})
        self.assertEqual(document["anchors"].keys(), {"test", "gaussian", "uniform_noise"})
        for of in (document["samples"], document["anchors"]):
            for name, figures in of.items():
                nearest = {"memorisation"} if name != "test" else set()
                self.assertEqual(figures.keys(), FIGURES | nearest, name)
                self.assertEqual(sum(figures["classes"]["counts"]), figures["n"])
        self.assertEqual(document["n"], 80)
        self.assertEqual(document["file"], "run/checkpoints/000006/model.safetensors")
        self.assertEqual((document["steps"], document["step_size"], document["noise_scale"]),
                         (2, 10, document["noise_scale"]))
        # No key of the document takes the place of a figure.
        self.assertEqual({key: document[key] for key in FIGURES},
                         {key: document["samples"]["noise"][key] for key in FIGURES})
        self.assertEqual(document["net_precision"], "f32")
        self.assertEqual(document["ood"].keys(),
                         BUILT_IN | {"idx:images/train-images-idx3-ubyte"})
        for name, figures in document["ood"].items():
            self.assertEqual(figures.keys(), {"n", "auroc", "aupr", "auroc_complexity"}, name)
            self.assertTrue(0 <= figures["auroc"] <= 1)
        self.assertEqual(document["scores"].keys(), {"energy", "gradient_norm"})
        for name, figures in document["ood"].items():
            # Two ways to the same energies.
            self.assertEqual(document["scores"]["energy"][name]["auroc"], figures["auroc"])
        # The same images again cannot be told apart; noise does not compress.
        self.assertAlmostEqual(
            document["ood"]["idx:images/train-images-idx3-ubyte"]["auroc_complexity"], 0.5,
            delta=0.2)
        self.assertEqual(document["ood"]["uniform-noise"]["auroc_complexity"], 1.0)
        self.assertEqual(document["ood"]["constant"]["auroc_complexity"], 0.0)
        self.assertEqual(document["energies"].keys(), document["ood"].keys() |
                         {"training data", "test", "samples from noise"})
        edges = document["energies"]["test"]["edges"]
        self.assertEqual(edges, sorted(edges))
        self.assertEqual(len(edges), 61)
        for name, histogram in document["energies"].items():
            self.assertEqual(histogram.keys(), {"edges", "counts"}, name)
            self.assertEqual(histogram["edges"], edges)
            self.assertEqual(len(histogram["counts"]), 60)
            self.assertEqual(sum(histogram["counts"]),
                             document["ood"].get(name, {"n": document["n"]})["n"])
        anchors = document["anchors"]
        self.assertLess(anchors["test"]["fd"], anchors["uniform_noise"]["fd"])
        self.assertEqual(json.loads(self.bytes_of("figures.json")), document)

    def test_chains_from_data_stay_there_without_steps(self) -> None:
        document = self.json_of(f"{EVAL} --steps 0")
        self.assertLess(document["samples"]["data"]["fd"], document["samples"]["noise"]["fd"])
        self.assertEqual(document["samples"]["noise"]["coverage"],
                         document["anchors"]["uniform_noise"]["coverage"])
        # Other training images are no copies, and noise is near to no image.
        self.assertEqual(document["samples"]["data"]["memorisation"]["copy_share"], 0)
        self.assertLess(abs(document["samples"]["data"]["memorisation"]["z_score"]), 4)
        self.assertGreater(document["samples"]["noise"]["memorisation"]["z_score"], 8)

    def test_long_run_is_the_samples_walk_gone_on(self) -> None:
        document = self.json_of(f"{LONG} --long-run 30 --out long.json")
        run, film = document["long_run"], document["film"]
        self.assertEqual(run.keys(), {"steps", "fd", "energy", "saturation"})
        self.assertEqual(run["steps"], [4, 5, 10, 20, 30])
        for name, values in run.items():
            self.assertEqual(len(values), 5, name)
        self.assertEqual(run["fd"][0], document["fd"])
        # Stops on the way, and pictures taken there, change nothing.
        for steps in (10, 30):
            plain = self.json_of(f"{EVAL} --n 70 --steps {steps}")
            self.assertEqual(run["fd"][run["steps"].index(steps)], plain["fd"])
        self.assertTrue(all(0 < share < 1 for share in run["saturation"]))
        self.assertEqual(film, {"file": "long-film.png", "chains": 8,
                                "steps": [0, 1, 2, 4, 5, 8, 13, 20, 30]})
        # Tiles of 56 pixels with gaps of 2.
        self.assertEqual(made_files.png_size(self.bytes_of("long-film.png")),
                         (9 * 58 + 2, 8 * 58 + 2))
        table = self.ebm(f"{LONG} --long-run 30").stdout
        self.assertRegex(table, r"(?m)^chains from noise after +FD-CNN +mean E +at the wall")
        self.assertRegex(table, r"(?m)^  30 steps +\d")

    def test_long_says_whether_samples_stay_samples(self) -> None:
        document = self.json_of(f"{LONG} --long-run 30 --long")
        longer, run = document["fd_long"], document["long_run"]
        self.assertEqual(list(longer), ["1x", "10x", "100x"])
        self.assertEqual([row["steps"] for row in longer.values()], [4, 40, 400])
        self.assertEqual(longer["1x"]["fd"], document["fd"])
        self.assertEqual((longer["1x"]["energy_drift"], longer["1x"]["energy_drift_se"]), (0, 0))
        for row in longer.values():
            at = run["steps"].index(row["steps"])
            self.assertEqual((row["fd"], row["energy"]), (run["fd"][at], run["energy"][at]))
            self.assertAlmostEqual(row["energy_drift"], row["energy"] - longer["1x"]["energy"],
                                   delta=1e-6)
        table = self.ebm(f"{LONG} --long-run 0 --long").stdout
        self.assertRegex(table, r"(?m)^samples and longer chains +FD-CNN +ratio +mean E +drift of")
        self.assertRegex(table, r"(?m)^  1 x the steps, 4 +\S+ +1 +\S+ +0 ± 0$")
        self.assertRegex(table, r"(?m)^  100 x the steps, 400 +\d")
        self.assertNotIn("fd_long", self.json_of(f"{LONG} --long-run 30"))

    def test_long_run_can_be_left_out(self) -> None:
        document = self.json_of(f"{EVAL} --n 70 --out short.json")
        self.assertNotIn("long_run", document)
        self.assertNotIn("film", document)
        self.assertFalse((self.folder / "short-film.png").exists())

    def test_log_z_from_chains_of_the_model(self) -> None:
        arguments = "eval run --data idx:images --n 70 --temperatures 20"
        found = self.json_of(f"{arguments} --long-run 0",
                             warns="effective sample size of the .* run is")["log_z"]
        self.assertLess(found["ess"], 5)
        self.assertEqual(found.keys(), {
            "n", "log_z", "se", "mean_log_w", "ess", "acceptance", "bound", "reverse", "gap",
            "temperature", "temperatures", "schedule", "mean_energy", "bits_per_dim"})
        self.assertAlmostEqual(found["temperature"], 1.25e-6, delta=1e-12)
        self.assertEqual((found["n"], found["temperatures"]), (64, 20))
        self.assertIn("lower bound", found["bound"])
        self.assertIn("approximate", found["reverse"]["bound"])
        self.assertEqual(found["reverse"]["from"],
                         "chains of the replay buffer after 4 more steps")
        self.assertAlmostEqual(found["gap"], found["reverse"]["log_z"] - found["log_z"])
        table = run_ebm.run_well(command_case.options.ebm, f"{arguments} --long-run 9".split(),
                                 self.folder).stdout
        self.assertRegex(table, r"(?m)^log Z of exp\(-E/T\) at T = 1\.25e-06 by 20 values of beta"
                                r" \(geometric\), in reverse from chains from noise after 9 steps$")
        for pattern in (r"(?m)^forward +log Z = ", r"(?m)^reverse +log Z = ", r"(?m)^gap ",
                        r"(?m)^bits/dim .* by the forward run"):
            self.assertRegex(table, pattern)
        self.assertNotIn("log_z", self.json_of(f"{EVAL} --n 70"))

    def test_log_z_and_bits_of_a_linear_network(self) -> None:
        """E = w·x + b on the box: Z is a product. T = 1²/(2·10)."""
        (self.folder / "linear.toml").write_text(
            '[[layer]]\ntype = "flatten"\n[[layer]]\ntype = "linear"\nout_features = 1\n',
            encoding="utf-8")
        self.ebm("train --data idx:both --out linear --net linear.toml --iterations 2 --seed 1"
                 " --set batch_size=16 --set steps=2 --set sample_every=0 --set noise_scale=1")
        tensors = made_files.read_safetensors(self.folder / "linear/model.safetensors")
        by_size = {len(data) // 4: struct.unpack(f"<{len(data) // 4}f", data)
                   for _, _, data in tensors.values()}
        slopes, (bias,) = by_size[784], by_size[1]
        temperature = 1 / 20
        log_z = -bias / temperature
        for slope in slopes:
            a = abs(slope) / temperature
            log_z += math.log(2 * math.sinh(a) / a)
        pixels = self.bytes_of("both/t10k-images-idx3-ubyte")[16:]
        # A level v lies in the middle of its bin on average.
        mean_energy = (bias + sum(slopes[i % 784] * ((2 * v + 1) / 256 - 1)
                                  for i, v in enumerate(pixels)) / 70) / temperature
        found = self.json_of("eval linear/model.safetensors --data idx:both --n 70 --steps 2"
                             " --long-run 0 --temperatures 1000")["log_z"]
        self.assertAlmostEqual(found["temperature"], temperature, delta=1e-8)
        # By 8 standard deviations of the noise below one level.
        noise = math.sqrt(sum(slope ** 2 for slope in slopes) / 12 / 70) / 128 / temperature
        self.assertAlmostEqual(found["mean_energy"], mean_energy, delta=8 * noise)
        self.assertLess(8 * noise, 0.1)
        # 4 of its standard errors.
        self.assertLess(found["se"], 0.25, found)
        self.assertAlmostEqual(found["log_z"], log_z, delta=4 * found["se"])
        self.assertGreater(abs(log_z - 784 * math.log(2)), 10)
        bits = (mean_energy + log_z) / (784 * math.log(2)) + 7
        self.assertAlmostEqual(found["bits_per_dim"], bits,
                               delta=(1 + 8 * noise) / (784 * math.log(2)))

    def test_stops_at_a_signal(self) -> None:
        for signal_of, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            process = self.start(f"{LONG} --long-run 1000000000")
            # After the first line of progress.
            self.assertIn("sample", process.stderr.readline())
            process.send_signal(signal_of)
            output, errors = process.communicate()
            self.assertEqual(process.returncode, code, errors)
            self.assertEqual(output, "")
            self.assertIn(f"stopped by signal {signal_of.value}; nothing was written", errors)

    def test_other_classes_are_other_data(self) -> None:
        made_files.write_idx_folder(self.folder / "more", 600, 28)
        document = self.json_of("eval run --data idx:more#class=1 --long-run 0 --steps 2"
                                " --temperatures 0")
        # Of 200 images of the class a third is for tests.
        self.assertEqual(document["n"], 66)
        self.assertEqual(document["ood"].keys(), BUILT_IN | {"other classes"})
        self.assertEqual(document["ood"]["other classes"]["n"], 66)
        # The labels of these blobs mean nothing.
        self.assertAlmostEqual(document["ood"]["other classes"]["auroc"], 0.5, delta=0.2)

    def test_table(self) -> None:
        table = self.ebm(f"{EVAL} --n 70 --steps 2").stdout
        for pattern in (r"(?m)^ +n +FD-CNN +FD-CNN_inf +KID ± sd +precision +recall",
                        r"(?m)^  noise +70 ", r"(?m)^  data +70 ", r"(?m)^  buffer +70 ",
                        r"(?m)^  test images +70 ", r"(?m)^  Gaussian of the pixels +70 ",
                        r"(?m)^  pixel-shuffled +70 +[01]\.\d{4} ",
                        r"layer 11 \(relu\), 64 values",
                        r"2 steps, step size 10, noise scale 0\.005"):
            self.assertRegex(table, pattern)
        self.assertNotIn("FID", table)

    def test_too_few_for_a_covariance(self) -> None:
        self.fails(f"{EVAL} --n 64", 65, "a covariance of 64 features takes at least 65 images")
        self.fails("eval run --long-run 0 --temperatures 0 --data idx:images#limit=150", 65,
                   "a covariance of 64 features takes at least 65 images")


class FeaturesTest(EvalCase):
    """ebm features train."""

    def test_bits_do_not_depend_on_threads_and_the_file_serves(self) -> None:
        arguments = "features train --data idx:images --epochs 1 --seed 2"
        for threads in (1, 2, 3):
            document = self.json_of(f"{arguments} --threads {threads} --out {threads}.safetensors")
        self.assertEqual(self.bytes_of("1.safetensors"), self.bytes_of("2.safetensors"))
        self.assertEqual(self.bytes_of("1.safetensors"), self.bytes_of("3.safetensors"))
        self.assertEqual((document["net"], document["layer"]),
                         ("features28", "layer 11 (relu), 64 values"))
        self.assertNotIn("test_accuracy", document)
        figures = self.json_of(f"{EVAL} --steps 2 --features 1.safetensors")
        self.assertIn(f"(crc32 {document['crc32']})", figures["features"]["description"])
        self.assertEqual(len(figures["classes"]["counts"]), 3)
        shipped = self.json_of(f"{EVAL} --steps 2")
        self.assertNotEqual(shipped["fd"], figures["fd"])


if __name__ == "__main__":
    command_case.main(__doc__)
