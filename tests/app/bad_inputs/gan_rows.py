"""Bad inputs of ebm gan."""
import made_files
from row import BAD_DATA, DIVERGED, IMAGES, IO, NO_INPUT, POINTS, USAGE, Row

LINEAR = b'[[layer]]\ntype = "linear"\nout_features = 1\n'
NORM_NET = b'[[layer]]\ntype = "batch_norm"\n' + LINEAR
SPECTRAL_NET = LINEAR + b"spectral_norm = true\n"
LENGTHS_NET = LINEAR + b"weight_norm = true\n"


def row(words: str, code: int, fragment: str) -> Row:
    """One game that there is none of."""
    return Row(f"gan dynamics: {words}", f"gan dynamics {words}", code, fragment)


def duality(words: str, code: int, fragment: str) -> Row:
    """Two data sets of which there is no distance."""
    nan = made_files.npy((2, 2), made_files.floats([0.0, float("nan"), 0.0, 0.0]))
    return Row(f"gan duality: {words}", f"gan duality {words}", code, fragment,
               {"points.npy": POINTS, "images": IMAGES, "nan.npy": nan})


def modes(words: str, code: int, fragment: str) -> Row:
    """Modes that cannot be counted."""
    return Row(f"gan modes: {words}", f"gan modes --samples npy:points.npy {words}", code, fragment,
               {"points.npy": POINTS})


def train(words: str, code: int, fragment: str) -> Row:
    """A game that cannot be played."""
    return Row(f"gan train: {words}", f"gan train --out new {words}", code, fragment,
               {"points.npy": POINTS, "images": IMAGES,
                "energy.toml": made_files.SMALL_NET.encode(), "norm.toml": NORM_NET,
                "spectral.toml": SPECTRAL_NET, "lengths.toml": LENGTHS_NET})


