#!/usr/bin/env python3
"""`ebm train`, and the commands on a model that it trained: files, JSON, determinism, signals."""
import array
import json
import math
import pathlib
import re
import shutil
import struct
import tempfile

import command_case
import compare_runs
import made_files
import run_ebm

TRAIN = ("train --data idx:images --net net.toml --iterations 60 --seed 1 --set checkpoint_every=10"
         " --set batch_size=16 --set steps=10 --set sample_every=20 --set sample_steps=4"
         " --set log_every=1 --set buffer_capacity=128")


class ModelTest(command_case.CommandTest):
    """Commands on a trained model."""

    trained: tempfile.TemporaryDirectory

    @classmethod
    def setUpClass(cls) -> None:
        cls.trained = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.trained.cleanup)
        folder = pathlib.Path(cls.trained.name)
        made_files.write_idx_folder(folder / "images", 100, 12)
        (folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        done = run_ebm.run_well(command_case.options.ebm, f"{TRAIN} --out run --json".split(),
                                folder)
        cls.train_stdout = done.stdout
        cls.train_stderr = done.stderr

    def setUp(self) -> None:
        super().setUp()
        for name in ("images", "net.toml", "run"):
            (self.folder / name).symlink_to(pathlib.Path(self.trained.name) / name)

    def test_train_json(self) -> None:
        document = json.loads(self.train_stdout)
        self.assertEqual(document, {"run": "run", "model": "run/model.safetensors", "iteration": 60,
                                    "end": "iterations", "picture": "run/samples/noise_000060.png",
                                    "warnings": []})
        for line in self.train_stderr.splitlines():
            self.assertRegex(line, r"^train +\d+%")

    def test_run_folder(self) -> None:
        run = self.folder / "run"
        self.assertIn("seed = 1\n", (run / "config.toml").read_text(encoding="utf-8"))
        rows = compare_runs.metrics_without_timing(run)
        self.assertEqual([row["iteration"] for row in rows], [str(i) for i in range(1, 61)])
        self.assertEqual(sorted(path.name for path in (run / "checkpoints").iterdir()),
                         ["000040", "000050", "000060"])
        pictures = sorted(path.name for path in (run / "samples").iterdir())
        self.assertEqual(pictures, [f"{kind}_0000{i}.png" for kind in ("buffer", "noise")
                                    for i in (20, 40, 60)])

    def test_samples_do_not_depend_on_threads(self) -> None:
        for backend in ("compiled", "torch"):
            for threads in (1, 2, 3, 7):
                self.ebm(f"sample run --n 113 --steps 5 --backend {backend} --threads {threads}"
                         f" --out {threads}.npy")
                self.assertEqual(self.bytes_of("1.npy"), self.bytes_of(f"{threads}.npy"), threads)

    def test_a_precision_is_that_of_training_unless_one_is_asked_for(self) -> None:
        words = TRAIN.replace("--iterations 60", "--iterations 20")
        done = run_ebm.run_well(command_case.options.ebm,
                                f"{words} --out half --precision bf16 --json".split(), self.folder)
        made = json.loads(done.stdout)
        self.assertIn(f'precision = bf16: products of bfloat16 by {made["bf16_unit"]}\n',
                      done.stderr)
        self.assertEqual(made["net_precision"], "bf16")
        config = (self.folder / "half/config.toml").read_text(encoding="utf-8")
        self.assertIn("precision = 'bf16'\n", config)
        self.assertIn(f'bf16_unit = "{made["bf16_unit"]}"\n', config)
        self.assertNotIn("bf16_unit", (self.folder / "run/config.toml").read_text("utf-8"))
        sample = "sample half --n 20 --steps 5 --out"
        own, asked, float32 = (self.json_of(f"{sample} {name}") for name in
                               ("a.npy", "b.npy --precision bf16", "c.npy --precision f32"))
        self.assertEqual((own["net_precision"], float32["net_precision"]), ("bf16", "f32"))
        self.assertEqual(own["bf16_unit"], made["bf16_unit"])
        self.assertNotIn("bf16_unit", float32)
        self.assertEqual(self.bytes_of("a.npy"), self.bytes_of("b.npy"))
        self.assertNotEqual(self.bytes_of("a.npy"), self.bytes_of("c.npy"))
        self.assertIn(f', bf16 by {made["bf16_unit"]}\n', self.ebm(f"{sample} d.npy").stdout)
        scores = [self.json_of(f"score half --data npy:a.npy --out {name}.npy --precision {name}")
                  for name in ("f32", "bf16")]
        self.assertEqual([each["net_precision"] for each in scores], ["f32", "bf16"])
        self.assertNotEqual(self.bytes_of("f32.npy"), self.bytes_of("bf16.npy"))
        # What takes differences of rounded energies in units of T is refused where T is small, if
        # bfloat16 was asked for; else it is done in float32.
        for words in ("sample half --n 20 --steps 5 --sampler mala --step-size 1e-6 --out e.npy"
                      " --temperature", "logz half --n 16 --temperatures 10 --temperature"):
            done = run_ebm.run(command_case.options.ebm,
                               f"{words} 1e-9 --precision bf16".split(), self.folder)
            self.assertEqual(done.code, 64)
            self.assertRegex(done.stderr, r"(?m)^ebm: precision = bf16: energies are off by .*"
                                          r" at T = 1e-09; take --precision f32, or T of at least")
            for rest, precision, warns in (("10", "bf16", False), ("1e-9", "f32", True),
                                           ("1e-9 --precision f32", "f32", False)):
                done = run_ebm.run_well(command_case.options.ebm,
                                        f"{words} {rest} --json".split(), self.folder)
                document = json.loads(done.stdout)
                self.assertEqual(document["net_precision"], precision)
                said = [line for line in document["warnings"] if "is taken in f32" in line]
                self.assertEqual(len(said), int(warns), document["warnings"])

    def test_samples_are_images_in_the_box(self) -> None:
        words = "sample run --n 20 --steps 5"
        self.ebm(f"{words} --out x.npy")
        shape, values = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(shape, (20, 1, 12, 12))
        self.assertTrue(all(-1.0 <= x <= 1.0 for x in values))
        self.ebm(f"{words} --out x.png")
        self.assertGreaterEqual(min(made_files.png_size(self.bytes_of("x.png"))), 4 * 12)

    def test_log_z_of_a_model_is_that_on_its_box(self) -> None:
        self.ebm("sample run --n 16 --steps 5 --out x.npy")
        document = self.json_of("logz run --n 32 --temperatures 10 --reverse x.npy")
        self.assertEqual(document["reverse"]["n"], 16)
        self.assertEqual((document["dim"], document["base"]["box"]), (144, [-1, 1]))
        self.assertEqual(document["temperature"], 1)
        self.assertTrue(math.isfinite(document["log_z"]))

    def test_start_from_the_replay_buffer(self) -> None:
        self.ebm("sample run --init replay --n 40 --steps 0 --out x.npy")
        saved = made_files.read_safetensors(
            self.folder / "run/checkpoints/000060/replay.safetensors")
        dtype, shape, items = saved["items"]
        self.assertEqual((dtype, shape), ("F32", [128, 144]))
        _, values = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(values.tobytes(), items[:40 * 144 * 4])

    def test_score_csv_and_npy_agree_and_are_in_order(self) -> None:
        # Noise, and the same images backwards.
        self.ebm("sample run --n 30 --steps 0 --out x.npy")
        _, values = made_files.read_npy(self.folder / "x.npy")
        backwards = b"".join(values[144 * i:144 * (i + 1)].tobytes() for i in reversed(range(30)))
        (self.folder / "y.npy").write_bytes(made_files.npy((30, 1, 12, 12), backwards))
        document = self.json_of("score run --data npy:x.npy --out e.npy")
        self.assertEqual(document.keys(),
                         {"out", "n", "energy", "simd", "net_precision", "warnings"})
        shape, energies = made_files.read_npy(self.folder / "e.npy")
        self.assertEqual(shape, (30,))
        self.assertEqual(len(set(energies)), 30)
        self.assertAlmostEqual(document["energy"]["mean"], sum(energies) / 30, places=5)
        least = document["energy"]["min"]  # in the digits of its float
        self.assertEqual(struct.pack("f", least), struct.pack("f", min(energies)))
        self.assertLess(len(str(least)), 14)
        self.ebm("score run --data npy:y.npy --out f.npy --threads 1")
        self.assertEqual(made_files.read_npy(self.folder / "f.npy")[1], energies[::-1])
        self.ebm("score run --data npy:x.npy --out e.csv")
        lines = self.bytes_of("e.csv").decode().splitlines()
        self.assertEqual(lines[0], "item,energy")
        self.assertEqual([int(line.split(",")[0]) for line in lines[1:]], list(range(30)))
        # float32 in its shortest form, which gives back the same bits.
        found = array.array("f", (float(line.split(",")[1]) for line in lines[1:]))
        self.assertEqual(found, energies)

    def test_score_csv_has_labels(self) -> None:
        self.ebm("score run --data idx:images#limit=5 --out e.csv")
        lines = self.bytes_of("e.csv").decode().splitlines()
        self.assertEqual(lines[0], "item,label,energy")
        self.assertEqual([line.split(",")[1] for line in lines[1:]], list("01201"))

    def test_run_checkpoint_and_file_are_one_model(self) -> None:
        energies = []
        for model in ("run", "run/checkpoints/000060", "run/model.safetensors"):
            self.ebm(f"score {model} --data idx:images --out e.npy")
            energies.append(self.bytes_of("e.npy"))
        self.assertEqual(energies[0], energies[1])
        self.assertEqual(energies[0], energies[2])
        self.ebm("score run/checkpoints/000040 --data idx:images --out e.npy")
        self.assertNotEqual(energies[0], self.bytes_of("e.npy"))

    def test_terminate_saves_and_resume_gives_the_same_bits(self) -> None:
        for _ in range(5):
            process = self.start_run(f"{TRAIN} --out stopped", "stopped", least=10)
            if process:
                process.terminate()
                process.communicate()
                if process.returncode != 0:
                    break
            shutil.rmtree(self.folder / "stopped")
        self.assertIsNotNone(process, "it was never stopped in time")
        self.assertEqual(process.returncode, 143)
        checkpoints = sorted(path.name for path in (self.folder / "stopped/checkpoints").iterdir())
        self.assertNotIn("000060", checkpoints)
        done = run_ebm.run_well(command_case.options.ebm,
                                "train --resume --out stopped".split(), self.folder)
        resumed = re.search(r"(?m)^ebm: resumed stopped from iteration (\d+)$", done.stderr)
        self.assertIsNotNone(resumed, done.stderr)
        self.assertEqual(int(resumed[1]), int(checkpoints[-1]))
        self.assertEqual(compare_runs.differences(self.folder / "run", self.folder / "stopped"), [])

    def test_damaged_newest_checkpoint_gives_way_to_the_one_before(self) -> None:
        words = "train --data toy:8gaussians#limit=50 --net mlp --out toy --iterations 4"
        self.ebm(f"{words} --set checkpoint_every=2 --set batch_size=16 --set steps=2")
        self.ebm("sample toy/checkpoints/000002 --n 8 --out x.npy")
        path = self.folder / "toy/checkpoints/000004/model.safetensors"
        path.write_bytes(path.read_bytes()[:-1])
        done = run_ebm.run_well(command_case.options.ebm,
                                "sample toy --n 8 --out y.npy".split(), self.folder)
        self.assertIn("000004/model.safetensors is damaged", done.stderr)
        self.assertEqual(self.bytes_of("x.npy"), self.bytes_of("y.npy"))


if __name__ == "__main__":
    command_case.main(__doc__)
