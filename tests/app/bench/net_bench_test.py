#!/usr/bin/env python3
"""`ebm bench --net`: networks, by every backend.

    net_bench_test.py EBM --torch
"""
import command_case


class NetBenchTest(command_case.CommandTest):
    """What it measures hangs on the machine; how it tells it does not."""

    WORDS = "bench --net mlp --chains 100 --steps 3 --repetitions 1 --threads 1,2"
    TORCH = "torch", "torch-intra-op"

    def test_rows_are_compared_with_the_backends_of_the_run(self) -> None:
        for torch in ([], ["torch"], ["torch-intra-op"], [*self.TORCH]):
            backends = ["compiled", *torch]
            rows = self.json_of(f"{self.WORDS} --backend {','.join(backends)}")["rows"]
            found = [(row["net"], row["backend"], row["threads"]) for row in rows]
            self.assertEqual(found, [("mlp", backend, threads) for backend in backends
                                     for threads in (1, 2)])
            rates = {(row["backend"], row["threads"]): row["chain_steps_per_s"] for row in rows}
            for row in rows:
                for backend in self.TORCH:
                    key = f"ratio_to_{backend}".replace("-", "_")
                    if backend not in torch:
                        self.assertNotIn(key, row)
                        continue
                    self.assertAlmostEqual(
                        row[key],
                        row["chain_steps_per_s"] / rates[backend, row["threads"]])

    def test_table_has_a_column_for_every_ratio(self) -> None:
        table = self.ebm(f"{self.WORDS} --backend compiled,torch,torch-intra-op").stdout
        self.assertRegex(table, r"(?m)^energy .* of peak +x torch +x torch-intra-op$")
        ratio = r" +\d+\.\d\d"
        self.assertRegex(table, rf"(?m)^mlp .* compiled .*%{ratio}{ratio}$")
        self.assertRegex(table, rf"(?m)^mlp .* torch .*% +1\.00{ratio}$")
        self.assertRegex(table, rf"(?m)^mlp .* torch-intra-op .*%{ratio} +1\.00$")
        self.assertNotIn("x torch", self.ebm(self.WORDS).stdout)

    def test_layers_are_listed_one_by_one(self) -> None:
        rows = self.json_of("bench --net mlp --layers --repetitions 2")["rows"]
        self.assertEqual({row["net"] for row in rows}, {"mlp"})
        self.assertEqual(rows[-1]["layer"].split(",")[0], "linear")
        self.assertTrue(all(row["forward_us"] > 0 and row["backward_us"] > 0 for row in rows))
        table = self.ebm("bench --net mlp --layers --repetitions 2").stdout
        self.assertRegex(table, r"(?m)^both ways +\S+ us, \d+% of peak$")


if __name__ == "__main__":
    command_case.main(__doc__)
