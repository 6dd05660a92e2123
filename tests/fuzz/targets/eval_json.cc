#include "report/page/evaluation.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_eval_json(std::string_view bytes) { report::parse_evaluation(bytes, "eval.json"); }

}  // namespace ebm::fuzz
