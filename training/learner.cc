#include "training/learner.h"

namespace ebm::training {

std::vector<Figure> run_figures(const Learner& learner, double iterations_per_s) {
  const RunCounters& counters = learner.counters();
  const Learner::Work work = learner.work();
  std::vector<Figure> all{{"iteration", counters.iteration}};
  for (const Figure& figure : learner.figures()) all.push_back(figure);
  all.push_back({"rollbacks", counters.rollbacks});
  all.push_back({"seconds", counters.seconds});
  all.push_back({"iterations_per_s", iterations_per_s});
  all.push_back({work.rate_name, iterations_per_s * work.an_iteration});
  return all;
}

}  // namespace ebm::training
