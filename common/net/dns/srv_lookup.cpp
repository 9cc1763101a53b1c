#include "net/dns/srv_lookup.hpp"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <uv.h>

#include <algorithm>
#include <memory>
#include <random>
#include <type_traits>
#include <utility>

#include "base/random.hpp"
#include "base/units.hpp"

namespace mqtk {

namespace {

// Runs on a thread of the pool. The state is this thread's: the global one is not shared.
Result<std::vector<SrvRecord>> ask_name_server(const std::string& service) {
  std::remove_pointer_t<res_state> state{};
  if (res_ninit(&state) != 0) {
    return fail(service_unknown(service, "this machine's resolver is not set up"));
  }
  std::vector<unsigned char> answer(NS_MAXMSG);
  const int size = res_nquery(&state, service.c_str(), ns_c_in, ns_t_srv, answer.data(),
                              static_cast<int>(answer.size()));
  const int failure = state.res_h_errno;
  res_nclose(&state);
  if (size < 0) {
    switch (failure) {
      case HOST_NOT_FOUND:
        return fail(no_such_service(service, "no such name"));
      case NO_DATA:
        return fail(no_such_service(service, "no such records"));
      case TRY_AGAIN:
        return fail(service_unknown(service, "the name server does not answer"));
      default:
        return fail(service_unknown(service, "the name server answers with an error"));
    }
  }
  const std::size_t used = std::min(static_cast<std::size_t>(size), answer.size());
  return parse_srv_answer({reinterpret_cast<const char*>(answer.data()), used}, service);
}

}  // namespace

struct SrvLookup::Request {
  uv_work_t native{};
  std::string service;
  SrvLookup* owner = nullptr;
  Callback done;
  Result<std::vector<SrvRecord>> result = std::vector<SrvRecord>{};
};

void SrvLookup::look_up(const std::string& service, Duration limit, Callback done) {
  cancel();
  auto request = std::make_unique<Request>();
  request->service = service;
  request->owner = this;
  request->done = std::move(done);
  request->native.data = request.get();
  uv_queue_work(
      static_cast<uv_loop_t*>(loop_.native()), &request->native,
      [](uv_work_t* native) {
        auto* const running = static_cast<Request*>(native->data);
        running->result = ask_name_server(running->service);
      },
      [](uv_work_t* native, int) {
        const std::unique_ptr<Request> finished(static_cast<Request*>(native->data));
        if (finished->owner == nullptr) return;
        finished->owner->request_ = nullptr;
        finished->owner->timer_.reset();
        if (finished->result) {
          std::minstd_rand random(static_cast<std::uint32_t>(random_seed()));
          order_srv(*finished->result, [&random](std::uint32_t most) {
            return std::uniform_int_distribution<std::uint32_t>(0, most)(random);
          });
        }
        finished->done(std::move(finished->result));
      });
  request_ = request.release();
  started_ = monotonic_now();
  if (limit <= 0ns) return;
  timer_ = std::make_unique<Timer>(loop_, [this] { overdue(); });
  timer_->after(limit);
}

void SrvLookup::overdue() {
  const Callback done = std::move(request_->done);
  Error late = service_unknown(request_->service, "the name server did not answer within " +
                                                      format_duration(monotonic_now() - started_));
  late.kind = ErrorKind::Unreachable;
  late.cause = Cause::DnsTimeout;
  cancel();
  done(fail(std::move(late)));
}

void SrvLookup::cancel() {
  timer_.reset();
  if (request_ == nullptr) return;
  request_->owner = nullptr;
  uv_cancel(reinterpret_cast<uv_req_t*>(&request_->native));
  request_ = nullptr;
}

}  // namespace mqtk
