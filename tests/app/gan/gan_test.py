#!/usr/bin/env python3
"""ebm gan: what its commands print and write."""
import math
import pathlib
import shutil
import signal

import command_case
import compare_runs
import made_files
import run_ebm


class DynamicsTest(command_case.CommandTest):
    """ebm gan dynamics."""

    def test_steps_end_where_they_are_known_to(self) -> None:
        document = self.json_of("gan dynamics --system minimax --phi -1 --theta 1 --steps 500")
        self.assertEqual(document.keys(), {"system", "rows", "eigenvalues", "spectral_radius",
                                           "warnings"})
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
        last = self.json_of("gan dynamics --system wgan --time 0.07")["rows"][-1]
        self.assertEqual(last["time"], 0.07)
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
        arguments = "gan duality --real npy:a.npy --fake npy:b.npy --iterations 400 --seed 2"
        document = self.json_of(arguments)
        self.assertEqual(document["n"], 20)
        for name in ("primal", "dual", "dual_one_function", "closed_form"):
            self.assertAlmostEqual(document[name], 0.75, delta=2e-6, msg=name)
        norm = document["critic_spectral_norm"]
        self.assertLessEqual(norm["value"] / norm["slope"], 0.75 + 1e-5)
        self.assertGreater(norm["value"], 0.2)
        self.assertGreater(document["critic_gradient_penalty"]["value"], 0.4)
        self.assertEqual(self.json_of(arguments + " --threads 1"), document)
        text = self.ebm(arguments).stdout
        self.assertIn(f"W1 is at least {norm['value'] / norm['slope']:.7g}", text)

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
        self.assertIn("less: the square of a distance is no metric", text)
        self.write("near.npy", [0.0, 10.0], 1)
        self.write("far.npy", [1.0, 11.0], 1)
        text = self.ebm("gan duality --real npy:near.npy --fake npy:far.npy --cost squared").stdout
        self.assertIn("the same here, although the square of a distance is no metric", text)


NORMED = """\
[[layer]]
type = "linear"
out_features = 16
[[layer]]
type = "batch_norm"
[[layer]]
type = "relu"
[[layer]]
type = "linear"
out_features = 2
"""
POINTS = ("gan train --data toy:8gaussians#limit=400 --generator net.toml --iterations {n}"
          " --set log_every=2 --set sample_every=4 --set checkpoint_every=2 --set latent_dim=3"
          " --seed 5 --threads {threads} --out {out}")


