#include "data/formats/cifar10.h"

#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_cifar10(std::string_view bytes) {
  static const ScratchFolder folder;
  folder.write("batches.meta.txt", bytes);
  folder.write("test_batch.bin", bytes);
  data::load_cifar10(folder.path(), data::Split::kTest);
}

}  // namespace ebm::fuzz
