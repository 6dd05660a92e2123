#include "data/formats/npy.h"

#include "data/formats/npy_dataset.h"
#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_npy(std::string_view bytes) {
  static const ScratchFolder folder;
  data::parse_npy(bytes, "x.npy");
  data::load_npy(folder.write("x.npy", bytes));
}

}  // namespace ebm::fuzz
