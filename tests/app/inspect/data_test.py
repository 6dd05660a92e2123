#!/usr/bin/env python3
"""`ebm data`: counts, classes, options and pictures."""
import json

import command_case
import made_files
import run_ebm


class DataTest(command_case.CommandTest):
    """ebm data."""

    def test_counts_and_classes_of_an_idx_folder(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 50, 12, n_classes=4)
        document = self.json_of("data idx:images")
        self.assertEqual(document.keys(), {"name", "n", "shape", "kind", "is_image", "stored",
                                           "scaled", "classes", "warnings", "skipped"})
        self.assertEqual(document["n"], 50)
        self.assertEqual(document["shape"], [1, 12, 12])
        self.assertEqual(document["kind"], "uint8")
        self.assertIs(document["is_image"], True)
        counts = [(each["label"], each["n"]) for each in document["classes"]]
        self.assertEqual(counts, [(0, 13), (1, 13), (2, 12), (3, 12)])
        self.assertGreaterEqual(document["scaled"]["min"], -1.0)
        self.assertLessEqual(document["scaled"]["max"], 1.0)
        table = self.ebm("data idx:images").stdout
        self.assertRegex(table, r"(?m)^items +50$")
        self.assertRegex(table, r"(?m)^classes +4$")

    def test_options_pick_items(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 50, 12, n_classes=4)
        document = self.json_of("data idx:images#class=2,limit=5,size=8")
        self.assertEqual((document["n"], document["shape"]), (5, [1, 8, 8]))
        self.assertEqual([each["label"] for each in document["classes"]], [2])

    def test_picture(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 9, 12)
        self.ebm("data idx:images --out grid.png")
        width, height = made_files.png_size(self.bytes_of("grid.png"))
        self.assertGreaterEqual(min(width, height), 3 * 12)

    def test_what_is_left_out_is_said_once_and_in_the_document(self) -> None:
        folder = self.folder / "set"
        (folder / "train/cat").mkdir(parents=True)
        (folder / "test/cat").mkdir(parents=True)
        for name in ("train/cat/a.png", "train/cat/c.png", "test/cat/a.png"):
            (folder / name).write_bytes(made_files.png(8, 8))
        (folder / "train/cat/._a.png").write_bytes(bytes([0, 5, 22, 7, 0, 2, 0, 0]))
        (folder / "train/cat/b.png").write_bytes(made_files.png(8, 8)[:60])
        (folder / "train/cat/b.gif").write_bytes(b"GIF89a")
        command = "data images:set#class=cat,skip_bad=1"
        done = run_ebm.run_well(command_case.options.ebm, [*command.split(), "--json"],
                                self.folder)
        document = json.loads(done.stdout)
        self.assertEqual(document["n"], 2)
        self.assertEqual(document["name"], "images:set#split=train,class=cat,skip_bad=1")
        self.assertEqual(document["skipped"], ["set/train/cat/b.png"])
        self.assertEqual([line for line in done.stderr.splitlines() if line.startswith("ebm: ")],
                         ["ebm: " + line for line in document["warnings"]])
        self.assertIn("2 files passed over: 1 .gif, 1 hidden", document["warnings"])
        self.assertIn("1 file skipped as not sound: set/train/cat/b.png", document["warnings"][1])
        self.assertEqual(self.json_of("data images:set#split=test")["n"], 1)

    def test_home_is_found_behind_every_prefix(self) -> None:
        (self.folder / "home/pics").mkdir(parents=True)
        (self.folder / "home/pics/a.png").write_bytes(made_files.png(8, 8))
        (self.folder / "home/x.npy").write_bytes(made_files.npy((1, 2), made_files.floats([1, 2])))
        home = str(self.folder / "home")
        self.assertIn("1 x 8 x 8", self.ebm("data images:~/pics", HOME=home).stdout)
        self.assertIn("2 x 1 x 1", self.ebm("data npy:~/x.npy", HOME=home).stdout)
        # No shell expands the ~ of these two, either.
        self.ebm("data images:~/pics --out=~/grid.png", HOME=home)
        self.assertTrue((self.folder / "home/grid.png").is_file())
        self.assertFalse((self.folder / "~").exists())
        if command_case.options.torch:
            self.ebm("train --data npy:~/x.npy --out=~/run --iterations 1 --set batch_size=2"
                     " --set steps=1", HOME=home)
            self.assertTrue((self.folder / "home/run/model.safetensors").is_file())

    def test_keras_arrays_are_read_with_channels_last(self) -> None:
        (self.folder / "x.npy").write_bytes(
            made_files.npy((2, 4, 4, 3), bytes(range(96)), descr="|u1"))
        done = run_ebm.run_well(command_case.options.ebm, ["data", "npy:x.npy", "--json"],
                                self.folder)
        self.assertEqual(json.loads(done.stdout)["shape"], [3, 4, 4])
        self.assertIn("layout=nchw reads 4x4x3", done.stderr)
        self.assertEqual(self.json_of("data npy:x.npy#layout=nchw")["shape"], [4, 4, 3])
        self.assertEqual(self.json_of("data npy:x.npy#layout=nhwc")["shape"], [3, 4, 4])


if __name__ == "__main__":
    command_case.main(__doc__)
