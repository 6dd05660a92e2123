#pragma once

#include <cstdint>
#include <vector>

#include "landscape/flow_network.h"

namespace ebm::landscape {

/// A partition whose codelength is shortened by moves of single nodes. What each module has of it
/// is kept: logarithms take most of the time of a search.
class MovingModules {
 public:
  /// @param network  must outlive this
  /// @param modules  [n] of each node, from 0 to below n
  /// @param leaving  how often the walk leaves the network for a larger one
  MovingModules(const FlowNetwork& network, std::vector<std::int64_t> modules, double leaving);

  const std::vector<std::int64_t>& modules() const { return modules_; }

  /// Takes a node to the module of a neighbour that shortens the code most. What is gained, in bits
  /// a step; 0 if it stays.
  double improve(std::int64_t node);

 private:
  /// Sums over the nodes of a module, and its terms of the codelength.
  struct Sums {
    double exit = 0.0, visits = 0.0;
    double exit_term = 0.0;  ///< plogp(exit)
    double stay_term = 0.0;  ///< plogp(exit + visits)
    double link = 0.0;       ///< from the node in hand; else 0

    void compute_terms();
  };
  /// What a node's module has without it.
  struct Left {
    double exit = 0.0, exit_term = 0.0, stay_term = 0.0;
  };

  Left without(std::int64_t node, const Sums& module) const;
  /// What a move changes of the codelength.
  double change_of(std::int64_t node, const Sums& old, const Left& left, const Sums& next) const;
  void move(std::int64_t node, std::int64_t to);

  const FlowNetwork& network_;
  std::vector<std::int64_t> modules_;
  double leaving_;
  double total_exit_ = 0.0, total_term_ = 0.0;
  std::vector<Sums> sums_;  // [n] of each module
  std::vector<std::int64_t> nearby_;
};

}  // namespace ebm::landscape
