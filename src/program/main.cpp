// The program `tenure`: reads a command line and a model, prints a result, and tells by its exit status how that went.

#include <csignal>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "commands.hpp"
#include "options.hpp"
#include "tenure/io/model_file.hpp"
#include "tenure/io/output_file.hpp"
#include "terminal.hpp"

namespace tenure::program {
namespace {

void deliver(const Options& options, const std::string& text) {
  if (options.output.empty())
    write_standard_output(text);
  else
    write_output(options.output, text);
}

/// Whoever waits for a file may be interrupted there.
[[nodiscard]] ModelFile read_unless_interrupted(const std::string& file) {
  try {
    return read_model_file(file);
  } catch (const FileError&) {
    if (!interrupted()) throw;
    throw InterruptedError{{{"interrupted", "", "interrupted while it waited for a file", "", {}}}};
  }
}

/// Reads, runs and writes; every problem with the line of the model file that it concerns.
[[nodiscard]] ExitStatus work(const Options& options) {
  const ModelFile file = read_unless_interrupted(options.file);
  const bool tells_warnings = options.command == Command::check && options.format != Format::toml;  // in its result
  if (!options.quiet && !tells_warnings) report(options.file, "warning", file.model.warnings());
  try {
    const Outcome outcome = run(options, file);
    deliver(options, outcome.text);
    return outcome.complete ? ExitStatus::done : ExitStatus::interrupted;
  } catch (const ModelError& error) {
    throw ModelError{located(error.problems(), file.places)};
  } catch (const DivergentError& error) {
    throw DivergentError{located(error.problems(), file.places), error.divergence()};
  } catch (const LimitError& error) {
    throw LimitError{located(error.problems(), file.places)};
  }
}

[[nodiscard]] ExitStatus failed(const std::string& file, const std::vector<Problem>& problems, ExitStatus status) {
  report(file, "error", problems);
  return status;
}

/// What the system refuses: threads are a limit, all else has to do with files.
[[nodiscard]] ExitStatus refused_by_system(const std::string& file, const std::system_error& error) {
  const bool no_threads = error.code() == std::errc::resource_unavailable_try_again;
  if (no_threads)
    return failed(file, {{"threads", "", "the system gives no more threads", "give --threads 1", {}}},
                  ExitStatus::limit);
  return failed(file, {{"file", "", error.what(), "check the path", {}}}, ExitStatus::bad_file);
}

[[nodiscard]] ExitStatus work_and_report(const Options& options) {
  const std::string& file = options.file;
  try {
    return work(options);
  } catch (const ModelError& error) {
    return failed(file, error.problems(), ExitStatus::bad_input);
  } catch (const DivergentError& error) {
    return failed(file, error.problems(), ExitStatus::divergent);
  } catch (const FileError& error) {
    return failed(file, error.problems(), ExitStatus::bad_file);
  } catch (const LimitError& error) {
    return failed(file, error.problems(), ExitStatus::limit);
  } catch (const InterruptedError& error) {
    return failed(file, error.problems(), ExitStatus::interrupted);
  } catch (const std::system_error& error) {
    return refused_by_system(file, error);
  } catch (const std::bad_alloc&) {
    return failed(file, {{"memory", "", "there is not enough memory", "shorten the horizon or use fewer states", {}}},
                  ExitStatus::limit);
  } catch (const std::length_error&) {
    return failed(file,
                  {{"memory", "", "this is more than memory can hold", "shorten the horizon or use fewer states", {}}},
                  ExitStatus::limit);
  } catch (const std::exception& error) {
    return failed(file,
                  {{"defect",
                    "",
                    fmt::format("an internal error: {}", error.what()),
                    "this is a defect of the program; please report it with the model file",
                    {}}},
                  ExitStatus::defect);
  }
}

[[nodiscard]] ExitStatus run_program(int count, char** arguments) {
  try {
    const CommandLine line = parse_command_line(count, arguments);
    return line.options ? work_and_report(*line.options) : line.status;
  } catch (const std::bad_alloc&) {  // not even for the command line, or for saying so
    say("tenure: there is not enough memory\n");
    return ExitStatus::limit;
  }
}

}  // namespace
}  // namespace tenure::program

int main(int count, char** arguments) {
  using namespace tenure::program;
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow any more is an error like a full disk
  heed_interruptions();
  return static_cast<int>(run_program(count, arguments));
}
