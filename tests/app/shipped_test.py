#!/usr/bin/env python3
"""What comes with the program and is called by its name: recipes and a model."""
import tomllib

import command_case
import made_files
import run_ebm

SMALL = ("--data idx:images --net net.toml --iterations 2 --set batch_size=4 --set sample_every=0"
         " --set buffer_capacity=16 --set eval_budget=0")


class RecipeTest(command_case.CommandTest):
    """ebm train NAME."""

    def setUp(self) -> None:
        super().setUp()
        made_files.write_idx_folder(self.folder / "images", 50, 12)
        (self.folder / "net.toml").write_text(made_files.SMALL_NET, encoding="utf-8")

    def config_of(self, command: str, out: str = "run") -> dict:
        """The resolved settings of a run."""
        self.ebm(f"{command} --out {out}")
        return tomllib.loads((self.folder / out / "config.toml").read_text(encoding="utf-8"))

    def test_a_recipe_is_called_by_its_name(self) -> None:
        config = self.config_of(f"train quick {SMALL}")
        # What the file says, not the default; and the command line has the last word.
        self.assertEqual(config["sample_steps"], 256)
        self.assertEqual(config["checkpoint_every"], 1200)
        self.assertEqual(config["iterations"], 2)
        good = self.config_of(f"train good {SMALL}", "good")
        self.assertEqual((good["checkpoint_every"], good["lr_schedule"]), (2500, "cosine"))
        # A network file would need classes of its own.
        classes = self.config_of(
            f"train classes {SMALL} --precision f32".replace("net.toml", "uva"), "classes")
        self.assertEqual((classes["condition"], classes["iterations"]), ("class", 2))

    def test_recipes_of_games(self) -> None:
        # Every key is one of ebm gan train.
        config = self.config_of("gan train wgan-gp --data toy:rings#limit=100 --iterations 1"
                                " --set critic_steps=1")
        self.assertEqual(config["objective"], "wgan-gp")
        self.assertEqual(config["critic_steps"], 1)
        self.ebm("gan train meg --iterations 1 --set batch_size=32 --out meg")

    def test_a_file_of_that_name_comes_first(self) -> None:
        (self.folder / "quick").write_text("checkpoint_every = 7\n", encoding="utf-8")
        self.assertEqual(self.config_of(f"train quick {SMALL}")["checkpoint_every"], 7)

    def test_no_such_recipe(self) -> None:
        done = run_ebm.run(command_case.options.ebm, f"train quik {SMALL} --out run".split(),
                           self.folder)
        self.assertEqual(done.code, 66)
        self.assertTrue(done.stderr.startswith("ebm: no such recipe: quik; did you mean quick?; "))
        self.assertFalse((self.folder / "run").exists())


class ModelTest(command_case.CommandTest):
    """ebm COMMAND NAME."""

    def test_pictures_at_once(self) -> None:
        done = self.ebm("sample fashion-mnist --steps 5")
        self.assertIn("64 samples in samples.png", done.stdout)
        first = self.bytes_of("samples.png")
        # 8 by 8 tiles of 56 pixels with gaps of 2.
        self.assertEqual(made_files.png_size(first), (8 * 58 + 2, 8 * 58 + 2))
        # The second time it takes another name: nothing is overwritten that nobody named.
        self.assertEqual(self.json_of("sample fashion-mnist --steps 5 --seed 1")["out"],
                         "samples-2.png")
        self.assertEqual(self.bytes_of("samples.png"), first)
        self.assertNotEqual(self.bytes_of("samples-2.png"), first)
        # Nor by two at once.
        both = [self.start(f"sample fashion-mnist --steps 5 --seed {seed}") for seed in (2, 3)]
        self.assertEqual([process.wait() for process in both], [0, 0])
        self.assertEqual(len(list(self.folder.glob("*.png"))), 4)

    def test_classes_at_once(self) -> None:
        self.ebm("sample fashion-mnist-classes --class Bag,0 --n 3 --steps 5 --out x.npy")
        self.assertEqual(made_files.read_npy(self.folder / "x.npy")[0], (6, 1, 28, 28))
        self.ebm("sample fashion-mnist-classes --class all --n 2 --steps 5 --out x.png")

    def test_matching_at_once(self) -> None:
        done = self.json_of("sample fashion-mnist-matching --class Bag,0 --n 3 --steps 3"
                            " --out x.npy")
        self.assertEqual((done["sampler"], done["n"]), ("gradient-flow", 6))
        self.assertEqual([done[key] for key in ("guidance", "guidance_start", "guidance_end")],
                         [2.2, 0.2, 0.8])
        # Energies of samples are those after the flow, where the class alone counts.
        drawn = self.json_of("sample fashion-mnist-matching --class 8 --precision f32 --n 1"
                             " --out y.npy")
        scored = self.json_of("score fashion-mnist-matching#class=8 --precision f32"
                              " --data npy:y.npy --out f.npy")
        self.assertAlmostEqual(drawn["energy"]["mean"], scored["energy"]["mean"], delta=1e-2)
        # Chains of another sampler have no time.
        done = self.json_of("sample fashion-mnist-matching --class Bag --sampler langevin --n 2"
                            " --steps 3 --out x.npy")
        self.assertEqual(done["guidance"], 2.2)
        self.assertNotIn("guidance_end", done)

    def test_classifier_at_once(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 5, 28)
        done = self.json_of("classify fashion-mnist-classifier --data idx:images --move-n 2")
        self.assertEqual((done["n"], done["temperature"]), (5, 1.0))

    def test_levels_of_noise_at_once(self) -> None:
        done = self.json_of("sample fashion-mnist-levels --n 3 --steps 5 --out x.npy")
        self.assertEqual((done["sampler"], done["n"]), ("ancestral", 3))
        made_files.write_idx_folder(self.folder / "images", 5, 28)
        done = self.json_of("restore fashion-mnist-levels --observed idx:images#limit=2 --simulate"
                            " --operator noise --noise-sd 0.3 --n 2 --steps 5 --no-baselines"
                            " --out y.npy")
        self.assertGreater(done["psnr"]["denoised"], 0.0)

    def test_other_commands_know_it(self) -> None:
        made_files.write_idx_folder(self.folder / "images", 5, 28)
        document = self.json_of("score fashion-mnist --data idx:images --out e.csv")
        self.assertEqual(document["n"], 5)

    def test_a_run_of_that_name_comes_first(self) -> None:
        (self.folder / "fashion-mnist").mkdir()
        done = run_ebm.run(command_case.options.ebm, ["sample", "fashion-mnist"], self.folder)
        self.assertEqual(done.code, 65, done.stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
