#pragma once
// What was asked for on the command line.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "exit_status.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/io/table.hpp"

namespace tenure::program {

enum class Command : std::uint8_t { check, value, simulate, compare, optimize, sensitivity, uncertainty, policy };
enum class Format : std::uint8_t { table, json, csv, toml };

struct Options {
  Command command = Command::check;
  std::string file{};
  std::vector<std::string> scenarios{};  ///< empty: all
  std::uint64_t seed = 1;
  unsigned threads = 0;  ///< 0: as many as there are
  Format format = Format::table;
  MoneyScale scale = MoneyScale::automatic;  ///< of tables
  std::string output{};                      ///< empty: standard output
  bool quiet = false;
  bool raw_csv = false;
  bool simulate = false;  ///< compare: draw the whole business too; policy: let people live under it
  SimulationOptions simulation{};
  SensitivityOptions sensitivity{};
  UncertaintyOptions uncertainty{};
  OptimizeOptions optimization{};
};

/// Either options, or a status to end with at once (after --help, --version or a mistake, which have been answered).
struct CommandLine {
  std::optional<Options> options{};
  ExitStatus status = ExitStatus::done;
};

[[nodiscard]] CommandLine parse_command_line(int count, const char* const* arguments);

}  // namespace tenure::program
