"""Bad inputs of ebm modes."""
from bad_input_rows import BAD_DATA, NO_INPUT, USAGE, Row

FILES = {"g.txt": b"a b\n", "minus.txt": b"a b\nb c -2\n", "empty.txt": b"# no link\n",
         "cut.net": b"*Vertices 3\n*Edges\n1 2\n2", "arcs.net": b"*Vertices 2\n*Arcs\n1 2\n"}


def row(words: str, code: int, fragment: str) -> Row:
    """A graph without modules."""
    return Row(f"modes: {words}", f"modes {words}", code, fragment, FILES)


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return [
        row("", USAGE, "--graph is required"),
        row("--graph nowhere.txt", NO_INPUT, "nowhere.txt"),
        row("--graph minus.txt", BAD_DATA, 'minus.txt:2: weight "-2": must be positive'),
        row("--graph empty.txt", BAD_DATA, "empty.txt: has no links"),
        row("--graph cut.net", BAD_DATA, "cut.net:4: found 1 words"),
        row("--graph arcs.net", BAD_DATA, "arcs.net:2: *Arcs: a directed graph"),
        row("--graph g.txt --restarts 0", USAGE, "restarts = 0"),
        row("--graph g.txt --seed -1", USAGE, "seed = -1"),
    ]
