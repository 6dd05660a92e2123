#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "samplers/chain_driver.h"
#include "samplers/energies/sum_energy.h"
#include "samplers/kernels/langevin.h"
#include "torch_nets/torch_net.h"

namespace ebm::torch_nets {

/// Langevin chains as tensors on the network's device: one copy in, one out, nothing between. The
/// update rule, the clamps, the addressing of the random numbers and the errors are those of
/// samplers::Langevin with the host driver; values differ from it by rounding.
class DeviceChainDriver : public samplers::ChainDriver {
 public:
  /// Copies the weights. @throws Error(kUsage) if the options are invalid.
  DeviceChainDriver(std::shared_ptr<const TorchNet> net, const samplers::LangevinOptions& options);
  void advance(std::span<float> rows, const samplers::Advance& steps) override;

 private:
  std::shared_ptr<const TorchNet> net_;
  std::vector<torch::Tensor> weights_;
  samplers::Langevin kernel_;
};

/// Normals for words [first_word, first_word + n_words) of chains first_chain_id, ...: [n_chains,
/// n_words] on `device`, equal to samplers::fill_block_normals up to rounding.
torch::Tensor device_normals(base::PhiloxKey key, std::uint64_t first_chain_id,
                             std::int64_t n_chains, std::uint64_t first_word, std::int64_t n_words,
                             torch::Device device);

/// The driver for a network: in blocks on the host if it is on the CPU, else on its device.
/// @param more    what is added to its energy, if anything is
/// @param kernel  instead of Langevin steps by the options, if there is one
/// @param data_sd  above 0: of the samplers::NoiseLevelEnergy that the network is part of
/// @throws Error(kUsage) for `more` or a kernel on a device.
std::unique_ptr<samplers::ChainDriver> make_chain_driver(
    std::shared_ptr<const TorchNet> net, const samplers::LangevinOptions& options, int n_threads,
    const samplers::SumEnergy::Term& more = {},
    std::shared_ptr<const samplers::Kernel> kernel = nullptr, float data_sd = 0.0f);

}  // namespace ebm::torch_nets
