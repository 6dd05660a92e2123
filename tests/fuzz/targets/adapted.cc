#include "evaluation/adapted_file.h"
#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_adapted(std::string_view bytes) {
  static const ScratchFolder folder;
  const auto file = folder.write("adapted.json", bytes);
  samplers::SamplerSettings settings{.sampler = samplers::SamplerKind::kHmc};
  evaluation::read_adapted(file, 2, settings);
}

}  // namespace ebm::fuzz
