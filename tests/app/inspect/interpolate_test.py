#!/usr/bin/env python3
"""ebm interpolate: paths whose barriers are known, and pictures of paths between images."""
import json
import math

import command_case
import made_files
import run_ebm


class InterpolateTest(command_case.CommandTest):
    """Toys and a trained model."""

    def test_the_barrier_of_a_double_well(self) -> None:
        # 2 (x^2 - 1)^2: minima at -1 and 1, barrier 2 at 0, which is the middle of nine states.
        document = self.json_of("interpolate --energy toy:double-well --from=-1 --to 1 --images 9"
                                " --out path.npy")
        self.assertAlmostEqual(document["barrier"], 2, delta=1e-6)
        self.assertAlmostEqual(document["line"]["barrier"], 2, delta=1e-6)
        # A toy is the same in place of MODEL.
        other = self.json_of("interpolate toy:double-well --from=-1 --to 1 --images 9"
                             " --out path.npy")
        self.assertEqual(other, document)
        self.assertEqual(len(document["energies"]), 11)
        self.assertEqual(document["distances"][0], 0)
        self.assertAlmostEqual(document["distances"][-1], 1, delta=1e-6)
        shape, values = made_files.read_npy(self.folder / "path.npy")
        self.assertEqual(shape, (11, 1))
        self.assertEqual((values[0], values[-1]), (-1, 1))

    def test_an_expression_has_its_terms(self) -> None:
        # The sum of two wells is twice one.
        done = json.loads(run_ebm.run_well(command_case.options.ebm, [
            "interpolate", "toy:double-well,dim=1 + toy:double-well,dim=1", "--from=-1", "--to=1",
            "--out", "path.npy", "--json"], self.folder).stdout)
        one = self.json_of("interpolate --energy toy:double-well --from=-1 --to 1 --out path.npy")
        self.assertAlmostEqual(done["line"]["barrier"], 2 * one["line"]["barrier"], delta=1e-5)
        self.assertEqual([term["weight"] for term in done["terms"]], [1, 1])
        self.assertIn("simd", one)

    def test_neighbours_of_a_ring_of_gaussians(self) -> None:
        # Opposite modes: the line crosses the empty middle, the path passes by three neighbours.
        # Neighbours meet sin^2(22.5 deg)/(2 * 0.15^2) - ln 2 above a mode (docs/modes.md).
        document = self.json_of("interpolate --energy toy:8gaussians --from 1,0 --to 0,1"
                                " --images 25 --steps 4000 --step-size 0.002 --out path.png")
        passage = math.sin(math.pi / 8) ** 2 / (2 * 0.15 ** 2) - math.log(2)
        self.assertAlmostEqual(document["barrier"], passage, delta=0.05)
        self.assertGreater(document["line"]["barrier"], passage + 0.2)
        self.assertEqual(made_files.png_size(self.bytes_of("path.png")), (27 * 50, 260))

    def test_a_path_between_images(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 40, 12)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        self.ebm("train --data idx:images --net net.toml --iterations 20 --set batch_size=16"
                 " --set steps=5 --set sample_every=0 --set buffer_capacity=64 --out run")
        (self.folder / "a.png").write_bytes(made_files.png(12, 12))
        ends = "--from a.png --to idx:images#class=2,item=3"
        document = self.json_of(f"interpolate run {ends} --images 4 --steps 50 --out path.png")
        width, height = made_files.png_size(self.bytes_of("path.png"))
        self.assertEqual(height, 2 * 62 + 262)
        self.assertTrue(20 < width - (6 * 62 + 2) < 140)  # the names of the rows at the left
        self.assertLessEqual(document["highest"], document["line"]["highest"])
        self.ebm(f"interpolate run {ends} --images 4 --steps 50 --out path.npy")
        shape, values = made_files.read_npy(self.folder / "path.npy")
        self.assertEqual(shape, (6, 1, 12, 12))
        self.assertTrue(all(-1 <= x <= 1 for x in values))
        energies = self.json_of("score run --data npy:path.npy --out e.npy")["energy"]
        self.assertAlmostEqual(energies["max"], max(document["energies"]), delta=1e-4)
        text = self.ebm(f"interpolate run {ends} --images 4 --steps 0 --out path.png").stdout
        self.assertRegex(text, r"(?m)^straight line: highest energy ")

    def test_what_is_passed_over_in_one_folder_is_said_once(self) -> None:
        (self.folder / "set").mkdir()
        for name in ("a.png", "b.png"):
            (self.folder / "set" / name).write_bytes(made_files.png(12, 12))
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")
        self.ebm("train --data images:set --net net.toml --iterations 1 --set batch_size=2"
                 " --set steps=1 --set sample_every=0 --out run")
        (self.folder / "set" / "c.bmp").write_bytes(b"BM")
        done = run_ebm.run_well(
            command_case.options.ebm,
            "interpolate run --from images:set#item=0 --to images:set#item=1 --images 2 --steps 1"
            " --out path.png --json".split(), self.folder)
        self.assertEqual(json.loads(done.stdout)["warnings"], ["1 file passed over: 1 .bmp"])
        self.assertEqual(done.stderr.count("1 file passed over: 1 .bmp"), 1)


if __name__ == "__main__":
    command_case.main(__doc__)
