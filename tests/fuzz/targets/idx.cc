#include "data/formats/idx.h"

#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_idx(std::string_view bytes) {
  static const ScratchFolder folder;
  data::read_idx(folder.write("images-idx3-ubyte", bytes));
}

}  // namespace ebm::fuzz
