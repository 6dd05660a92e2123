#!/usr/bin/env python3
"""ebm modes: what it prints of a graph and of an energy."""
import json
import math

import command_case
import made_files
import run_ebm

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

    def test_a_node_by_itself_needs_no_name(self) -> None:
        (self.folder / "loop.txt").write_text("a a\n", encoding="utf-8")
        text = self.ebm("modes --graph loop.txt").stdout
        self.assertIn("0.000000000 in one\n", text)
        self.assertNotIn("nan", text)

    def test_graphs_are_read_as_other_programs_write_them(self) -> None:
        pairs = "1 2\n1 3\n2 3\n3 4\n4 5\n4 6\n5 6\n"
        pajek = "*Vertices 6\n*Edges\n" + pairs
        attributes = pajek.replace("\n", ' 1 c Blue w 3 l "x"\n').replace("6 1 c", "6 c", 1)
        for name, text, n_nodes in (
                ("network", "*Network name\n" + pajek, 6), ("mark", "\ufeff" + pairs, 6),
                ("arcs", pajek.replace("*Edges", "*Arcs\n*Edges"), 6),
                ("attributes", attributes, 6), ("unnamed", pajek.replace("s 6", "s 8"), 8),
                ("windows", pajek.replace("\n", "\r\n"), 6), ("mac", pairs.replace("\n", "\r"), 6)):
            with self.subTest(name):
                (self.folder / "g").write_text(text, encoding="utf-8", newline="")
                document = self.json_of("modes --graph g")
                self.assertEqual(document["n_nodes"], n_nodes)
                self.assertAlmostEqual(document["one_level_codelength"], 2.556656707, delta=1e-9)
                self.assertAlmostEqual(document["codelength"], 2.320730357, delta=1e-9)

    def test_a_line_of_column_names_is_a_warning(self) -> None:
        (self.folder / "g.txt").write_text("from to\n// by hand\n" + TWO_TRIANGLES,
                                           encoding="utf-8")
        warning = 'g.txt:1: the line "from to" is taken for names of columns'
        document = self.json_of("modes --graph g.txt", warns="is taken for names of columns$")
        self.assertEqual(document["n_nodes"], 6)
        self.assertEqual(document["warnings"], [warning])

    def test_a_loop_counts_once(self) -> None:
        (self.folder / "g.txt").write_text(TWO_TRIANGLES + "a a 1\n", encoding="utf-8")
        expected = -(0.6 * math.log2(0.2) + 0.4 * math.log2(2 / 15))
        self.assertAlmostEqual(self.json_of("modes --graph g.txt")["one_level_codelength"],
                               expected, delta=1e-12)
        self.assertAlmostEqual(expected, 2.5559, delta=5e-5)

    def test_nodes_without_links_are_one_line(self) -> None:
        (self.folder / "g.net").write_text("*Vertices 9000\n*Edges\n1 2\n", encoding="utf-8")
        self.assertEqual(self.ebm("modes --graph g.net").stdout.splitlines()[1:],
                         ["1                   2 nodes  visits 1.000000  exit 0.000000  1 2",
                          "8998 nodes without links, each by itself"])

    def test_names_do_not_reach_the_terminal_as_commands(self) -> None:
        (self.folder / "g.txt").write_bytes(b"\x1b]0;title\x07 b\nb \xe9\xff\n")
        for line in self.ebm("modes --graph g.txt").stdout.splitlines():
            self.assertNotRegex(line, "[\x00-\x1f\x7f]")
        names = self.json_of("modes --graph g.txt")["modules"][0]["nodes"]
        self.assertEqual(sorted(names), ["\x1b]0;title\x07", "b", "\ufffd\ufffd"])

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


EIGHT = "modes --energy toy:8gaussians --init data --data toy:8gaussians --paths 8"


class ModesOfEnergyTest(command_case.CommandTest):
    """Eight Gaussians of sd 0.15 around the unit circle."""

    def test_none_is_crossed_at_a_temperature_of_a_millionth(self) -> None:
        arguments = (f"{EIGHT} --temperature 1e-6 --step-size 0.001 --frames 20 --lag 200"
                     " --out m.json --picture m.png --json")
        done = run_ebm.run_well(command_case.options.ebm, arguments.split(), self.folder)
        # Some start where the energy curves too much for steps that size.
        self.assertRegex(done.stderr, "ebm: [0-9]+ of 256 chains accepted none of their 4000 pro")
        document = json.loads(done.stdout)
        self.assertEqual(len(document["warnings"]), 1)
        self.assertEqual(len(document["modules"]), 8)
        self.assertEqual(document["crossings"], 0)
        self.assertEqual(document["n_states"], 8)
        self.assertAlmostEqual(document["codelength"], 0.0, places=9)
        self.assertGreater(document["one_level_codelength"], 2.9)
        self.assertGreater(document["adjusted_rand_index"], 0.95)
        self.assertAlmostEqual(sum(mode["mass"] for mode in document["modules"]), 1.0, places=12)
        # Half way between neighbours: (sin 22.5°)²/(2·0.15²) − ln 2 above a mode, but for what the
        # next Gaussians add.
        barrier = math.sin(math.pi / 8) ** 2 / (2 * 0.15 ** 2) - math.log(2)
        lowest = min(document["saddles"][0][1:])
        self.assertAlmostEqual(lowest - document["modules"][0]["energy"], barrier, delta=5e-3)
        # From a mode to its neighbours, one after another, at the same height.
        self.assertEqual(len(document["tree"]), 7)
        for merge in document["tree"]:
            self.assertAlmostEqual(merge["energy"], lowest, delta=5e-3)
        for mode in document["modules"]:
            self.assertIsNone(mode["escape_time"])
        self.assertEqual(json.loads(self.bytes_of("m.json")), document)
        self.assertEqual(made_files.png_size(self.bytes_of("m.png")), (512, 512))

    def test_heat_makes_one_of_them(self) -> None:
        document = self.json_of(f"{EIGHT} --temperature 4 --step-size 0.01 --frames 20 --lag 200")
        self.assertEqual(len(document["modules"]), 1)
        self.assertAlmostEqual(document["codelength"], document["one_level_codelength"], places=12)
        self.assertEqual(document["adjusted_rand_index"], 0.0)

    def test_two_wells_are_left_as_often_as_kramers_says(self) -> None:
        # Rate of leaving x = ±1 in E = 2(x² − 1)²: ω₀·ω_b/(2π)·exp(−ΔE/T) a unit of time, of which a
        # step is 0.01; ω₀² = 16, ω_b² = 8, ΔE = 2. The formula is for T far below ΔE; at ΔE/5 it is
        # right to some 20 %, and some 130 crossings each way have an error of 9 %.
        words = ("modes --energy toy:double-well --n 2000 --temperature 0.4 --step-size 0.01"
                 " --burn-in 2000 --frames 20 --lag 50 --states k-means --k 2")
        document = self.json_of(words)
        self.assertEqual(len(document["modules"]), 2)
        kramers = 2 * math.pi / math.sqrt(16 * 8) * math.exp(2 / 0.4) / 0.01
        for mode in document["modules"]:
            self.assertAlmostEqual(mode["mass"], 0.5, delta=0.03)
            self.assertLess(abs(math.log(mode["escape_time"] / kramers)), 0.35)
        self.assertAlmostEqual(document["saddles"][0][1], 2.0, delta=1e-3)
        again = self.json_of(f"{words} --threads 1")
        self.assertEqual(again, document)
        self.assertIn("escape: steps", self.ebm(words).stdout)


if __name__ == "__main__":
    command_case.main(__doc__)
