#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/on_read.h"

namespace ebm::app {

/// Reads a data set for a command: shows on a terminal how far it is if that takes long, and prints
/// its warnings to stderr.
/// @throws what data::load_dataset() throws
data::Dataset read_data(const std::string& spec);

/// A callback that shows on a terminal how far reading is, once it has taken 2 seconds.
data::OnRead show_reading();

/// Prints a line of warning to stderr, "ebm: LINE".
void print_warning(const std::string& line);
void print_warnings(const std::vector<std::string>& lines);

}  // namespace ebm::app
