#include "samplers/energies/guided_energy.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/aligned_vector.h"
#include "base/error.h"
#include "base/number_text.h"
#include "base/require.h"

namespace ebm::samplers {
namespace {

/// Of a time in float32, counted in steps from 0; relative above 1.
constexpr double kRounding = 1e-6;

/// One evaluator with the chains' labels and one with none: each keeps what it makes of its
/// context.
class GuidedEvaluator : public Evaluator {
 public:
  GuidedEvaluator(const Energy& energy, float none, const Guidance& guidance,
                  std::int64_t max_blocks)
      : labelled_(energy.make_evaluator(max_blocks)),
        unlabelled_(energy.make_evaluator(max_blocks)),
        none_(none),
        guidance_(guidance),
        weight_(static_cast<float>(guidance.weight)),
        context_dim_(static_cast<std::size_t>(energy.context_dim())),
        context_(static_cast<std::size_t>(max_blocks * kLanes) * context_dim_),
        energy_(static_cast<std::size_t>(max_blocks * kLanes)),
        energy_grad_(static_cast<std::size_t>(max_blocks * energy.dim() * kLanes)),
        counts_(energy_.size()) {}

  void evaluate(const BlockView& chains, std::span<float> energy,
                std::span<float> energy_grad) override {
    read_context(chains);
    const auto n_blocks = static_cast<std::size_t>(chains.n_blocks);
    const std::span context = std::span(context_).first(n_blocks * context_dim_ * kLanes);
    labelled_->evaluate({.n_blocks = chains.n_blocks, .x = chains.x, .context = context}, energy,
                        energy_grad);
    const std::span counts = std::span(counts_).first(energy.size());
    if (std::ranges::find(counts, std::uint8_t{1}) == counts.end()) return;
    for (std::size_t at = 0; at < context.size(); at += context_dim_ * kLanes) {
      std::fill_n(context.begin() + static_cast<std::ptrdiff_t>(at), kLanes, none_);
    }
    const std::span without = std::span(energy_).first(energy.size());
    const std::span grad_without = std::span(energy_grad_).first(energy_grad.size());
    unlabelled_->evaluate({.n_blocks = chains.n_blocks, .x = chains.x, .context = context}, without,
                          grad_without);
    mix(without, n_blocks, energy);
    mix(grad_without, n_blocks, energy_grad);
  }

 private:
  /// Copies what the energy reads, and sets the lanes in which w counts.
  void read_context(const BlockView& chains) {
    const auto n_blocks = static_cast<std::size_t>(chains.n_blocks);
    const std::size_t size = context_dim_ * kLanes;
    const std::size_t whole = size + (guidance_.is_timed() ? std::size_t{kLanes} : 0);
    for (std::size_t block = 0; block < n_blocks; ++block) {
      const std::span from = chains.context.subspan(block * whole, whole);
      std::copy_n(from.begin(), size, context_.begin() + static_cast<std::ptrdiff_t>(block * size));
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        counts_[block * kLanes + lane] = !guidance_.is_timed() || is_time(from[size + lane]);
      }
    }
  }

  bool is_time(float time) const {
    const double t = double{time} + kRounding * std::max(1.0, double{time});
    return t >= guidance_.start && (!guidance_.end || t < *guidance_.end);
  }

  /// @param out  [n_blocks, entries, kLanes]
  void mix(std::span<const float> without, std::size_t n_blocks, std::span<float> out) const {
    const std::size_t of_block = out.size() / n_blocks;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const bool counts = counts_[i / of_block * kLanes + i % kLanes] != 0;
      out[i] = counts ? without[i] + weight_ * (out[i] - without[i]) : out[i];
    }
  }

  std::unique_ptr<Evaluator> labelled_, unlabelled_;
  float none_;
  Guidance guidance_;
  float weight_;
  std::size_t context_dim_;  ///< of the energy
  base::AlignedVector<float> context_, energy_, energy_grad_;
  std::vector<std::uint8_t> counts_;  ///< [max_blocks·kLanes]
};

}  // namespace

void Guidance::validate() const {
  base::require_finite("guidance", weight);
  base::to_float("guidance", weight);
  base::require_non_negative("guidance_start", start);
  if (!end) return;
  base::require_finite("guidance_end", *end);
  if (*end > start) return;
  throw Error(ErrorCode::kUsage, "guidance_end = " + base::number_text(*end) +
                                     ": must be above guidance_start, " + base::number_text(start));
}

GuidedEnergy::GuidedEnergy(std::shared_ptr<const Energy> energy, float none,
                           const Guidance& guidance)
    : WrappedEnergy(std::move(energy)), none_(none), guidance_(guidance) {
  if (inner().context_dim() == 0) {
    throw Error(ErrorCode::kUsage, "energy has context_dim 0: must be a conditional energy");
  }
  base::require_finite("none", double{none});
  guidance_.validate();
}

std::int64_t GuidedEnergy::context_dim() const {
  return inner().context_dim() + (guidance_.is_timed() ? 1 : 0);
}

std::unique_ptr<Evaluator> GuidedEnergy::make_evaluator(std::int64_t max_blocks) const {
  return std::make_unique<GuidedEvaluator>(inner(), none_, guidance_, max_blocks);
}

}  // namespace ebm::samplers
