// What these credentials may do with a topic: subscribe, publish, and really receive.
#pragma once

#include "inspect/shared/lab_job.hpp"

namespace mqtk::inspect {

struct AclAnswer {
  Finding finding = Finding::NotTested;
  std::string text;
};

struct AclRow {
  std::string filter;
  std::string topic;  ///< published to
  AclAnswer subscribe, publish, receive;

  bool denied() const;
};

struct AclReport {
  std::string target;
  std::string version;
  std::vector<AclRow> rows;
  std::optional<Error> error;
};

std::string acl_text(const AclReport& report);
/// mqtt-inspect.acl/1
std::string acl_json(const AclReport& report);

/// A topic that `filter` matches: wildcards are replaced by `level`, a shared subscription by what
/// it shares.
std::string topic_for(std::string_view filter, std::string_view level);

class AclJob final : public LabJob {
 public:
  AclJob(EventLoop& loop, Host& host, CapsOptions options, std::vector<std::string> filters,
         bool json);

 private:
  void begin() override;
  int conclude(const Error* error) override;
  Task<bool> prepare();
  Task<bool> work();
  Task<bool> probe(std::size_t index);
  /// What the broker says to a message; Unclear when that proves nothing.
  Task<AclAnswer> publish_to(std::string id, std::string topic);

  AclReport report_;
  std::size_t next_ = 0;
  bool json_;
};

}  // namespace mqtk::inspect
