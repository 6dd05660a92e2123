#include "report/page/classifier.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_classify_json(std::string_view bytes) {
  report::parse_classifier(bytes, "classify.json");
}

}  // namespace ebm::fuzz
