#include "samplers/initial_states.h"

namespace ebm::samplers {

void draw_initial_states(const base::RandomKey& key, std::uint64_t first_chain_id, std::int64_t dim,
                         const std::optional<Box>& box, std::span<float> rows,
                         std::optional<float> sd) {
  const std::size_t n = rows.size() / static_cast<std::size_t>(dim);
  for (std::size_t chain = 0; chain < n; ++chain) {
    base::RandomStream stream(key, first_chain_id + chain);
    for (float& value :
         rows.subspan(chain * static_cast<std::size_t>(dim), static_cast<std::size_t>(dim))) {
      value = box && !sd ? box->low + (box->high - box->low) * stream.next_uniform()
                         : sd.value_or(1.0f) * static_cast<float>(stream.next_normal());
    }
  }
}

}  // namespace ebm::samplers
