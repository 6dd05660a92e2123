#!/usr/bin/env python3
"""Traces of `ebm sample` with named parameters, and its warnings about chains that do not move."""
import csv
import json
import math

import command_case
import made_files
import run_ebm

SCHOOLS = "sample --energy toy:eight-schools --sampler nuts --step-size 0.4 --n 4 --steps 50"
NAMES = ["mu", "tau", *(f"theta[{j}]" for j in range(1, 9))]


class TraceTest(command_case.CommandTest):
    """--trace FILE.npy, .csv and .nc."""

    def test_csv_has_the_parameters_of_the_states_in_npy(self) -> None:
        self.ebm(f"{SCHOOLS} --thinning 5 --trace t.npy")
        self.ebm(f"{SCHOOLS} --thinning 5 --trace t.csv --energy-trace e.npy")
        shape, states = made_files.read_npy(self.folder / "t.npy")
        self.assertEqual(shape, (10, 4, 10))
        energies = made_files.read_npy(self.folder / "e.npy")[1]
        with (self.folder / "t.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(rows[0]),
                         ["chain", "draw", "energy", "acceptance_rate", "diverging", *NAMES])
        self.assertEqual([(row["draw"], row["chain"]) for row in rows],
                         [(str(draw), str(chain)) for draw in range(10) for chain in range(4)])
        for i, row in enumerate(rows):
            state = states[10 * i:10 * i + 10]
            self.assertAlmostEqual(float(row["energy"]), energies[i], places=4)
            self.assertAlmostEqual(float(row["mu"]), state[0], places=5)
            self.assertAlmostEqual(float(row["tau"]), math.exp(state[1]),
                                   delta=1e-5 * math.exp(state[1]))
            self.assertAlmostEqual(float(row["theta[8]"]),
                                   state[0] + math.exp(state[1]) * state[9],
                                   delta=1e-5 * (1 + math.exp(state[1]) * abs(state[9])))
            self.assertTrue(0 <= float(row["acceptance_rate"]) <= 1)

    def test_netcdf_changes_no_bit_and_depends_on_no_thread(self) -> None:
        self.ebm(f"{SCHOOLS} --out plain.npy")
        document = self.json_of(f"{SCHOOLS} --threads 1 --trace t.nc --out x.npy")
        self.assertEqual(document["trace"], {"file": "t.nc", "draws": 50})
        self.assertEqual(self.bytes_of("plain.npy"), self.bytes_of("x.npy"))
        self.assertEqual(self.bytes_of("t.nc")[:4], b"\x89HDF")
        self.ebm(f"{SCHOOLS} --threads 2 --trace again.nc")
        self.assertEqual(self.bytes_of("t.nc"), self.bytes_of("again.nc"))

    def test_tables_and_json_name_the_parameters(self) -> None:
        document = self.json_of(f"{SCHOOLS} --diagnose")["diagnostics"]
        self.assertEqual([row["name"] for row in document["rows"]], ["energy", *NAMES])
        self.assertRegex(self.ebm(f"{SCHOOLS} --diagnose").stdout, r"(?m)^theta\[8\]  ")
        # A table shows tau, above 0, and not the coordinate ln tau.
        self.assertGreater(document["rows"][2]["q5"], 0)


class StuckTest(command_case.CommandTest):
    """Chains that accept nothing: E = 2 (x² − 1)² is too steep beyond 2.5 for a step of 0.1."""

    WALK = "sample --energy toy:double-well --n 512 --steps 200 --sampler mala --out x.npy"
    LINE = r"\d+ of 512 chains accepted none of their 200 proposals: they stayed where they started"

    def test_they_are_counted_once_on_stderr_and_in_json(self) -> None:
        done = run_ebm.run_well(command_case.options.ebm, f"{self.WALK} --step-size 0.1".split(),
                                self.folder)
        self.assertRegex(done.stderr, rf"(?m)^ebm: {self.LINE}")
        self.assertEqual(done.stderr.count("accepted none"), 1)
        self.assertIn("--adapt", done.stderr)
        done = run_ebm.run_well(command_case.options.ebm,
                                f"{self.WALK} --step-size 0.1 --json".split(), self.folder)
        document = json.loads(done.stdout)
        self.assertEqual(len(document["warnings"]), 1)
        self.assertRegex(document["warnings"][0], self.LINE)
        # As many chains are where they started.
        self.ebm("sample --energy toy:double-well --n 512 --steps 0 --sampler mala --out start.npy")
        starts, ends = (made_files.read_npy(self.folder / f"{name}.npy")[1]
                        for name in ("start", "x"))
        n_stuck = sum(start == end for start, end in zip(starts, ends))
        self.assertTrue(document["warnings"][0].startswith(f"{n_stuck} of 512 "))

    def test_nothing_is_said_of_chains_that_move(self) -> None:
        self.assertNotIn("accepted none", self.ebm(f"{self.WALK} --step-size 0.002").stderr)
        self.assertEqual(self.json_of(f"{self.WALK} --step-size 0.002")["warnings"], [])


if __name__ == "__main__":
    command_case.main(__doc__)
