#!/usr/bin/env python3
"""Names of folders that are not UTF-8, or hold quotes, line ends and terminal codes."""
import json
import os
import pathlib
import subprocess

import command_case
import made_files
import run_ebm

LATIN_1 = b"caf\xe9"
NAMES = (LATIN_1, b"a 'b' \"c\"", b"two\nlines", b"\x1b[2Jcleared", "Größe".encode(), b"\xff\xfe")


class OddNamesTest(command_case.CommandTest):
    """Commands on data below such a folder."""

    def run_bytes(self, *arguments: bytes | str) -> subprocess.CompletedProcess:
        """A command whose arguments and output are bytes."""
        return subprocess.run([command_case.options.ebm, *arguments], cwd=self.folder,
                              env=run_ebm.environment(), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=600, check=False)

    def make_set(self, name: bytes) -> bytes:
        """A folder of that name with two classes, one of the same name; its SPEC."""
        root = os.fsencode(self.folder) + b"/" + name
        for klass in (name, b"dog"):
            os.makedirs(root + b"/" + klass)
            for item in range(4):
                path = pathlib.Path(os.fsdecode(root + b"/" + klass + b"/%d.png" % item))
                path.write_bytes(made_files.png(8 + item, 8))
        return b"images:" + name + b"#size=8"

    def test_document_is_valid_json(self) -> None:
        for name in NAMES:
            with self.subTest(name=name):
                done = self.run_bytes("data", self.make_set(name), "--json")
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                document = json.loads(done.stdout.decode())
                shown = [each["name"] for each in document["classes"]]
                self.assertIn(name.decode(errors="replace"), shown)
                self.assertIn(name.decode(errors="replace"), document["name"])

    def test_table_is_shown(self) -> None:
        for name in NAMES:
            with self.subTest(name=name):
                done = self.run_bytes("data", self.make_set(name))
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(done.stdout.count(b"\n"), 8)
                self.assertNotIn(b"\x1b", done.stdout)

    def test_fault_is_one_line(self) -> None:
        for name in NAMES:
            with self.subTest(name=name):
                spec = self.make_set(name)
                damaged = os.fsencode(self.folder) + b"/" + name + b"/dog/2.png"
                pathlib.Path(os.fsdecode(damaged)).write_bytes(b"no image")
                done = self.run_bytes("data", spec)
                self.assertEqual(done.returncode, 65)
                self.assertEqual(done.stderr.count(b"\n"), 1)
                self.assertNotIn(b"\x1b", done.stderr)
                done.stderr.decode()
                skipped = self.run_bytes("data", spec + b",skip_bad=1", "--json")
                self.assertEqual(skipped.returncode, 0)
                self.assertEqual(len(json.loads(skipped.stdout.decode())["skipped"]), 1)
                self.assertEqual(skipped.stderr.count(b"\n"), 1)

    def test_training_works_and_goes_on(self) -> None:
        if not command_case.options.torch:
            self.skipTest("no training without LibTorch")
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        for i, name in enumerate(NAMES):
            with self.subTest(name=name):
                train = ["train", "--out", f"run{i}", "--threads", "1", "--json"]
                first = self.run_bytes(*train, "--data", self.make_set(name), "--net", "net.toml",
                                       "--iterations", "2", "--set", "batch_size=4", "--set",
                                       "steps=2")
                self.assertEqual(first.returncode, 0, first.stderr)
                self.assertEqual(json.loads(first.stdout.decode())["iteration"], 2)
                more = self.run_bytes(*train, "--resume", "--iterations", "3")
                self.assertEqual(more.returncode, 0, more.stderr)
                drawn = self.run_bytes("sample", f"run{i}", "--init", "data", "--n", "2", "--steps",
                                       "1", "--out", "x.npy", "--json")
                self.assertEqual(drawn.returncode, 0, drawn.stderr)
                json.loads(drawn.stdout.decode())

    def test_a_model_knows_its_classes_by_their_bytes(self) -> None:
        (self.folder / "net.toml").write_text(
            'input = [1, 8, 8]\nclasses = 2\nlayer = [{type = "flatten"}, {type = "projection"}]\n',
            encoding="utf-8")
        for i, name in enumerate(NAMES):
            with self.subTest(name=name):
                spec = self.make_set(name)
                made = self.run_bytes("train", "--data", spec, "--net", "net.toml", "--set",
                                      "condition=class", "--iterations", "1", "--set",
                                      "batch_size=4", "--set", "steps=1", "--out", f"run{i}")
                self.assertEqual(made.returncode, 0, made.stderr)
                told = self.run_bytes("classify", f"run{i}", "--data", spec, "--json")
                self.assertEqual(told.returncode, 0, told.stderr)
                self.assertEqual(sorted(json.loads(told.stdout.decode())["classes"]),
                                 sorted([name.decode(errors="replace"), "dog"]))
                drawn = self.run_bytes("sample", b"run%d#class=%s" % (i, name), "--init", "data",
                                       "--n", "2", "--steps", "1", "--out", "x.npy")
                self.assertEqual(drawn.returncode, 0, drawn.stderr)

    def assert_shown(self, done: subprocess.CompletedProcess, n_lines: int | None = None) -> None:
        """Its output holds nothing that controls a terminal, and no name breaks a line."""
        self.assertEqual(done.returncode, 0, done.stderr)
        for text in (done.stdout, done.stderr):
            text.decode()
            self.assertNotRegex(text, rb"[\x00-\x09\x0b-\x1f\x7f]")
        if n_lines is not None:
            self.assertEqual(done.stdout.count(b"\n"), n_lines, done.stdout)

    def test_results_name_files_in_one_line(self) -> None:
        for name in NAMES:
            with self.subTest(name=name):
                words = ["sample", "--energy", "toy:rings", "--n", "4", "--steps", "2"]
                self.assert_shown(self.run_bytes(
                    *words, "--out", name + b".npy", "--trace", name + b"t.npy", "--energy-trace",
                    name + b"e.npy"), 3)
                data = b"npy:" + name + b".npy"
                self.assert_shown(self.run_bytes("data", data, "--out", name + b".png"))
                self.assert_shown(self.run_bytes("man", name + b" pages"), 1)

    def test_results_of_models_name_files_in_one_line(self) -> None:
        if not command_case.options.torch:
            self.skipTest("no training without LibTorch")
        short = ["--data", "toy:rings#limit=50", "--iterations", "1", "--set", "batch_size=4"]
        for name in NAMES:
            with self.subTest(name=name):
                data = b"npy:" + name + b".npy"
                self.run_bytes("sample", "--energy", "toy:rings", "--n", "9", "--steps", "2", "--out",
                               name + b".npy")
                self.assert_shown(self.run_bytes("train", *short, "--set", "steps=2", "--out", name),
                                  1)
                self.assert_shown(self.run_bytes("score", name, "--data", data, "--out",
                                                 name + b"s.npy"), 1)
                self.assert_shown(self.run_bytes("report", name), 1)
                self.assert_shown(self.run_bytes("logz", name, "--n", "64", "--temperatures", "50"))
                flow = name + b"f"
                self.assert_shown(self.run_bytes("flow", "train", *short, "--set", "blocks=1",
                                                 "--out", flow), 1)
                self.assert_shown(self.run_bytes("flow", "score", flow, "--data", data, "--out",
                                                 name + b"d.npy"), 2)
                self.assert_shown(self.run_bytes("flow", "sample", flow, "--n", "3", "--out",
                                                 name + b"x.npy"), 1)
                self.assert_shown(self.run_bytes("flow", "invert", flow, "--data", data))
                self.assert_shown(self.run_bytes("gan", "duality", "--real", data, "--fake",
                                                 "toy:rings", "--iterations", "2"), 7)
                gan = name + b"g"
                self.assert_shown(self.run_bytes("gan", "train", *short, "--set",
                                                 "batch_size=32", "--out", gan), 1)
                self.assert_shown(self.run_bytes("gan", "sample", gan, "--n", "3", "--out",
                                                 name + b"y.npy"), 1)

    def test_a_shell_takes_the_command_that_goes_on(self) -> None:
        if not command_case.options.torch:
            self.skipTest("no training without LibTorch")
        for name in NAMES:
            with self.subTest(name=name):
                done = self.run_bytes("train", "--data", "toy:rings#limit=50", "--minutes", "1e-9",
                                      "--set", "batch_size=4", "--set", "steps=2", "--out", name)
                self.assert_shown(done)
                command = done.stdout.split(b"go on with: ebm ")[1].strip()
                more = subprocess.run(
                    ["bash", "-c", os.fsencode(command_case.options.ebm) + b" " + command
                     + b" --minutes 0 --iterations 1"], cwd=self.folder,
                    env=run_ebm.environment(LC_ALL="C.UTF-8"), stdin=subprocess.DEVNULL,
                    capture_output=True, timeout=600, check=False)
                self.assert_shown(more, 1)
                self.assertIn(b"resumed ", more.stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
