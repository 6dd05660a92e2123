#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/progress.h"
#include "training/train_observer.h"

namespace ebm::training {

/// The figures of a training run that its progress bar shows, in this order, as terminals cut the
/// end: iterations/s, energy gap or loss, bits/dim, norm of the gradient, mean energies, work/s,
/// learning rate, age of chains. A figure that an iteration has not taken keeps its last value; one
/// that no iteration has taken yet is left out, and so is the age of a run that has no energy gap,
/// and so no chains.
class BarFields {
 public:
  void take(const std::vector<Figure>& figures);
  std::vector<report::ProgressField> fields() const;

 private:
  bool has_gap_ = false;
  std::map<std::string, double> newest_;
};

}  // namespace ebm::training
