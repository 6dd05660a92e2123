#include <string>

#include "base/error.h"
#include "report/tensorboard/event_histograms.h"
#include "report/tensorboard/event_record.h"
#include "report/tensorboard/tensorboard_event.h"
#include "tests/fuzz/scratch_folder.h"
#include "tests/fuzz/targets.h"

namespace ebm::fuzz {

/// An event file, and the event of a file whose checksums are right.
void read_events(std::string_view bytes) {
  static const ScratchFolder files, events;
  files.write("events.out.tfevents.1.ebm", bytes);
  try {
    report::read_event_histograms(files.path());
  } catch (const Error&) {
    // As an event they may be sound.
  }
  const std::string version = report::event_record(report::version_event(1.0));
  events.write("events.out.tfevents.1.ebm", version + report::event_record(bytes));
  report::read_event_histograms(events.path());
}

}  // namespace ebm::fuzz
