"""`python -m ebm`: the command line."""
import os
import pathlib
import sys


def main() -> None:
    program = pathlib.Path(__file__).absolute().parent / "bin" / "ebm"
    os.execv(program, [str(program), *sys.argv[1:]])


if __name__ == "__main__":
    main()
