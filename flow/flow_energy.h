#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "flow/log_determinant.h"
#include "flow/residual_flow.h"
#include "samplers/energy.h"

namespace ebm::flow {

struct FlowEnergyOptions {
  /// Items of at most so many values have their determinants computed in full.
  std::int64_t max_exact_dim = kMaxExactDim;
  std::int64_t terms = 20;  ///< of the series beyond that
  std::uint64_t seed = 0;   ///< of its one probe a block, the same for every chain and step
};

/// E(x) = −ln p(x) of a flow: an energy whose log Z is 0. Exact for small items; for larger ones
/// the log-determinants are those of the series cut off, with fixed probes, so that E is a
/// function of x and its gradient belongs to it; their truncation_bound() says by how much log Z
/// may differ from 0 on average over probes.
class FlowEnergy : public samplers::Energy {
 public:
  /// Copies the weights. @throws Error(kUsage) for options out of range.
  explicit FlowEnergy(const ResidualFlow& flow, const FlowEnergyOptions& options = {});
  std::int64_t dim() const override { return flow_.architecture().item.size(); }
  /// The 32 rows that LibTorch takes at a time here.
  std::int64_t preferred_blocks() const override { return 2; }
  std::unique_ptr<samplers::Evaluator> make_evaluator(std::int64_t max_blocks) const override;
  /// 0 if it is exact.
  std::optional<double> log_z() const override {
    return is_exact() ? std::optional(0.0) : std::nullopt;
  }
  bool is_exact() const { return dim() <= options_.max_exact_dim; }

 private:
  ResidualFlow flow_;
  FlowEnergyOptions options_;
};

}  // namespace ebm::flow
