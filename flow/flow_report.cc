#include "flow/flow_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/names/choice.h"
#include "base/printed.h"

namespace ebm::flow {

using base::printed;

std::string density_text(const DensityReport& report) {
  const DensitySummary& found = report.summary;
  std::string text = printed("%lld items of %s: mean log-density %.6g nats (SE %.2g)",
                             static_cast<long long>(found.n), report.data, found.nats, found.se);
  if (found.bits) {
    text += printed(", %.4f bits per dimension (SE %.2g)", *found.bits,
                    found.se / (static_cast<double>(report.dim) * std::log(2.0)));
  }
  text += "\n";
  if (found.bound) {
    text += printed("the series of %lld terms may be off by at most %.3g nats a dimension\n",
                    static_cast<long long>(report.options.terms), *found.bound);
  }
  return report.out.empty() ? text : text + printed("-ln p of each is in %s\n", report.out);
}

nlohmann::json density_json(const DensityReport& report) {
  const DensitySummary& found = report.summary;
  nlohmann::json document{{"n", found.n},
                          {"log_density", found.nats},
                          {"log_density_se", found.se},
                          {"log_det", base::name_of<LogDet>("log-det", kLogDets, found.log_det)}};
  if (found.bits) document["bits_per_dim"] = *found.bits;
  if (found.bound) document["truncation_bound"] = *found.bound;
  if (!report.out.empty()) document["out"] = report.out;
  return document;
}

std::string round_trip_text(const RoundTrip& trip, std::int64_t n, const std::string& data,
                            const std::string& precision) {
  std::string text = "block  Lipschitz  bound: steps  steps made   error bound\n";
  for (std::size_t i = 0; i < trip.blocks.size(); ++i) {
    const BlockInverse& block = trip.blocks[i];
    text += printed("%5zu  %9.4f  %12lld  %10lld  %12.3g\n", i, block.lipschitz,
                    static_cast<long long>(block.bound_iterations),
                    static_cast<long long>(block.iterations), block.error_bound);
  }
  return text +
         printed("%lld items of %s there and back in %s precision: largest error %.3g, rms %.3g\n",
                 static_cast<long long>(n), data, precision, trip.max_error, trip.rms_error);
}

nlohmann::json round_trip_json(const RoundTrip& trip, std::int64_t n) {
  nlohmann::json blocks = nlohmann::json::array();
  for (const BlockInverse& block : trip.blocks) {
    blocks.push_back({{"lipschitz", block.lipschitz},
                      {"bound_iterations", block.bound_iterations},
                      {"iterations", block.iterations},
                      {"error_bound", block.error_bound}});
  }
  return {
      {"n", n}, {"max_error", trip.max_error}, {"rms_error", trip.rms_error}, {"blocks", blocks}};
}

}  // namespace ebm::flow
