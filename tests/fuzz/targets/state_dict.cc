#include "nets/files/architecture_toml.h"
#include "nets/files/import_weights.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_state_dict(std::string_view bytes) {
  // Layers that are told apart by their shapes, two that are not, and all kinds of tensors.
  static const nets::Architecture kNet = nets::architecture_from_toml(R"(
input = [1, 4, 4]
layer = [
  {type = "conv2d", out_channels = 2, kernel = 3, spectral_norm = true},
  {type = "batch_norm"},
  {type = "residual", body = [{type = "conv2d", out_channels = 2, kernel = 1}]},
  {type = "flatten"},
  {type = "linear", out_features = 4},
  {type = "linear", out_features = 4},
  {type = "linear", out_features = 1},
])",
                                                                      "net.toml");
  const nets::SafetensorsFile file = nets::parse_safetensors(bytes, "w.safetensors");
  nets::import_weights(kNet, file, {.renames = {{"a", "0"}}, .negate = true}, "w.safetensors");
}

}  // namespace ebm::fuzz
