"""Bad inputs of ebm gan."""
from bad_input_rows import DIVERGED, IO, USAGE, Row


def row(words: str, code: int, fragment: str) -> Row:
    """One game that there is none of."""
    return Row(f"gan dynamics: {words}", f"gan dynamics {words}", code, fragment)


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        row("--time 3", USAGE, "--system is required"),
        row("--system hinge", USAGE, "must be one of minimax, ns, wgan"),
        row("--system ns --phi 1,2 --theta 1", USAGE, "phi: has 2 coordinates, theta 1"),
        row("--system ns --phi nan --theta 1", USAGE, "start: must be finite numbers"),
        row("--system ns --time 0", USAGE, "time = 0: must be above 0"),
        row("--system ns --time 1e9", USAGE, "time = 1e+09: must be at most 100000"),
        row("--system ns --steps 0", USAGE, "steps = 0: must be at least 1"),
        row("--system ns --steps 9 --step-size -1", USAGE, "step_size = -1: must be above 0"),
        row("--system ns --step-size 0.1", USAGE, "step-size: is of discrete steps"),
        row("--system ns --steps 9 --turns both", USAGE, "must be simultaneous or alternating"),
        row("--system ns --penalty -0.1", USAGE, "penalty = -0.1: must be 0 or above"),
        row("--system ebm --restart-probability 2", USAGE, "must be from 0 to 1"),
        row("--system wgan --steps 999 --step-size 100", DIVERGED, "finite numbers at step"),
        row("--system ns --out x.npy", USAGE, "x.npy"),
        row("--system ns --out nowhere/x.png", IO, "nowhere"),
    ]
