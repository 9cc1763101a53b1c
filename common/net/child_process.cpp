#include "net/child_process.hpp"

#include <unistd.h>
#include <uv.h>

#include <string_view>
#include <utility>

#include "base/process.hpp"

namespace mqtk {

namespace {

/// libuv wants its handles alive until their close callbacks, so the state outlives its owner.
struct State {
  uv_process_t process{};
  uv_pipe_t input{};
  uv_write_t write{};
  std::string text;
  ChildExit on_exit;
  int users = 0;  ///< two handles and the owner

  void close(uv_handle_t* handle) {
    if (uv_is_closing(handle) != 0) return;
    handle->data = this;
    uv_close(handle, [](uv_handle_t* closed) { static_cast<State*>(closed->data)->release(); });
  }
  void release() {
    if (--users == 0) delete this;
  }
  void close_input() { close(reinterpret_cast<uv_handle_t*>(&input)); }
  void close_process() { close(reinterpret_cast<uv_handle_t*>(&process)); }
};

class UvChild final : public Child {
 public:
  explicit UvChild(State* state) : state_(state) {}
  UvChild(const UvChild&) = delete;
  UvChild& operator=(const UvChild&) = delete;
  ~UvChild() override {
    state_->on_exit = nullptr;
    state_->close_input();
    state_->close_process();
    state_->release();
  }

 private:
  State* state_;
};

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

/// Ours without its secrets, but for the names that `added` sets.
std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
  std::vector<std::string> out = added;
  for (std::string& entry : child_environment()) {
    const std::string_view text(entry);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const std::string& one : added) {
      replaced |= one.size() > name.size() && one[name.size()] == '=' && one.starts_with(name);
    }
    if (!replaced) out.push_back(std::move(entry));
  }
  return out;
}

void exited(uv_process_t* process, std::int64_t code, int signal) {
  auto* state = static_cast<State*>(process->data);
  state->close_input();
  state->close_process();
  if (state->on_exit) {
    const ChildExit on_exit = std::exchange(state->on_exit, nullptr);
    on_exit({static_cast<int>(code), signal});
  }
}

}  // namespace

Result<std::unique_ptr<Child>> start_child(EventLoop& loop, ChildCommand command,
                                           ChildExit on_exit) {
  auto* native = static_cast<uv_loop_t*>(loop.native());
  auto* state = new State;
  state->text = std::move(command.input);
  state->on_exit = std::move(on_exit);
  state->users = 3;
  uv_pipe_init(native, &state->input, 0);
  std::vector<std::string> environment = merged_environment(command.environment);
  std::vector<char*> arguments = pointers(command.words);
  std::vector<char*> variables = pointers(environment);
  uv_stdio_container_t streams[3]{};
  streams[0].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_READABLE_PIPE);
  streams[0].data.stream = reinterpret_cast<uv_stream_t*>(&state->input);
  for (int fd = 1; fd < 3; ++fd) {
    streams[fd].flags = UV_INHERIT_FD;
    streams[fd].data.fd = fd;
  }
  uv_process_options_t options{};
  options.exit_cb = exited;
  options.file = arguments[0];
  options.args = arguments.data();
  options.env = variables.data();
  options.stdio = streams;
  options.stdio_count = 3;
  const int error = uv_spawn(native, &state->process, &options);
  state->process.data = state;
  auto child = std::make_unique<UvChild>(state);
  if (error != 0) {
    return fail(ErrorKind::Failed,
                "'" + command.words[0] + "' cannot be run: " + uv_strerror(error));
  }
  if (state->text.empty()) {
    state->close_input();
  } else {
    uv_buf_t all = uv_buf_init(state->text.data(), static_cast<unsigned>(state->text.size()));
    state->write.data = state;
    // A program that does not read its input is no error of ours.
    const int refused =
        uv_write(&state->write, reinterpret_cast<uv_stream_t*>(&state->input), &all, 1,
                 [](uv_write_t* write, int) { static_cast<State*>(write->data)->close_input(); });
    if (refused != 0) state->close_input();
  }
  return std::unique_ptr<Child>(std::move(child));
}

}  // namespace mqtk
