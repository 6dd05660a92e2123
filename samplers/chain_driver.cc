#include "samplers/chain_driver.h"

#include <utility>

#include "base/error.h"
#include "samplers/run_chains.h"

namespace ebm::samplers {

void throw_diverged(const NonFinite& found, const std::string& hint) {
  throw Error(ErrorCode::kDiverged, "chain " + std::to_string(found.chain_id) +
                                        " became non-finite (NaN or infinity) at step " +
                                        std::to_string(found.step + 1) + ": " + found.what + "; " +
                                        hint);
}

HostChainDriver::HostChainDriver(std::shared_ptr<const Energy> energy,
                                 std::shared_ptr<const Kernel> kernel, int n_threads)
    : energy_(std::move(energy)), kernel_(std::move(kernel)), n_threads_(n_threads) {}

void HostChainDriver::advance(std::span<float> rows, const Advance& steps) {
  const std::int64_t dim = energy_->dim(), n = static_cast<std::int64_t>(rows.size()) / dim;
  const bool goes_on = steps.first_step > 0 && steps.first_step == next_step_;
  if (!chains_ || chains_->n_chains() != n || first_chain_id_ != steps.first_chain_id ||
      (kernel_->keeps_momentum() && !goes_on)) {
    chains_.emplace(n, dim, energy_->context_dim(), steps.first_chain_id);
    first_chain_id_ = steps.first_chain_id;
  }
  next_step_ = 0;
  chains_->load_rows(rows);
  chains_->load_context(steps.context);
  run_chains(*energy_, *kernel_, *chains_,
             {.n_steps = steps.n_steps,
              .first_step = steps.first_step,
              .key = steps.key,
              .n_threads = n_threads_});
  chains_->store_rows(rows);
  next_step_ = steps.first_step + static_cast<std::uint64_t>(steps.n_steps);
}

}  // namespace ebm::samplers
