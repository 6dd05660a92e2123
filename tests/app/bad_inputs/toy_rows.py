"""Bad inputs of --energy: toys, their keys and files, and what is made of them."""
import made_files
from row import BAD_DATA, NO_INPUT, USAGE, Files, Row


def row(words: str, code: int, fragment: str, files: Files | None = None) -> Row:
    """One energy that there is none of."""
    return Row(f"energy: {words}", f"sample --energy '{words}' --out x.npy", code, fragment,
               files or {})


def word_rows() -> list[Row]:
    """Names, keys and numbers."""
    return [
        row("double-well", USAGE, "must be toy:NAME"),
        row("toy:double-wel", USAGE, "did you mean double-well"),
        row("toy:xyzzy", USAGE, "the toys are double-well"),
        row("toy:double-well,dim=0", USAGE, "dim=D"),
        row("toy:funnel,sdd=2", USAGE, "did you mean 'sd'"),
        row("toy:funnel,sd=2,sd=3", USAGE, "'sd' is given twice"),
        row("toy:funnel,sd=wide", USAGE, "sd=X is 'wide'"),
        row("toy:funnel,sd=", USAGE, "sd=X has no value: must be a number from"),
        row("toy:funnel,sd", USAGE, "sd=X has no value: must be a number from"),
        row("toy:rings,dim=3", USAGE, "must be 2"),
        row("toy:dense-gaussian,correlation=1", USAGE, "correlation=X is '1'"),
        row("toy:dense-gaussian,dim=100000", USAGE, "dim=D is '100000'"),
    ]


def combination_rows() -> list[Row]:
    """Energies made of others."""
    return [
        row("toy:sum", USAGE, "must be sum(W*TOY;W*TOY;...)"),
        row("toy:sum()", USAGE, "has an empty term"),
        row("toy:sum(rings;)", USAGE, "has an empty term"),
        row("toy:sum(rings;gaussian,dim=3)", USAGE, "has dim 3: must be 2"),
        row("toy:sum(x*rings;rings)", USAGE, "the weight 'x' must be a number"),
        row("toy:sum(nan*rings;rings)", USAGE, "the weight 'nan' must be a number"),
        row("toy:sum(rings;ringz)", USAGE, "did you mean rings"),
        row("toy:sum(rings),weights=1", USAGE, "unknown option 'weights'; sum has none"),
        row("toy:sum(rings", USAGE, "has an open bracket"),
        row("toy:sum(rings))", USAGE, "')' closes no bracket"),
        row("toy:sum(rings)x", USAGE, "'x' follows a bracket"),
        row("toy:mix(rings;-1*rings)", USAGE, "terms[1].weight = -1: must be a positive"),
        row("toy:mix", USAGE, "must be mix(W*TOY;W*TOY;...)"),
        row("toy:rings + ", USAGE, "has an empty term"),
        row("toy:rings + 0.5*toy:gaussian,dim=3", USAGE, "has dim 3: must be 2"),
        row("toy:rings + x*toy:rings", USAGE, "the weight 'x' must be a number"),
        row("toy:rings + fashion-mnist", USAGE, "must be toy:NAME"),
        row("mxi(toy:rings; toy:rings)", USAGE, "no such function: 'mxi'; did you mean mix?"),
        row("toy:rings(gaussian)", USAGE, "rings has 1 terms in brackets: must be rings"),
        row("toy:tempered(2*rings)", USAGE, "only the terms of a sum can have one"),
        row("toy:tempered(rings;rings)", USAGE, "must be tempered(TOY)"),
        row("toy:tempered(rings),temperature=0", USAGE, "temperature=X is '0'"),
        row("toy:observation", USAGE, "must be conditional(TOY),at=X/X/..."),
        row("toy:conditional(rings),at=1", USAGE, "must be a conditional energy"),
        row("toy:conditional(observation)", USAGE, "conditional needs at=X/X/..."),
        row("toy:conditional(observation),at=1/x", USAGE, "must be numbers with / between"),
        row("toy:conditional(observation),at=1/2/3", USAGE, "holds 3 values: must be 2"),
        row("toy:" + "tempered(" * 17 + "rings" + ")" * 17, USAGE, "must be at most 16 deep"),
    ]


def file_rows() -> list[Row]:
    """Energies whose numbers are in files."""
    def matrix(*values: float) -> bytes:
        return made_files.npy((2, 2), made_files.floats(list(values)))

    def vector(*values: float) -> bytes:
        return made_files.npy((len(values),), made_files.floats(list(values)))

    dense, mixture = "toy:dense-gaussian,covariance=c.npy", "toy:mixture,means=m.npy"
    good = {"c.npy": matrix(1, 0.5, 0.5, 1), "m.npy": matrix(1, 2, 3, 4)}
    return [
        row(dense, NO_INPUT, "c.npy"),
        row(f"{dense},dim=2", USAGE, "dim is given beside covariance", good),
        row(dense, BAD_DATA, "c.npy holds float32 [2]; expected float32 [dim, dim]",
            {"c.npy": vector(1, 2)}),
        row(dense, BAD_DATA, "c.npy holds uint8 [2, 2]",
            {"c.npy": made_files.npy((2, 2), b"abcd", "|u1")}),
        row(dense, BAD_DATA, "c.npy holds nan as value 3",
            {"c.npy": matrix(1, 0, 0, float("nan"))}),
        row(dense, BAD_DATA, "c.npy holds [1, 2]; expected a square matrix",
            {"c.npy": made_files.npy((1, 2), made_files.floats([1, 2]))}),
        row(dense, USAGE, "positive definite", {"c.npy": matrix(1, 1, 1, 1)}),
        row(dense, USAGE, "symmetric", {"c.npy": matrix(1, 0.5, -0.5, 1)}),
        row(f"{dense},mean=v.npy", BAD_DATA, "v.npy holds 3 values; expected 2",
            good | {"v.npy": vector(1, 2, 3)}),
        row(f"{mixture},modes=2", USAGE, "modes is given beside means", good),
        row(f"{mixture},weights=v.npy", USAGE, "weight = -1: must be a positive number",
            good | {"v.npy": vector(1, -1)}),
    ]


def all_rows() -> list[Row]:
    """Every bad input of this file."""
    return word_rows() + combination_rows() + file_rows()
