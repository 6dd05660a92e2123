#!/usr/bin/env python3
"""ebm modes: what it prints of a graph."""
import unittest

import command_case

TWO_TRIANGLES = "a b\na c\nb c\nc d\nd e\nd f\ne f\n"
# Triangles 1-3, 4-6, 7-9 joined to a group, and three groups by weaker links.
GROUP = ((1, 2), (1, 3), (1, 4), (2, 3), (3, 7), (4, 5), (4, 6), (5, 6), (6, 8), (7, 8), (7, 9),
         (8, 9))
NINE_TRIANGLES = "*Vertices 27\n*Edges\n" + "".join(
    f"{a + 9 * group} {b + 9 * group}\n" for group in range(3) for a, b in GROUP
) + "9 20 0.8\n5 11 0.8\n18 23 0.8\n"


class ModesTest(command_case.CommandTest):
    """Graphs whose codelengths are known."""

    def test_two_triangles(self) -> None:
        (self.folder / "g.txt").write_text(TWO_TRIANGLES, encoding="utf-8")
        document = self.json_of("modes --graph g.txt")
        self.assertAlmostEqual(document["one_level_codelength"], 2.556656707, delta=1e-8)
        self.assertAlmostEqual(document["codelength"], 2.320730357, delta=1e-8)
        self.assertEqual([module["nodes"] for module in document["modules"]],
                         [["a", "b", "c"], ["d", "e", "f"]])
        text = self.ebm("modes --graph g.txt").stdout
        self.assertIn("codelength 2.320730357 bits per step in 2 levels; 2.556656707 in one", text)
        self.assertRegex(text, r"(?m)^2 +3 nodes  visits 0.500000  exit 0.071429  d e f$")

    def test_nine_triangles_in_three_levels_or_two(self) -> None:
        (self.folder / "g.net").write_text(NINE_TRIANGLES, encoding="utf-8")
        document = self.json_of("modes --graph g.net --restarts 3 --seed 5")
        self.assertAlmostEqual(document["codelength"], 3.385830820, delta=1e-8)
        self.assertEqual(document["n_levels"], 3)
        self.assertEqual([len(group["modules"]) for group in document["modules"]], [3, 3, 3])
        document = self.json_of("modes --graph g.net --two-level")
        self.assertAlmostEqual(document["codelength"], 3.517754809, delta=1e-8)
        self.assertEqual(len(document["modules"]), 9)
        self.assertIn("1:1 ", self.ebm("modes --graph g.net").stdout)


if __name__ == "__main__":
    command_case.main(__doc__)
