#include "base/aligned_vector.h"
#include "models/open_model.h"
#include "nets/files/architecture_toml.h"
#include "nets/files/safetensors.h"
#include "samplers/simd/lane_count.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {
namespace {

/// Whether the networks of a file are small enough for their energy to be part of the test.
bool is_small(const nets::SafetensorsFile& file) {
  constexpr std::int64_t kMaxValues = 10000;
  for (const char* key : {"architecture", "critic"}) {
    const auto text = file.metadata.find(key);
    if (text == file.metadata.end()) continue;
    const nets::Architecture net = nets::architecture_from_toml(text->second, "x");
    if (net.input.size() > kMaxValues || nets::multiply_adds(net) > kMaxValues) return false;
    for (const nets::Shape& shape : nets::infer_shapes(net)) {
      if (shape.size() > kMaxValues) return false;
    }
  }
  return true;
}

}  // namespace

void read_model(std::string_view bytes) {
  nets::SafetensorsFile tensors = nets::parse_safetensors(bytes, "m.safetensors");
  if (!is_small(tensors)) return;
  const models::EnergyModel model =
      models::open_model(nets::ModelFile{std::move(tensors), "m.safetensors", {}});
  const auto dim = static_cast<std::size_t>(model.energy->dim());
  const base::AlignedVector<float> x(dim * samplers::kLanes, 0.5f);
  base::AlignedVector<float> energy(samplers::kLanes), energy_grad(x.size());
  model.energy->make_evaluator(1)->evaluate({.n_blocks = 1, .x = x, .context = {}}, energy,
                                            energy_grad);
}

}  // namespace ebm::fuzz
