"""What goes wrong, by what the caller can do about it.

Every exception of the library is an :class:`Error`. ``exit_code`` is that of the command line.
"""
from __future__ import annotations

import re


class Error(Exception):
    """Base of all exceptions of this package; the message is one line."""

    exit_code = 70


class UsageError(Error, ValueError):
    """A keyword or an argument is wrong."""

    exit_code = 64


class BadDataError(Error, ValueError):
    """A file's content is not what its format says."""

    exit_code = 65


class ShapeError(Error, ValueError):
    """Sizes that have to agree do not."""

    exit_code = 65


class NoInputError(Error, FileNotFoundError):
    """An input does not exist."""

    exit_code = 66


class InternalError(Error, RuntimeError):
    """A fault of this package."""

    exit_code = 70


class DivergedError(Error, ArithmeticError):
    """A chain or a training run became non-finite (NaN or infinity)."""

    exit_code = 71


class IoError(Error, OSError):
    """Reading or writing failed."""

    exit_code = 74


class Warning(UserWarning):
    """What is suspicious of a call, in one line."""


_OPTION = re.compile(
    r"`[^`]*`|\bebm [a-z]+ --help|--set ([a-z_]+=)"
    r"|(?<![\w-])--([a-z][a-z0-9-]*)( ([A-Z]+(?:,[A-Z]+)*|-?\d[\w.]*|f32|bf16|beta|data)"
    r"(?:\.npy)?(?!\w))?")


def in_keywords(line: str) -> str:
    """A line of the library with keywords of Python for options of the command line.

    >>> in_keywords("box-rule = clamp: needs --box LOW,HIGH")
    'box_rule = clamp: needs box=(LOW, HIGH)'
    """
    line = re.sub(r"^[a-z]+(?:-[a-z]+)+(?=:| = )", lambda name: name[0].replace("-", "_"), line)
    return _OPTION.sub(_keyword, line)


def _keyword(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    if not found[2]:
        return found[0]
    name = "class_" if found[2] == "class" else found[2].replace("-", "_")
    value = found[4]
    if value is None:
        return name
    if "," in value:
        return f"{name}=({value.replace(',', ', ')})"
    return f'{name}="{value}"' if value.isalnum() and value[0].islower() else f"{name}={value}"
