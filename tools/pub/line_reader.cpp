#include "pub/line_reader.hpp"

#include <cstring>

#include "wire/types.hpp"

namespace mqtk::pub {

LineReader::Next LineReader::next(TextLine& line) {
  while (!failed_ && !splitter_.next(line)) {
    Bytes block;
    switch (input_.take(block)) {
      case BlockInput::Status::Data:
        splitter_.feed(block);
        if (splitter_.pending() <= wire::kMaxRemainingLength) break;
        failed_ = true;
        error_ = {
            ErrorKind::BadInput, Cause::None, "longer than the 256 MiB that MQTT can carry", {}};
        break;
      case BlockInput::Status::Wait:
        return Next::Wait;
      case BlockInput::Status::End:
        if (!splitter_.finish(line)) return Next::End;
        ++number_;
        return Next::Line;
      case BlockInput::Status::Failed:
        failed_ = true;
        error_ = {ErrorKind::NoInput,
                  Cause::None,
                  std::string("cannot read input: ") + std::strerror(input_.error_code()),
                  {}};
        break;
    }
    if (failed_) ++number_;
  }
  if (failed_) return Next::Failed;
  ++number_;
  return Next::Line;
}

}  // namespace mqtk::pub