def sample(words: str, code: int, fragment: str) -> Row:
    """Samples that there are none of."""
    return Row(f"gan sample: {words}", f"gan sample {words}", code, fragment,
               {"m.safetensors": made_files.safetensors({"format": "pt"}), "text": b"no model"})


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    both = "--real npy:points.npy --fake npy:points.npy"
    return [
        duality("--real npy:points.npy", USAGE, "--fake is required"),
        duality("--real npy:points.npy --fake npy:nowhere.npy", NO_INPUT, "nowhere.npy"),
        duality("--real npy:points.npy --fake npy:nan.npy", BAD_DATA, "nan.npy"),
        duality("--real npy:points.npy --fake idx:images", BAD_DATA, "has items of shape 1x12x12"),
        duality(f"{both} --n 0", USAGE, "n = 0: must be from 1 to 3"),
        duality(f"{both} --n 4", USAGE, "n = 4: must be from 1 to 3"),
        duality(f"{both} --cost squared --iterations 3", USAGE, "iterations: is for critics"),
        duality(f"{both} --cost cubed", USAGE, "cost = cubed: must be one of euclidean, squared"),
        duality(f"{both} --iterations 0", USAGE, "iterations = 0"),
        duality(f"{both} --penalty 0", USAGE, "penalty = 0"),
        duality(f"{both} --threads -1", USAGE, "threads = -1"),
        modes("--data toy:rings", USAGE, "whose modes are known"),
        modes("", USAGE, "give either --data toy:NAME or --classifier FILE"),
        modes("--data toy:8gaussians --classifier f", USAGE, "give either"),
        modes("--classifier nowhere", NO_INPUT, "nowhere"),
        train("", USAGE, "data is missing"),
        train("--penalty 3", USAGE,
              "unknown option --penalty; did you mean --set penalty=3?; see ebm gan train --help"),
        train("--data npy:points.npy --objective mean", USAGE, "must be one of ns, r1, hinge"),
        train("--data npy:points.npy --objective ns --set penalty=1", USAGE, "ns has none"),
        train("--data npy:points.npy --set batch_size=50", USAGE, "must be a multiple of 32"),
        train("--data npy:points.npy --set critic_steps=0", USAGE, "critic_steps = 0"),
        train("--data npy:points.npy --set spectral_norm=yes", USAGE, "must be one of auto"),
        train("--data npy:points.npy --objective hinge --set clip=0.1", USAGE, "hinge has none"),
        train("--data npy:points.npy --set qp_scale=2", USAGE, "qp_scale: the objective ns"),
        train("--data npy:points.npy --set entropy_weight=-1", USAGE, "entropy_weight = -1"),
        train("--data npy:points.npy --set latent_dim=0", USAGE, "latent_dim = 0"),
        train("--data npy:points.npy --set cliq=1", USAGE, "did you mean clip?"),
        train("--data npy:points.npy --generator dcgan28", BAD_DATA, "makes images of 28x28"),
        train("--data npy:points.npy --generator dcgan", USAGE, "must be one of mlp, dcgan28"),
        train("--data npy:points.npy --critic nowhere.toml", NO_INPUT, "nowhere.toml"),
        train("--data npy:points.npy --critic norm.toml", USAGE,
              "critic = norm.toml: has batch norms"),
        train("--data npy:points.npy --critic lengths.toml --set spectral_norm=forward", USAGE,
              "layer 0 (linear): has a weight norm already"),
        train("--data npy:points.npy --critic lengths.toml --set spectral_norm=operator", USAGE,
              "has a weight norm within the network already"),
        train("--data npy:points.npy --critic spectral.toml --set spectral_norm=operator", USAGE,
              "has a spectral norm within the network already"),
        train("--data npy:points.npy --generator energy.toml", BAD_DATA,
              "the generator makes items of shape 1x1x1"),
        train("--data npy:points.npy --set eval_budget=0.1", USAGE, "must be left out"),
        train("--data idx:images", BAD_DATA, "the data are 1x12x12"),
        sample("nowhere --out x.png", NO_INPUT, "no such model: nowhere"),
        sample("text --out x.png", BAD_DATA, "text"),
        sample("m.safetensors --out x.png", BAD_DATA, "expected a model written by ebm gan train"),
        sample("m.safetensors", USAGE, "give --out FILE"),
        sample("m.safetensors --n 0 --out x.png", USAGE, "n = 0"),
        sample("m.safetensors --out x.jpg", USAGE, "x.jpg"),
        sample("m.safetensors --sampler mala --out x.png", USAGE, "requires --latent-steps"),
        sample("m.safetensors --leapfrog 3 --out x.png", USAGE,
               "leapfrog: requires --latent-steps"),
        row("--time 3", USAGE, "--system is required"),
        row("--system hinge", USAGE, "must be one of minimax, ns, wgan"),
        row("--system ns --phi 1,2 --theta 1", USAGE, "phi: has 2 coordinates, theta 1"),
        row("--system ns --phi nan --theta 1", USAGE, "start: must be finite numbers"),
        row("--system ns --time 0", USAGE, "time = 0: must be above 0"),
        row("--system ns --time 1e9", USAGE, "time = 1e+09: must be at most 100000"),
        row("--system ns --steps 0", USAGE, "steps = 0: must be at least 1"),
        row("--system ns --steps 9 --step-size -1", USAGE, "step_size = -1: must be above 0"),
        row("--system ns --step-size 0.1", USAGE, "step-size: is for discrete steps"),
        row("--system ns --steps 9 --turns both", USAGE, "must be one of simultaneous, alternating"),
        row("--system ns --steps 9 --time 3", USAGE, "time: is for the continuous flow"),
        row("--system gan-qp --penalty 1", USAGE,
            "penalty: not for gan-qp; it is a parameter of minimax"),
        row("--system ns --qp-scale 1", USAGE, "qp-scale: not for ns; it is a parameter of gan-qp"),
        row("--system wgan --walk 1", USAGE, "walk: not for wgan; it is a parameter of ebm"),
        row("--system ebm --variance 1", USAGE, "variance: requires --energy-l2"),
        row("--system ns --penalty -0.1", USAGE, "penalty = -0.1: must be 0 or above"),
        row("--system ebm --restart-probability 2", USAGE, "must be from 0 to 1"),
        row("--system wgan --steps 999 --step-size 100", DIVERGED,
            "non-finite (NaN or infinity) at step"),
        row("--system ns --out x.npy", USAGE, "x.npy"),
        row("--system ns --out nowhere/x.png", IO, "nowhere"),
    ]
