"""A row of the table of bad inputs, and what many of them give to `ebm`."""
import dataclasses
import pathlib
from collections.abc import Callable

import made_files

Files = dict[str, bytes]

USAGE, BAD_DATA, NO_INPUT, DIVERGED, IO = 64, 65, 66, 71, 74


@dataclasses.dataclass(frozen=True)
class Row:
    """One bad input. Its command runs in a folder of its own, which must not change."""
    name: str
    command: str
    code: int
    fragment: str
    """of the message"""
    files: Files = dataclasses.field(default_factory=dict)
    """made before; a name that ends in / is an empty folder"""
    uses: tuple[str, ...] = ()
    """of the trained runs, copied into the folder"""
    spoil: Callable[[pathlib.Path], None] | None = None
    """done to the folder before"""
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    n_warnings: int = 0
    """further lines `ebm: ...` before the message"""
    progress: bool = False
    """whether progress lines may come first"""

    @property
    def needs_torch(self) -> bool:
        words = self.command.split()
        if words[:1] in (["features"], ["flow"], ["gan"]) or {"torch", "cuda"} & set(words):
            return True
        # Flows as a distribution, as a base or as what is sampled, and TorchScript.
        return "flow" in self.name or any(
            word.startswith(("base=", "noise=")) or word.endswith(".pt") for word in words)


IMAGES = made_files.idx([4, 12, 12], bytes(range(144)) * 4)
POINTS = made_files.npy((3, 2), made_files.floats([0.5, -0.5, 0.25, 0.75, 1.5, -1.0]))
TEXT = b"hello, this is no such file\n"
SHIPPED = (pathlib.Path(__file__).resolve().parents[3]
           / "share/features/fashion-mnist.safetensors")
