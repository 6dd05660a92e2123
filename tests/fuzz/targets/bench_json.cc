#include <nlohmann/json.hpp>

#include "report/bench_comparison.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_bench_json(std::string_view bytes) {
  const report::BenchComparison found = report::compare_benches(bytes, "a.json", bytes, "b.json");
  report::comparison_text(found);
  report::comparison_json(found);
}

}  // namespace ebm::fuzz
