#!/usr/bin/env python3
"""ebm gan: what its commands print and write."""
import math
import unittest

import command_case
import made_files


class DynamicsTest(command_case.CommandTest):
    """ebm gan dynamics."""

    def test_steps_end_where_they_are_known_to(self) -> None:
        document = self.json_of("gan dynamics --system minimax --phi -1 --theta 1 --steps 500")
        self.assertEqual(document.keys(), {"system", "rows", "eigenvalues", "spectral_radius"})
        last = document["rows"][-1]
        self.assertEqual(last.keys(), {"step", "theta_norm", "phi_norm"})
        self.assertEqual(last["step"], 500)
        self.assertAlmostEqual(math.hypot(last["theta_norm"], last["phi_norm"]), 3.097, delta=6e-4)
        self.assertAlmostEqual(document["spectral_radius"], 1.004988, delta=1e-6)
        turns = self.json_of("gan dynamics --system minimax --phi -1 --theta 1 --steps 500"
                             " --step-size 0.2 --turns alternating")["rows"][-1]
        self.assertAlmostEqual(math.hypot(turns["theta_norm"], turns["phi_norm"]), 1.421,
                               delta=6e-4)

    def test_the_flow_of_the_plane(self) -> None:
        document = self.json_of("gan dynamics --system ns --time 2000 --out ns.png")
        self.assertEqual(document["picture"], "ns.png")
        self.assertEqual([row["time"] for row in document["rows"]],
                         [200.0 * i for i in range(11)])
        for row in document["rows"]:
            self.assertAlmostEqual(row["angular_momentum"], 0.03, delta=3e-7)
        self.assertAlmostEqual(document["rows"][-1]["theta_norm"], 0.17321, delta=5e-6)
        self.assertEqual(made_files.png_size(self.bytes_of("ns.png")), (800, 800))

    def test_the_table_says_what_becomes_of_it(self) -> None:
        text = self.ebm("gan dynamics --system wgan --penalty 0.1 --time 40").stdout
        self.assertIn("eigenvalues at (0, 0):  -0.1+0.994987i", text)
        self.assertIn("the flow converges to it", text)
        text = self.ebm("gan dynamics --system wgan-gp --penalty 0.1").stdout
        self.assertIn("not differentiable at (0, 0): no eigenvalues", text)


if __name__ == "__main__":
    command_case.main(__doc__)
