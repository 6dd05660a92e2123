#pragma once

#include <string>

#include "data/dataset.h"
#include "data/on_read.h"
#include "data/read_moved_data.h"

namespace ebm::app {

/// Reads a data set for a command: shows on a terminal how far it is if that takes long, and prints
/// its warnings to stderr.
/// @throws what data::load_dataset() throws
data::Dataset read_data(const std::string& spec);

using data::read_moved_data;

/// A callback that shows on a terminal how far reading is, once it has taken 2 seconds.
data::OnRead show_reading();

}  // namespace ebm::app
