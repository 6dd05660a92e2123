#!/usr/bin/env python3
"""Models of E(x, sigma): training by denoising score matching, and drawing from what it made."""
import json
import math

import command_case
import made_files
import run_ebm

TRAIN = ("train --data idx:images --net uva --iterations 12 --seed 1 --objective dsm"
         " --set batch_size=24 --set sample_every=12 --set sample_steps=3 --set log_every=6"
         " --set checkpoint_every=4")
LEVELS = " --set noise_sd_min=0.1 --set noise_sd_max=3"


class NoiseLevelsTest(command_case.CommandTest):
    """Runs on images of three classes."""

    def setUp(self) -> None:
        super().setUp()
        made_files.write_idx_folder(self.folder / "images", 90, 28)

    def run_well(self, arguments: str) -> str:
        return run_ebm.run_well(command_case.options.ebm, arguments.split(), self.folder).stdout

    def samples(self, arguments: str) -> tuple[dict, list[float]]:
        done = json.loads(self.run_well(f"sample {arguments} --n 20 --out s.npy --json"))
        shape, values = made_files.read_npy(self.folder / "s.npy")
        self.assertEqual(shape[1:], (1, 28, 28))
        return done, list(values)

    def test_a_resumed_run_ends_the_same(self) -> None:
        for name, keys in (("levels", LEVELS), ("one", " --set noise_sd=0.3")):
            self.run_well(f"{TRAIN}{keys} --out {name}")
            self.run_well(f"{TRAIN}{keys} --out {name}-cut --threads 3 --minutes 1e-9")
            self.run_well(f"train --resume --out {name}-cut --minutes 0")
            self.assertEqual((self.folder / f"{name}-cut/model.safetensors").read_bytes(),
                             (self.folder / f"{name}/model.safetensors").read_bytes())
            config = (self.folder / name / "config.toml").read_text(encoding="utf-8")
            self.assertIn("objective = 'dsm'", config)

    def test_the_levels_have_defaults(self) -> None:
        self.run_well("train --data toy:rings#limit=200 --objective dsm --iterations 3 --out run")
        config = (self.folder / "run/config.toml").read_text(encoding="utf-8")
        self.assertIn("noise_sd_max = 10.0", config)
        self.assertIn("net = 'mlp-silu'", config)
        done = json.loads(self.run_well("sample run --n 4 --out p.npy --json"))
        self.assertEqual((done["sampler"], done["steps"]), ("ancestral", 100))
        self.run_well("train --data toy:rings#limit=200 --objective dsm --iterations 3"
                      " --set noise_sd_max=5 --out other")

    def test_chains_end_at_the_lowest_level(self) -> None:
        self.run_well(f"{TRAIN}{LEVELS} --out run")
        for option in ("--long", "--long-run 100"):
            name = option.split()[0].removeprefix("--")
            done = run_ebm.run(command_case.options.ebm, f"eval run {option}".split(), self.folder)
            self.assertEqual(done.code, 64)
            self.assertIn(f"{name}: the sampler ancestral ends at its lowest level of noise",
                          done.stderr)

    def test_a_model_is_drawn_by_its_recipe(self) -> None:
        self.run_well(f"{TRAIN}{LEVELS} --out run")
        done, rows = self.samples("run")
        self.assertEqual((done["sampler"], done["steps"]), ("ancestral", 3))
        self.assertAlmostEqual(done["level_max"], 3.0, places=6)
        self.assertAlmostEqual(done["level_min"], 0.1, places=6)
        self.assertEqual(len(rows), 20 * 784)
        self.assertLessEqual(max(abs(x) for x in rows), 1.0)
        for threads in (1, 2, 3, 7):
            self.assertEqual(self.samples(f"run --threads {threads}")[1], rows)
        self.assertNotEqual(self.samples("run --seed 1")[1], rows)
        self.assertIn("ancestral from noise of 3 to 0.1",
                      self.run_well("sample run --n 2 --out s.npy"))

    def test_the_sampler_and_its_levels_can_be_chosen(self) -> None:
        self.run_well(f"{TRAIN}{LEVELS} --out run")
        done, rows = self.samples("run --sampler annealed-langevin --steps 20 --levels 5"
                                  " --level-max 2 --level-min 0.2")
        self.assertEqual((done["sampler"], done["levels"], done["steps"]),
                         ("annealed-langevin", 5, 20))
        self.assertAlmostEqual(done["temperature"], 1.0, places=5)
        for threads in (1, 7):
            again = self.samples("run --sampler annealed-langevin --steps 20 --levels 5"
                                 f" --level-max 2 --level-min 0.2 --threads {threads}")[1]
            self.assertEqual(again, rows)
        done, rows = self.samples("run --sampler probability-flow --steps 4")
        self.assertEqual((done["sampler"], done["steps"]), ("probability-flow", 4))
        # Other samplers walk on the energy at the lowest level.
        done, rows = self.samples("run --sampler mala --steps 3 --step-size 1e-4")
        self.assertEqual(done["sampler"], "mala")
        at_level = self.samples("run#level=0.1 --sampler mala --steps 3 --step-size 1e-4")[1]
        self.assertEqual(at_level, rows)
        self.assertEqual(self.samples("run#level=0.3 --steps 3")[0]["sampler"], "langevin")

    def test_energies_are_those_of_the_lowest_level(self) -> None:
        self.run_well(f"{TRAIN}{LEVELS} --out run")
        for name, model in (("a", "run"), ("b", "run#level=0.1"), ("c", "run#level=0.2")):
            self.run_well(f"score {model} --data idx:images --out {name}.npy")
        energies = [self.bytes_of(f"{name}.npy") for name in "abc"]
        self.assertEqual(energies[0], energies[1])
        self.assertNotEqual(energies[0], energies[2])

    def test_densities_are_normalised_energies_in_nats(self) -> None:
        toy = "train --data toy:8gaussians#limit=2000 --iterations 300 --seed 1"
        for objective in ("dual", "dsm"):
            self.run_well(f"{toy} --objective {objective} --out {objective}")
        score = "score dual --n 40 --json --density"
        found = {}
        for method in ("energy", "flow"):
            found[method] = json.loads(self.run_well(f"{score} {method} --out p.csv"))
            lines = (self.folder / "p.csv").read_text(encoding="utf-8").split()
            self.assertEqual(len(lines), 41)
            self.assertEqual(found[method]["n"], 40)
            self.assertAlmostEqual(found[method]["log_p"], -found[method]["energy"]["mean"],
                                   places=4)
            self.assertIsNone(found[method]["bits_per_dim"])
            self.run_well(f"{score} {method} --threads 3 --out other.csv")
            self.assertEqual(self.bytes_of("other.csv"), self.bytes_of("p.csv"))
        self.assertLess(abs(found["energy"]["log_p"] - found["flow"]["log_p"]), 1.0)
        self.run_well("score dsm --n 5 --density flow --out p.npy")
        self.assertRegex(self.run_well("score dsm --n 5 --density annealed --out a.npy"),
                         r"log Z = \S+ \+- \S+ at the lowest level\n$")
        refused = run_ebm.run(command_case.options.ebm,
                              "score dsm --n 5 --density energy --out p.npy".split(), self.folder)
        self.assertEqual(refused.code, 64)
        self.assertIn("density = energy: log Z of", refused.stderr)

    def test_an_evaluation_has_densities_if_they_are_asked_for(self) -> None:
        made_files.write_idx_folder(self.folder / "many", 210, 28)
        for objective in ("dual", "dsm"):
            train = (TRAIN.replace("idx:images", "idx:many").replace("net uva", "net mlp-silu")
                     .replace("dsm", objective))
            self.run_well(f"{train}{LEVELS} --out {objective}")
        evaluate = "--n 70 --temperatures 0 --long-run 0"
        document = json.loads(self.run_well(f"eval dual {evaluate} --densities 2 --json"))
        found = document["densities"]
        self.assertEqual((found["n"], found["flow"]["steps"], found["flow"]["probes"]), (2, 48, 1))
        self.assertAlmostEqual(found["level_min"], 0.1, places=6)
        self.assertAlmostEqual(found["level_max"], 3.0, places=6)
        for method in (found["energy"], found["flow"], found["annealed"]):
            self.assertAlmostEqual(method["bits_per_dim"],
                                   7 - method["log_p"] / (784 * math.log(2)), places=9)
        # That of neighbours keeps its place.
        self.assertEqual(document["density"], document["samples"]["noise"]["density"])
        table = self.run_well(f"eval dsm {evaluate} --densities 1")
        self.assertRegex(table, r"(?m)^Density at noise of 0\.1, of 1 dequantised test images$")
        self.assertRegex(table, r"(?m)^by flow +ln p = -?\d.* bits/dim \d")
        self.assertRegex(table, r"(?m)^annealed +ln p = -?\d.* log Z = \S+ \+- \S+ at noise of 0")
        self.assertNotIn("by energy", table)
        self.assertNotIn("densities", json.loads(self.run_well(f"eval dsm {evaluate} --json")))

    def test_noise_is_taken_from_images_by_the_level_that_they_have(self) -> None:
        self.run_well(f"{TRAIN}{LEVELS} --out run")
        restore = "restore run --observed idx:images#limit=2 --simulate --n 3 --out r.npy --json"
        done = json.loads(self.run_well(f"{restore} --operator noise --noise-sd 0.3 --steps 4"))
        self.assertEqual((done["sampler"], done["steps"]), ("ancestral", 4))
        self.assertIn("denoised", done["psnr"])
        # Of another operator, and below the levels, the energy of the lowest one is walked on.
        for other in ("downsample=4 --noise-sd 0.3", "noise --noise-sd 0.05"):
            done = json.loads(self.run_well(f"{restore} --operator {other} --steps 4"))
            self.assertEqual(done["sampler"], "langevin")
            self.assertNotIn("denoised", done["psnr"])

    def test_a_level_may_come_beside_a_class(self) -> None:
        self.run_well(f"{TRAIN}{LEVELS} --set condition=class --out run")
        of_class = self.samples("run#class=1")[1]
        self.assertEqual(self.samples("run --class 1")[1], of_class)
        done, rows = self.samples("run --class 0,1,2 --guidance 2")
        self.assertEqual((done["sampler"], len(rows)), ("ancestral", 60 * 784))

        def figures(words: str) -> dict:
            return json.loads(self.run_well("classify --data idx:images --move-n 4 --temperature 1"
                                            f" --json {words}"))

        # Of one level, and of one twice, energies are the same.
        one, alone, twice = (figures(words) for words in (
            "run#level=0.5", "run --levels 0.5", "run --levels 0.5,0.5"))
        self.assertEqual((alone["levels"], twice["levels"]), ([0.5], [0.5, 0.5]))
        for key in ("accuracy", "cross_entropy", "moved"):
            self.assertEqual((alone[key], twice[key]), (one[key], one[key]))
        both, other = figures("run --levels 0.5,2"), figures("run --levels 2")
        self.assertNotEqual(both["cross_entropy"], one["cross_entropy"])
        self.assertNotEqual(both["cross_entropy"], other["cross_entropy"])
        # Noise is that of the seed.
        noisy = [figures(f"run --levels 0.5 --noise-draws 2 {words}")
                 for words in ("--seed 1", "--seed 1 --threads 3", "--seed 2")]
        self.assertEqual((noisy[0], noisy[0]["noise_draws"]), (noisy[1], 2))
        for other in (noisy[2], alone):
            self.assertNotEqual(noisy[0]["cross_entropy"], other["cross_entropy"])
        self.assertNotIn("noise_draws", alone)
        for words, fragment in (("run --noise-draws -1", "noise-draws = -1: must be"),
                                ("run#level=1 --levels 1", "has a level already"),
                                ("run --levels 1,x", 'levels = "x"'), ("run --levels 1,", "levels"),
                                ("run --levels 0", "level = 0: must be")):
            done = run_ebm.run(command_case.options.ebm,
                               f"classify --data idx:images {words}".split(), self.folder)
            self.assertEqual(done.code, 64, words)
            self.assertIn(fragment, done.stderr)


if __name__ == "__main__":
    command_case.main(__doc__)
