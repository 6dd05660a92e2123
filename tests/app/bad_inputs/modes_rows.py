"""Bad inputs of ebm modes."""
from row import BAD_DATA, DIVERGED, IO, NO_INPUT, USAGE, Row

FILES = {"g.txt": b"a b\n", "minus.txt": b"a b\nb c -2\n", "empty.txt": b"# no link\n",
         "cut.net": b"*Vertices 3\n*Edges\n1 2\n2", "arcs.net": b"*Vertices 2\n*Arcs\n1 2\n",
         "huge.txt": b"a b 1e308\nb c 1e308\n", "many.net": b"*Vertices 1000000000\n*Edges\n1 2\n"}


def row(words: str, code: int, fragment: str) -> Row:
    """A graph without modules."""
    return Row(f"modes: {words}", f"modes {words}", code, fragment, FILES)


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        row("", USAGE, "give MODEL, --energy toy:NAME or --graph FILE"),
        row("--graph g.txt --energy toy:rings", USAGE, "not valid with MODEL or --energy"),
        row("--graph g.txt --out m.json", USAGE, "out: not valid with --graph"),
        row("--graph huge.txt", BAD_DATA, "add up to more than a number can hold"),
        row("--graph many.net", BAD_DATA, "many.net:1: *Vertices 1000000000: expected at most 10000"),
        row("--energy toy:rings --two-level", USAGE, "two-level: requires --graph"),
        row("--energy toy:rings --out m.png", USAGE, "out = m.png: must end in .json"),
        row("nowhere", NO_INPUT, "no such model: nowhere"),
        row("--energy toy:no", USAGE, "toy:no"),
        row("--energy toy:rings --n 0", USAGE, "n = 0"),
        row("--energy toy:rings --frames 1", USAGE, "frames = 1"),
        row("--energy toy:rings --lag 0", USAGE, "lag = 0"),
        row("--energy toy:rings --adapt", USAGE, "burn-in = 0"),
        row("--energy toy:rings --burn-in -1", USAGE, "burn-in = -1"),
        row("--energy toy:rings --states balls", USAGE, "must be one of basins, k-means"),
        row("--energy toy:rings --states k-means --k 0", USAGE, "k = 0"),
        row("--energy toy:rings --descent-step-size 0", USAGE, "descent-step-size = 0"),
        row("--energy toy:rings --descent-step-size 1e-300", USAGE,
            "descent-step-size = 1e-300: must be of a size"),
        row("--energy toy:rings --merge-distance -1", USAGE, "merge-distance = -1"),
        row("--energy toy:rings --paths -1", USAGE, "paths = -1"),
        row("--energy toy:rings --data toy:rings", USAGE, "needs --init data"),
        row("--energy toy:rings --init data", USAGE, "needs --data SPEC"),
        row("--energy toy:rings --picture m.jpg", USAGE, "m.jpg"),
        row("--energy toy:rings --out nowhere/m.json", IO, "nowhere"),
        row("--energy toy:rings --step-size 0", USAGE, "step_size = 0"),
        Row("modes: descent too long", "modes --energy toy:rings --descent-step-size 50", DIVERGED,
            "take a smaller one", progress=True),
        row("--graph nowhere.txt", NO_INPUT, "nowhere.txt"),
        row("--graph minus.txt", BAD_DATA, 'minus.txt:2: weight "-2": must be positive'),
        row("--graph empty.txt", BAD_DATA, "empty.txt: has no links"),
        row("--graph cut.net", BAD_DATA, "cut.net:4: found 1 field, expected two nodes"),
        row("--graph arcs.net", BAD_DATA, "arcs.net:3: an arc: a directed graph"),
        row("--graph g.txt --restarts 0", USAGE, "restarts = 0"),
        row("--graph g.txt --seed -1", USAGE, "seed = -1"),
    ]
