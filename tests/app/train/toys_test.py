#!/usr/bin/env python3
"""`ebm train` with its defaults on every toy."""
import command_case
import run_ebm

TOYS = ("8gaussians", "25gaussians", "two-moons", "rings", "checkerboard", "pinwheel")


class ToysTest(command_case.CommandTest):
    """A run that diverges four times ends with an error: with Langevin steps four times as long,
    three of these toys did so with one seed or another."""

    def test_the_defaults_train_on_every_toy(self) -> None:
        for toy in TOYS:
            with self.subTest(toy=toy):
                done = run_ebm.run_well(
                    command_case.options.ebm,
                    f"train --data toy:{toy} --iterations 2600 --set sample_every=0"
                    f" --out {toy}".split(), self.folder)
                self.assertIn("2600 iterations made", done.stdout)


if __name__ == "__main__":
    command_case.main(__doc__)
