#include "samplers/diagnostics/autocorrelation.h"

#include <complex>
#include <unsupported/Eigen/FFT>

#include "samplers/diagnostics/spread.h"

namespace ebm::samplers {
namespace {

/// The least 2^a·3^b·5^c >= n: sizes that the transform is fast at.
std::int64_t transform_size(std::int64_t n) {
  for (;; ++n) {
    std::int64_t rest = n;
    for (const std::int64_t factor : {2, 3, 5}) {
      while (rest % factor == 0) rest /= factor;
    }
    if (rest == 1) return n;
  }
}

}  // namespace

std::vector<double> mean_autocovariance(const DrawsView& draws) {
  const std::int64_t n = draws.n_draws();
  if (n == 0 || draws.n_chains() == 0) return {};
  // As many zeros as draws, so that no lag wraps around.
  const std::int64_t size = transform_size(2 * n);
  std::vector<std::complex<double>> pair(static_cast<std::size_t>(size));
  std::vector<std::complex<double>> transformed(pair.size());
  std::vector<std::complex<double>> power(pair.size());
  Eigen::FFT<double> fft;
  for (std::int64_t c = 0; c < draws.n_chains(); c += 2) {
    // A real and an imaginary chain in one transform: |Z_k|² + |Z_−k|² is twice the sum of their
    // powers, and what is odd in k has no part in the real numbers of the inverse.
    const bool alone = c + 1 == draws.n_chains();
    const auto real = draws.chain(c);
    const auto imaginary = draws.chain(alone ? c : c + 1);
    const double real_mean = moments(real).mean;
    const double imaginary_mean = moments(imaginary).mean;
    for (std::size_t i = 0; i < real.size(); ++i) {
      pair[i] = {real[i] - real_mean, alone ? 0.0 : imaginary[i] - imaginary_mean};
    }
    fft.fwd(transformed.data(), pair.data(), size);
    for (std::size_t k = 0; k < power.size(); ++k) power[k] += std::norm(transformed[k]);
  }
  fft.inv(transformed.data(), power.data(), size);
  std::vector<double> covariance(static_cast<std::size_t>(n));
  const double n_terms = static_cast<double>(n) * static_cast<double>(draws.n_chains());
  for (std::size_t t = 0; t < covariance.size(); ++t) {
    covariance[t] = transformed[t].real() / n_terms;
  }
  return covariance;
}

std::vector<double> autocorrelation(const DrawsView& draws) {
  std::vector<double> rho(static_cast<std::size_t>(draws.n_draws()), kUndefined);
  if (draws.n_draws() < 2 || !is_varied(draws)) return rho;
  const std::vector<double> covariance = mean_autocovariance(draws);
  const auto [within, total] = spread(draws);
  rho[0] = 1.0;
  for (std::size_t t = 1; t < rho.size(); ++t) {
    rho[t] = 1.0 - (within - covariance[t]) / total;
  }
  return rho;
}

double lag1_autocorrelation(const DrawsView& draws) {
  if (!is_diagnosable(draws)) return kUndefined;
  double sum = 0.0;
  for (std::int64_t c = 0; c < draws.n_chains(); ++c) {
    const auto chain = draws.chain(c);
    const double mean = moments(chain).mean;
    for (std::size_t i = 1; i < chain.size(); ++i) sum += (chain[i - 1] - mean) * (chain[i] - mean);
  }
  const auto [within, total] = spread(draws);
  return 1.0 - (within - sum / static_cast<double>(draws.values().size())) / total;
}

}  // namespace ebm::samplers
