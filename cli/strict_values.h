#pragma once

#include <CLI/CLI.hpp>

namespace ebm::cli {

/// Makes every command refuse values that CLI11 takes for something else than was meant, in one
/// line: "n = 1e3: must be a whole number". Without it CLI11 reads 010 as 8, 0x10 as 16, " 5" as 5,
/// an empty text as 0, and a whole number that is too large as the largest there is.
///   INT    decimal digits with an optional sign, at most 2⁶³ − 1
///   FLOAT  a decimal number with an optional exponent, inf or nan
///   all    not empty
/// A list such as --box LOW,HIGH ends with its argument: what follows is the command's.
/// Call it once, after all commands have been added.
void check_values(CLI::App& program);

}  // namespace ebm::cli
