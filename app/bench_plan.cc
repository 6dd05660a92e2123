#include "app/bench_plan.h"

#include <charconv>

#include "app/command_line.h"
#include "app/toy_energy.h"
#include "base/error.h"
#include "base/quote.h"
#include "base/require.h"
#include "samplers/sampler_settings.h"

namespace ebm::app {
namespace {

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> entries(1);
  for (const char c : list) {
    if (c == ',') {
      entries.emplace_back();
    } else {
      entries.back() += c;
    }
  }
  return entries;
}

std::vector<std::int64_t> numbers_of(const char* name, const std::string& list,
                                     std::int64_t least) {
  std::vector<std::int64_t> numbers;
  for (const std::string& entry : split(list)) {
    std::int64_t value = 0;
    const char* end = entry.data() + entry.size();
    const auto [last, fault] = std::from_chars(entry.data(), end, value);
    if (fault != std::errc() || last != end) {
      throw Error(ErrorCode::kUsage, std::string(name) + " = " + base::quote(entry) +
                                         ": must be whole numbers with commas between them");
    }
    base::require_at_least(name, value, least);
    numbers.push_back(value);
  }
  return numbers;
}

std::shared_ptr<const samplers::Kernel> kernel_of(const std::string& sampler,
                                                  const BenchWords& words) {
  samplers::SamplerSettings settings{.sampler = sampler,
                                     .inner = {},
                                     .temperature = static_cast<float>(words.temperature),
                                     .n_leapfrog = words.n_leapfrog};
  settings.step_size =
      words.step_size ? static_cast<float>(*words.step_size) : samplers::default_step_size(sampler);
  // Schedules that change nothing, so that an annealed walk is comparable with what it wraps.
  settings.schedules.temperature.start = words.temperature;
  settings.schedules.step_size.start = settings.step_size;
  return samplers::make_kernel(settings);
}

void require_memory(std::int64_t n, std::int64_t dim) {
  if (n > (std::int64_t{1} << 36) / dim) {
    throw Error(ErrorCode::kUsage, "n = " + std::to_string(n) + ": that many states of dim " +
                                       std::to_string(dim) + " do not fit in memory");
  }
}

}  // namespace

std::vector<BenchCase> plan_bench(const BenchWords& words) {
  base::require_at_least("repetitions", words.repetitions, 1);
  base::require_at_least("seed", words.seed, 0);
  base::require_at_least("leapfrog", words.n_leapfrog, 1);
  base::require_positive("temperature", words.temperature);
  if (words.step_size) base::require_positive("step_size", *words.step_size);
  if (words.format != "table" && words.format != "csv" && words.format != "json") {
    throw Error(ErrorCode::kUsage,
                "format = " + base::quote(words.format) + ": must be table, csv or json");
  }
  const auto all_n = numbers_of("n", words.n, 1), all_steps = numbers_of("steps", words.steps, 1);
  const auto all_threads = numbers_of("threads", words.threads, 0);
  std::vector<BenchCase> cases;
  for (const std::string& name : words.energies) {
    const std::shared_ptr<const samplers::Energy> energy = toy_energy(name);
    for (const std::string& sampler : split(words.samplers)) {
      const auto kernel = kernel_of(sampler, words);
      for (const std::int64_t n : all_n) {
        require_memory(n, energy->dim());
        for (const std::int64_t steps : all_steps) {
          for (const std::int64_t threads : all_threads) {
            cases.push_back({.energy_name = name,
                             .energy = energy,
                             .backend = "analytic",
                             .sampler = sampler,
                             .kernel = kernel,
                             .n_chains = n,
                             .n_steps = steps,
                             .n_threads = resolve_threads(threads)});
          }
        }
      }
    }
  }
  return cases;
}

}  // namespace ebm::app
