#include "landscape/moving_modules.h"

#include <algorithm>
#include <utility>

#include "landscape/plogp.h"

namespace ebm::landscape {
namespace {

double exit_without(double exit_of_node, double exit, double link) {
  return std::max(exit - exit_of_node + 2.0 * link, 0.0);
}

double exit_with(double exit_of_node, double exit, double link) {
  return std::max(exit + exit_of_node - 2.0 * link, 0.0);
}

}  // namespace

void MovingModules::Sums::compute_terms() {
  exit_term = plogp(exit);
  stay_term = plogp(exit + visits);
}

MovingModules::MovingModules(const FlowNetwork& network, std::vector<std::int64_t> modules,
                             double leaving)
    : network_(network), modules_(std::move(modules)), leaving_(leaving), sums_(at(network.n())) {
  for (std::int64_t i = 0; i < network.n(); ++i) {
    Sums& own = sums_[at(modules_[at(i)])];
    own.visits += network.visits[at(i)];
    own.exit += network.exits[at(i)];
    for (std::int64_t k = network.first[at(i)]; k < network.first[at(i) + 1]; ++k) {
      if (modules_[at(network.neighbours[at(k)])] == modules_[at(i)])
        own.exit -= network.flows[at(k)];
    }
  }
  for (Sums& module : sums_) {
    total_exit_ += module.exit;
    module.compute_terms();
  }
  total_term_ = plogp(leaving_ + total_exit_);
}

double MovingModules::improve(std::int64_t node) {
  const std::int64_t old = modules_[at(node)];
  nearby_.clear();
  for (std::int64_t k = network_.first[at(node)]; k < network_.first[at(node) + 1]; ++k) {
    const std::int64_t module = modules_[at(network_.neighbours[at(k)])];
    Sums& sums = sums_[at(module)];
    if (sums.link == 0.0) nearby_.push_back(module);
    sums.link += network_.flows[at(k)];
  }
  std::int64_t best = old;
  double best_change = -kMinGain;
  const bool is_inner = nearby_.empty() || (nearby_.size() == 1 && nearby_[0] == old);
  const Left left = is_inner ? Left{} : without(node, sums_[at(old)]);
  for (const std::int64_t module : nearby_) {
    if (module == old) continue;
    const double change = change_of(node, sums_[at(old)], left, sums_[at(module)]);
    if (change < best_change) {
      best = module;
      best_change = change;
    }
  }
  if (best != old) move(node, best);
  for (const std::int64_t module : nearby_) sums_[at(module)].link = 0.0;
  return best == old ? 0.0 : -best_change;
}

MovingModules::Left MovingModules::without(std::int64_t node, const Sums& module) const {
  const double exit = exit_without(network_.exits[at(node)], module.exit, module.link);
  return {.exit = exit,
          .exit_term = plogp(exit),
          .stay_term = plogp(exit + module.visits - network_.visits[at(node)])};
}

double MovingModules::change_of(std::int64_t node, const Sums& old, const Left& left,
                                const Sums& next) const {
  const double new_next = exit_with(network_.exits[at(node)], next.exit, next.link);
  const double total = total_exit_ + left.exit + new_next - old.exit - next.exit;
  return plogp(leaving_ + total) - total_term_ -
         2.0 * (left.exit_term + plogp(new_next) - old.exit_term - next.exit_term) +
         left.stay_term + plogp(new_next + next.visits + network_.visits[at(node)]) -
         old.stay_term - next.stay_term;
}

void MovingModules::move(std::int64_t node, std::int64_t to) {
  Sums& old = sums_[at(modules_[at(node)])];
  Sums& next = sums_[at(to)];
  const double new_old = exit_without(network_.exits[at(node)], old.exit, old.link);
  const double new_next = exit_with(network_.exits[at(node)], next.exit, next.link);
  total_exit_ += new_old + new_next - old.exit - next.exit;
  total_term_ = plogp(leaving_ + total_exit_);
  old.exit = new_old;
  next.exit = new_next;
  old.visits -= network_.visits[at(node)];
  next.visits += network_.visits[at(node)];
  old.compute_terms();
  next.compute_terms();
  modules_[at(node)] = to;
}

}  // namespace ebm::landscape