class TrainTest(command_case.CommandTest):
    """ebm gan train and ebm gan sample."""

    def setUp(self) -> None:
        super().setUp()
        (self.folder / "net.toml").write_text(NORMED, encoding="utf-8")

    def test_a_run_folder_is_complete_and_the_same_for_any_number_of_threads(self) -> None:
        document = self.json_of(POINTS.format(n=8, threads=1, out="one"))
        self.assertEqual(document["iteration"], 8)
        self.assertEqual(document["picture"], "one/samples/generator_000008.png")
        for name in ("config.toml", "critic.toml", "generator.toml", "metrics.csv",
                     "model.safetensors", "samples/generator_000004.png"):
            self.assertTrue((self.folder / "one" / name).exists(), name)
        self.ebm(POINTS.format(n=8, threads=3, out="three"))
        self.assertEqual(compare_runs.differences(self.folder / "one", self.folder / "three"), [])
        self.assertEqual(self.json_of("report one")["rows"], 4)

    def test_a_killed_run_goes_on_as_if_it_had_not_been(self) -> None:
        self.ebm(POINTS.format(n=40, threads=2, out="whole"))
        arguments = POINTS.format(n=40, threads=2, out="cut")
        for _ in range(5):
            process = self.start_run(arguments, "cut", least=6)
            if process:
                process.send_signal(signal.SIGKILL)
                process.wait()
                break
            shutil.rmtree(self.folder / "cut")
        self.assertIsNotNone(process, "it was never killed in time")
        text = self.start("gan train --resume --out cut").communicate()[1]
        self.assertRegex(text, r"resumed cut from iteration [1-9]")
        self.assertEqual(compare_runs.differences(self.folder / "whole", self.folder / "cut"), [])

    def test_samples_and_walks_of_latents(self) -> None:
        self.ebm(POINTS.format(n=20, threads=2, out="run"))
        arguments = "gan sample run --n 32 --seed 3"
        self.assertEqual(self.json_of(f"{arguments} --out x.npy"),
                         {"n": 32, "out": "x.npy", "warnings": []})
        shape, before = made_files.read_npy(self.folder / "x.npy")
        self.assertEqual(shape, (32, 2))
        document = self.json_of(f"{arguments} --latent-steps 40 --step-size 0.3 --out y.npy")
        self.assertEqual(document["sampler"], "mala")
        self.assertGreater(document["acceptance"], 0.5)
        self.assertLess(document["rhat"], 2)
        self.assertNotEqual(made_files.read_npy(self.folder / "y.npy")[1], before)
        again = self.json_of(f"{arguments} --latent-steps 40 --step-size 0.3 --threads 1"
                             " --out z.npy")
        self.assertEqual(document | {"out": "z.npy"}, again)
        self.assertEqual(self.bytes_of("y.npy"), self.bytes_of("z.npy"))
        for sampler in ("langevin", "hmc"):
            told = self.ebm(f"{arguments} --latent-steps 9 --sampler {sampler} --out w.png").stdout
            self.assertIn(f"9 steps of {sampler} on the latents", told)
        self.assertEqual(made_files.png_size(self.bytes_of("w.png")), (512, 512))
        # Three draws of a chain cannot be cut in halves that have a variance.
        self.assertIn("R-hat unknown: too few chains or steps",
                      self.ebm(f"{arguments} --latent-steps 3 --out w.png").stdout)

    def test_its_critic_is_an_energy(self) -> None:
        self.ebm(POINTS.format(n=20, threads=2, out="run"))
        # The critic alone, as a model of ebm train.
        tensors = made_files.read_safetensors(self.folder / "run/model.safetensors")
        alone = {name.removeprefix("critic."): tensor for name, tensor in tensors.items()
                 if name.startswith("critic.")}
        self.assertLess(0, len(alone))
        self.assertLess(len(alone), len(tensors))
        (self.folder / "critic.safetensors").write_bytes(made_files.safetensors(
            {"architecture": self.bytes_of("run/critic.toml").decode(), "data": "toy:8gaussians",
             "sampler": "n_steps = 5\nstep_size = 0.1\nnoise_scale = 0.1\n"}, alone))
        for model, out in (("run", "a.csv"), ("critic.safetensors", "b.csv"),
                           ("run --backend torch", "c.csv")):
            self.ebm(f"score {model} --data toy:8gaussians#limit=50 --out {out}")
        self.assertEqual(self.bytes_of("a.csv"), self.bytes_of("b.csv"))
        self.assertEqual(len(self.bytes_of("c.csv").splitlines()), 51)
        # Steps of 0.01 at T = 1 unless said otherwise.
        document = self.json_of("sample run --n 8 --steps 5 --out x.npy")
        self.assertAlmostEqual(document["step_size"], 0.01)
        self.assertAlmostEqual(document["temperature"], 1, places=6)

    def test_samples_of_images_have_a_distance(self) -> None:
        self.ebm("gan train --data fashion-mnist#limit=3000 --critic uva --generator dcgan28"
                 " --iterations 2 --set eval_budget=0.5 --set eval_n=130 --set sample_every=0"
                 " --out run")
        document = self.json_of("gan sample run --n 130 --latent-steps 3 --data fashion-mnist"
                                " --out x.npy")
        self.assertEqual(made_files.read_npy(self.folder / "x.npy")[0], (130, 1, 28, 28))
        self.assertGreater(document["fd_before"], 10)
        self.assertGreater(document["fd"], 10)
        (self.folder / "points.npy").write_bytes(
            made_files.npy((200, 4), made_files.floats([0.0] * 800)))
        done = run_ebm.run(command_case.options.ebm,
                           "gan sample run --n 130 --data npy:points.npy".split(), self.folder)
        self.assertEqual((done.code, done.stdout), (65, ""))
        self.assertIn("has items of shape 4x1x1; the generator makes 1x28x28", done.stderr)


class ModesTest(command_case.CommandTest):
    """ebm gan modes."""

    def test_modes_of_a_toy(self) -> None:
        # Two good ones at (−2, −2), one at (2, 1), one 3.2 standard deviations off.
        rows = [-2.0, -2.0, -2.1, -2.05, 2.0, 1.14, 0.16, 0.0]
        (self.folder / "x.npy").write_bytes(made_files.npy((4, 2), made_files.floats(rows)))
        arguments = "gan modes --samples npy:x.npy --data toy:25gaussians"
        document = self.json_of(arguments)
        self.assertEqual(document["modes"], 2)
        self.assertEqual(document["n_modes"], 25)
        self.assertEqual(document["good"], 0.75)
        # Σ p·ln(25·p), p = 2/3 and 1/3.
        self.assertAlmostEqual(document["kl"], math.log(25) + 2 / 3 * math.log(2 / 3)
                               + math.log(1 / 3) / 3, places=12)
        self.assertIn("2 of 25 modes in 4 samples; 75.00 % of them good",
                      self.ebm(arguments).stdout)

    def test_modes_of_stacked_images(self) -> None:
        self.ebm("gan train --data fashion-mnist#limit=200,stack=1 --iterations 1"
                 " --set sample_every=0 --out run")
        self.ebm("gan sample run --n 40 --out x.npy")
        features = (pathlib.Path(__file__).resolve().parents[3]
                    / "share/features/fashion-mnist.safetensors")
        document = self.json_of(f"gan modes --samples npy:x.npy --classifier {features}")
        self.assertEqual(document["n_modes"], 1000)
        self.assertGreaterEqual(document["modes"], 1)
        self.assertLessEqual(document["modes"], 40)


if __name__ == "__main__":
    command_case.main(__doc__)
