// How a process ends: by its exit code, or by the signal that interrupted it, also where it is
// process 1 of a container, which the system does not let die by a signal of its own.
#pragma once

namespace mqtk {

/// With `exit_code`, or when `signal` is not 0 by that signal; as process 1 with 128 + signal. Does
/// not run exit(): a resolver's thread that hangs would be waited for. What is to be written has
/// been written before.
[[noreturn]] void end_process(int exit_code, int signal = 0);

/// From now on SIGINT, SIGTERM and SIGHUP end the process at once, also as process 1, and whatever
/// it is doing. Those that the caller has ignored (nohup) stay so.
void let_signals_end_process();

/// The beginning of a main(), and after every event loop that watched signals: as above, and
/// SIGUSR1, which asks for counters, has no effect where there are none.
void take_signals();

}  // namespace mqtk
