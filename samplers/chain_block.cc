#include "samplers/chain_block.h"

#include <algorithm>
#include <string>

#include "base/error.h"
#include "base/require.h"

namespace ebm::samplers {
void require_size(std::size_t found, std::int64_t expected, const char* what) {
  if (found != static_cast<std::size_t>(expected)) {
    throw Error(ErrorCode::kShape, std::string(what) + " has " + std::to_string(found) +
                                       " values; expected " + std::to_string(expected));
  }
}

ChainStore::ChainStore(std::int64_t n_chains, std::int64_t dim, std::int64_t context_dim,
                       std::uint64_t first_chain_id)
    : n_chains_(n_chains),
      n_blocks_((n_chains + kLanes - 1) / kLanes),
      dim_(dim),
      context_dim_(context_dim) {
  if (n_chains < 1 || dim < 1 || context_dim < 0) {
    throw Error(ErrorCode::kShape, "n_chains = " + std::to_string(n_chains) + ", dim = " +
                                       std::to_string(dim) + ": both must be at least 1");
  }
  const auto lanes = static_cast<std::size_t>(n_blocks_ * kLanes);
  x_.resize(lanes * static_cast<std::size_t>(dim));
  energy_grad_.resize(x_.size());
  energy_.resize(lanes);
  evaluated_.resize(static_cast<std::size_t>(n_blocks_));
  temperature_.resize(lanes, 1.0f);
  context_.resize(lanes * static_cast<std::size_t>(context_dim));
  chain_id_.resize(lanes);
  for (std::int64_t block = 0; block < n_blocks_; ++block) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      chain_id_[static_cast<std::size_t>(block * kLanes + lane)] =
          first_chain_id + static_cast<std::uint64_t>(chain_of(block, lane));
    }
  }
}

std::int64_t ChainStore::chain_of(std::int64_t block, std::int64_t lane) const {
  return std::min(block * kLanes + lane, n_chains_ - 1);
}

void ChainStore::load_lanes(std::span<const float> rows, std::int64_t width,
                            std::span<float> lanes) const {
  for (std::int64_t block = 0; block < n_blocks_; ++block) {
    for (std::int64_t lane = 0; lane < kLanes; ++lane) {
      const float* row = rows.data() + chain_of(block, lane) * width;
      float* column = lanes.data() + block * width * kLanes + lane;
      for (std::int64_t d = 0; d < width; ++d) column[d * kLanes] = row[d];
    }
  }
}

void ChainStore::load_rows(std::span<const float> rows) {
  require_size(rows.size(), n_chains_ * dim_, "the start of the chains");
  load_lanes(rows, dim_, x_);
  forget_energy();
}

void ChainStore::load_context(std::span<const float> rows) {
  require_size(rows.size(), n_chains_ * context_dim_, "the context of the chains");
  load_lanes(rows, context_dim_, context_);
  forget_energy();
}

void ChainStore::set_temperature(std::span<const float> temperature) {
  require_size(temperature.size(), n_chains_, "the temperature of the chains");
  for (const float t : temperature) base::require_non_negative("the temperature of a chain", t);
  load_lanes(temperature, 1, temperature_);
}

void ChainStore::require_momentum() { momentum_.resize(x_.size()); }

void ChainStore::forget_energy() { std::fill(evaluated_.begin(), evaluated_.end(), 0); }

void ChainStore::store_rows(std::span<float> rows) const {
  require_size(rows.size(), n_chains_ * dim_, "the storage of the chains");
  store_lanes(x_, rows);
}

void ChainStore::store_energy_grad(std::span<float> rows) const {
  require_size(rows.size(), n_chains_ * dim_, "the storage of the gradients");
  store_lanes(energy_grad_, rows);
}

void ChainStore::store_lanes(const base::AlignedVector<float>& lanes, std::span<float> rows) const {
  for (std::int64_t chain = 0; chain < n_chains_; ++chain) {
    const float* column = lanes.data() + chain / kLanes * dim_ * kLanes + chain % kLanes;
    float* row = rows.data() + chain * dim_;
    for (std::int64_t d = 0; d < dim_; ++d) row[d] = column[d * kLanes];
  }
}

void ChainStore::store_energy(std::span<float> energy) const {
  require_size(energy.size(), n_chains_, "the storage of the energies");
  std::copy_n(energy_.begin(), n_chains_, energy.begin());
}

ChainBlocks ChainBlocks::blocks(std::int64_t first, std::int64_t n) const {
  const auto part = [&](auto values) {
    const std::size_t of_a_block = values.size() / static_cast<std::size_t>(n_blocks);
    return values.subspan(static_cast<std::size_t>(first) * of_a_block,
                          static_cast<std::size_t>(n) * of_a_block);
  };
  return {.n_blocks = n,
          .dim = dim,
          .x = part(x),
          .energy = part(energy),
          .energy_grad = part(energy_grad),
          .momentum = part(momentum),
          .evaluated = part(evaluated),
          .chain_id = part(chain_id),
          .temperature = part(temperature),
          .context = part(context)};
}

ChainBlocks ChainStore::blocks(std::int64_t first, std::int64_t n) {
  const ChainBlocks all{.n_blocks = n_blocks_,
                        .dim = dim_,
                        .x = x_,
                        .energy = energy_,
                        .energy_grad = energy_grad_,
                        .momentum = momentum_,
                        .evaluated = evaluated_,
                        .chain_id = chain_id_,
                        .temperature = temperature_,
                        .context = context_};
  return all.blocks(first, n);
}

}  // namespace ebm::samplers
