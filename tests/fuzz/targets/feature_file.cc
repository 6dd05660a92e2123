#include "nets/files/feature_file.h"

#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_feature_file(std::string_view bytes) {
  static const ScratchFolder folder;
  const auto features = nets::read_feature_file(folder.write("f.safetensors", bytes));
  features.layer_text();
}

}  // namespace ebm::fuzz
