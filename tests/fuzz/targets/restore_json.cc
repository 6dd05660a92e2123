#include "report/page/restoration.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

void read_restore_json(std::string_view bytes) {
  report::restoration_sections({report::parse_restoration(bytes, "restore.json")});
}

}  // namespace ebm::fuzz
