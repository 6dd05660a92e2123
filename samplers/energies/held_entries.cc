#include "samplers/energies/held_entries.h"

#include <algorithm>
#include <utility>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

using Places = std::vector<std::int64_t>;

class HeldEvaluator : public Evaluator {
 public:
  HeldEvaluator(std::unique_ptr<Evaluator> evaluator, const Places& free, const Places& held,
                std::int64_t max_blocks)
      : evaluator_(std::move(evaluator)),
        free_(free),
        held_(held),
        x_((free.size() + held.size()) * kLanes * static_cast<std::size_t>(max_blocks)),
        energy_grad_(x_.size()) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    const std::size_t size = (free_.size() + held_.size()) * kLanes;
    const auto n = static_cast<std::size_t>(chains.n_blocks);
    for (std::size_t block = 0; block < n; ++block) {
      float* x = x_.data() + block * size;
      spread(chains.x.data() + block * free_.size() * kLanes, free_, x);
      spread(chains.context.data() + block * held_.size() * kLanes, held_, x);
    }
    const std::span<float> all_grad(energy_grad_.data(), n * size);
    evaluator_->evaluate({.n_blocks = chains.n_blocks, .x = {x_.data(), n * size}, .context = {}},
                         energy, all_grad);
    for (std::size_t block = 0; block < n; ++block) {
      float* out = energy_grad.data() + block * free_.size() * kLanes;
      for (const std::int64_t place : free_) {
        out = std::copy_n(all_grad.data() + block * size + place * kLanes, kLanes, out);
      }
    }
  }

 private:
  static void spread(const float* values, const Places& places, float* x) {
    for (const std::int64_t place : places) {
      std::copy_n(values, kLanes, x + place * kLanes);
      values += kLanes;
    }
  }

  std::unique_ptr<Evaluator> evaluator_;
  const Places& free_;
  const Places& held_;
  base::AlignedVector<float> x_, energy_grad_;
};

}  // namespace

HeldEntries::HeldEntries(std::shared_ptr<const Energy> energy, std::vector<std::uint8_t> is_held)
    : energy_(std::move(energy)) {
  base::require_given("energy", energy_.get());
  base::require_size("is_held", is_held.size(), energy_->dim(), "one for each entry of a state");
  if (energy_->context_dim() != 0) {
    throw Error(ErrorCode::kUsage, "energy has a context: must be an unconditional energy");
  }
  for (std::size_t d = 0; d < is_held.size(); ++d) {
    (is_held[d] != 0 ? held_ : free_).push_back(static_cast<std::int64_t>(d));
  }
  if (held_.empty() || free_.empty()) {
    throw Error(ErrorCode::kUsage, std::string("is_held: ") + (held_.empty() ? "no" : "every") +
                                       " entry is held; some must be, and some must be free");
  }
}

std::unique_ptr<Evaluator> HeldEntries::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<HeldEvaluator>(energy_->make_evaluator(max_blocks), free_, held_,
                                         max_blocks);
}

std::vector<float> HeldEntries::free_rows(const std::vector<float>& rows) const {
  const std::size_t size = free_.size() + held_.size();
  std::vector<float> free;
  free.reserve(rows.size() / size * free_.size());
  for (std::size_t row = 0; row + size <= rows.size(); row += size) {
    for (const std::int64_t place : free_) {
      free.push_back(rows[row + static_cast<std::size_t>(place)]);
    }
  }
  return free;
}

std::vector<float> HeldEntries::full_rows(const std::vector<float>& free,
                                          const std::vector<float>& held) const {
  const std::size_t n = free.size() / free_.size(), size = free_.size() + held_.size();
  std::vector<float> rows(n * size);
  const auto fill = [&](const std::vector<float>& values, const Places& places) {
    for (std::size_t i = 0; i < n * places.size(); ++i) {
      rows[i / places.size() * size + static_cast<std::size_t>(places[i % places.size()])] =
          values[i];
    }
  };
  fill(free, free_);
  fill(held, held_);
  return rows;
}

}  // namespace ebm::samplers
