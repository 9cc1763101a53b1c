#include "support/relay_rules.hpp"

namespace mqtk {

void RelayRules::clear() {
  cuts_.clear();
  swallows_.clear();
  disorders_.clear();
}

RelayRules::Verdict RelayRules::packet(RelayDirection direction, wire::PacketType type) {
  Verdict verdict;
  for (auto& [rule, seen] : swallows_) {
    if (rule.direction != direction || rule.type != type) continue;
    ++seen;
    if (seen > rule.after && seen - rule.after <= rule.count) verdict.swallow = true;
  }
  for (auto& [rule, seen] : disorders_) {
    if (rule.direction != direction || rule.type != type) continue;
    ++seen;
    if (seen <= rule.after || seen - rule.after > rule.count) continue;
    (rule.how == RelayDisorder::How::Twice ? verdict.twice : verdict.later) = true;
  }
  for (auto it = cuts_.begin(); it != cuts_.end(); ++it) {
    const RelayCut& rule = it->rule;
    if (rule.direction != direction || rule.type != type || ++it->seen < rule.at) continue;
    (rule.forward ? verdict.cut_after : verdict.cut_before) = rule.ending;
    it->seen = 0;
    if (!rule.repeat) cuts_.erase(it);
    break;
  }
  return verdict;
}

RelayRules::Passage RelayRules::pass(RelayDirection direction, std::size_t octets) {
  Passage passage{octets};
  for (auto it = cuts_.begin(); it != cuts_.end(); ++it) {
    const RelayCut& rule = it->rule;
    if (rule.direction != direction || rule.type) continue;
    if (it->seen + passage.octets < rule.at) {
      it->seen += passage.octets;
      continue;
    }
    passage = {static_cast<std::size_t>(rule.at - it->seen), rule.ending};
    it->seen = 0;
    if (!rule.repeat) cuts_.erase(it);
    break;
  }
  return passage;
}

}  // namespace mqtk
