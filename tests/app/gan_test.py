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


class DualityTest(command_case.CommandTest):
    """ebm gan duality."""

    def write(self, name: str, values: list[float], dim: int) -> None:
        """Rows of a data set."""
        (self.folder / name).write_bytes(
            made_files.npy((len(values) // dim, dim), made_files.floats(values)))

    def test_primal_is_dual_on_a_line(self) -> None:
        self.write("a.npy", [0.1 * i * i for i in range(20)], 1)
        self.write("b.npy", [0.1 * i * i + 0.75 for i in range(20)], 1)
        words = "gan duality --real npy:a.npy --fake npy:b.npy --iterations 400 --seed 2"
        document = self.json_of(words)
        self.assertEqual(document["n"], 20)
        for name in ("primal", "dual", "dual_one_function", "closed_form"):
            self.assertAlmostEqual(document[name], 0.75, delta=2e-6, msg=name)
        norm = document["critic_spectral_norm"]
        self.assertLessEqual(norm["value"] / norm["slope"], 0.75 + 1e-5)
        self.assertGreater(norm["value"], 0.2)
        self.assertGreater(document["critic_gradient_penalty"]["value"], 0.4)
        self.assertEqual(self.json_of(words + " --threads 1"), document)

    def test_a_squared_cost_is_no_metric(self) -> None:
        self.write("a.npy", [0.0, 0.0, 0.5], 1)
        self.write("b.npy", [1.0, 1.0, 0.5], 1)
        document = self.json_of("gan duality --real npy:a.npy --fake npy:b.npy --cost squared")
        # One of the two goes on from 1/2 in place of the third: 1/4 + 1/4 + 1 of three rows. But f
        # may only grow by 1/4 + 1/4 from 0 to 1, which two of three rows use.
        for name in ("primal", "dual", "closed_form"):
            self.assertAlmostEqual(document[name], 0.5, delta=1e-11, msg=name)
        self.assertAlmostEqual(document["dual_one_function"], 1 / 3, delta=1e-11)
        self.assertNotIn("critic_gradient_penalty", document)
        text = self.ebm("gan duality --real npy:a.npy --fake npy:b.npy --cost squared").stdout
        self.assertIn("no metric", text)


if __name__ == "__main__":
    command_case.main(__doc__)
