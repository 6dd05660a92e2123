"""What goes wrong, by what the caller can do about it.

Every exception of the library is an :class:`Error`. ``exit_code`` is that of the command line.
"""


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
