// The command line in one place: commands, options, help with examples.

#include "options.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/sensitivity.hpp"
#include "tenure/decide/simulate.hpp"
#include "tenure/decide/uncertainty.hpp"
#include "tenure/engine/stream.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "option_values.hpp"
#include "tenure/io/output_file.hpp"
#include "tenure/io/unicode.hpp"
#include "tenure/model/names.hpp"
#include "tenure/quantity/error.hpp"
#include "tenure/quantity/limits.hpp"
#include "tenure/version.hpp"
#include "terminal.hpp"

namespace tenure::program {
namespace {

[[nodiscard]] std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
  return fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

[[nodiscard]] std::string version_text() {
  return fmt::format("tenure {}\ncompiler: {}\nvector target: {}\nstream version: {}\n", version, compiler(),
                     instruction_set_names[static_cast<std::size_t>(widest_instruction_set())], stream_version);
}

[[nodiscard]] std::string program_footer() {
  return fmt::format(
      "Examples:\n"
      "  tenure check dealership.toml                      read a model back in words\n"
      "  tenure compare dealership.toml                    which scenario wins, by how much, and when it pays back\n"
      "  tenure value dealership.toml --scenario farm      what a customer and the business are worth\n"
      "  tenure simulate dealership.toml --referrals       how differently lives turn out\n"
      "  tenure compare dealership.toml --simulate         how likely each scenario is the best\n"
      "  tenure policy mailing.toml                        whom to court, whom to let go\n"
      "  tenure sensitivity dealership.toml                which numbers move the result most\n"
      "  tenure uncertainty dealership.toml                how likely each is, and what it is worth to know more\n"
      "  tenure optimize dealership.toml --budget 4000000  the best split of a budget over all levers\n"
      "  tenure compare - --format json < model.toml       for other programs\n\n"
      "Exit status: 0 done, 1 a defect of the program, 2 bad usage, 3 bad input, 4 no finite answer, 5 reading or\n"
      "writing failed, 6 a limit, 130 interrupted.\n\n"
      "Limits: model file {} MiB, names {} bytes, {} nested arrays or tables, {} dots in a key, {} states,\n"
      "{} periods, {} GiB of work, {:g} steps of the exact engine, {} problems shown at once,\n"
      "{} periods until an infinite horizon settles, amounts up to {:g}, {:g} people arriving in a period.",
      limits::file_bytes >> 20, limits::name_bytes, limits::nesting_depth, limits::dots_in_a_key, limits::states,
      limits::periods, limits::bytes_of_work >> 30, limits::steps_of_work, limits::problems_shown,
      limits::settling_periods, limits::amount, limits::people);
}

/// An option that is followed by a text; where it may stand several times, `take` is called for each.
template <class Take>
CLI::Option* add_text(CLI::App& command, const std::string& option, const std::string& type, const std::string& what,
                      Take take) {
  return command.add_option_function<std::string>(option, take, what)->type_name(type);
}

/// An option that is followed by a whole number.
template <class Take>
CLI::Option* add_count(CLI::App& command, const std::string& option, const Counts& counts, const std::string& what,
                       Take take) {
  return add_text(command, option, "N", what,
                  [option, counts, take](const std::string& text) { take(count_in(option, text, counts)); });
}

/// An option that is followed by an amount.
template <class Take>
CLI::Option* add_amount(CLI::App& command, const std::string& option, const Amounts& amounts, const std::string& what,
                        Take take) {
  return add_text(command, option, "X", what,
                  [option, amounts, take](const std::string& text) { take(amount_in(option, text, amounts)); });
}

constexpr std::uint64_t most_draws = std::uint64_t{1} << 32;

void add_common_options(CLI::App& command, Options& options) {
  command.add_option("FILE", options.file, "the model file; - reads standard input")->required();
  add_count(command, "--seed", {0, std::numeric_limits<std::uint64_t>::max(), "2^64 - 1", true},
            "seed of simulations (default 1); exact results do not depend on it",
            [&options](std::uint64_t seed) { options.seed = seed; });
  add_count(command, "--threads", {0, 4096}, "threads to use (default 0: all); results do not depend on it",
            [&options](std::uint64_t threads) { options.threads = static_cast<unsigned>(threads); });
  command.add_option("--output", options.output, "write the result to a file, replacing it only if all went well")
      ->type_name("FILE")
      ->check([](const std::string& name) { return std::string{name.empty() ? "the name of the file is empty" : ""}; });
  command.add_flag("--quiet", options.quiet, "no progress and no warnings");
}

void add_format(CLI::App& command, Options& options, const std::map<std::string, Format>& formats) {
  std::string names;
  for (const auto& [name, format] : formats) names += (names.empty() ? "" : "|") + name;
  command
      .add_option_function<std::string>(
          "--format",
          [&options, formats, names](const std::string& text) {
            const auto format = formats.find(text);
            if (format == formats.end()) throw refusal("--format", text, "is none of " + names);
            options.format = format->second;
          },
          "how to print the result (default table)")
      ->type_name(names);
  if (formats.contains("toml")) return;  // a model's own numbers are shown as they are written
  command
      .add_option_function<std::string>(
          "--scale",
          [&options](const std::string& text) {
            if (text != "k" && text != "M") throw refusal("--scale", text, "is neither k nor M");
            options.scale = text == "k" ? MoneyScale::thousands : MoneyScale::millions;
          },
          "in tables, money in thousands or in millions")
      ->type_name("k|M");
}

void add_scenarios(CLI::App& command, Options& options) {
  command.add_option("--scenario", options.scenarios, "only this scenario; may be given several times")
      ->type_name("NAME")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  command.add_flag("--raw-csv", options.raw_csv,
                   "in CSV, leave texts as they are that a spreadsheet takes for formulas");
}

/// "0.1%" of the mean, or an amount of money.
[[nodiscard]] Precision parse_precision(const std::string& text) {
  const bool of_the_mean = text.ends_with('%');
  const std::string_view number = std::string_view{text}.substr(0, text.size() - (of_the_mean ? 1 : 0));
  constexpr Amounts above_nothing{.words = "share like 0.1%, or amount above 0", .above = true};
  const double value = amount_in("--precision", number, above_nothing);
  return {of_the_mean ? value / 100 : value, of_the_mean};
}

void add_effort(CLI::App& command, Options& options) {
  Effort& effort = options.simulation.effort;
  add_text(command, "--precision", "0.1%", "go on until the standard error is below this share of the mean, or amount",
           [&effort](const std::string& text) { effort.precision = parse_precision(text); });
  add_amount(command, "--seconds", {.words = "number of seconds above 0", .above = true}, "go on for so long",
             [&effort](double seconds) { effort.seconds = seconds; })
      ->type_name("S");
}

template <class Names>
[[nodiscard]] std::string joined(const Names& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : "|") + std::string{name};
  return text;
}

/// One of some names, by its place.
template <class Enum, class Names>
void add_choice(CLI::App& command, const std::string& option, const Names& names, std::optional<Enum>& chosen,
                const std::string& what, const std::map<std::string, std::string>& also_understood = {}) {
  command
      .add_option_function<std::string>(
          option,
          [&chosen, &names, option, also_understood](const std::string& text) {
            chosen.reset();
            if (text == "auto") return;
            const auto other = also_understood.find(text);
            const auto found =
                std::find(names.begin(), names.end(), other == also_understood.end() ? text : other->second);
            if (found == names.end()) throw refusal(option, text, "is none of auto|" + joined(names));
            chosen = static_cast<Enum>(found - names.begin());
          },
          what)
      ->type_name("auto|" + joined(names));
}

void add_simulate(CLI::App& program, Options& options) {
  CLI::App* simulate =
      program.add_subcommand("simulate", "how a person's value, or the business's, is spread by chance");
  simulate->callback([&options] { options.command = Command::simulate; });
  simulate->footer(
      "Examples:\n"
      "  tenure simulate dealership.toml                                         a person's value, as exactly as can "
      "be\n"
      "  tenure simulate dealership.toml --people 10000000 --threads 4          ten million lives, one by one\n"
      "  tenure simulate dealership.toml --referrals --precision 0.1%           with everyone whom a person brings\n"
      "  tenure simulate dealership.toml --engine population --replicates 5000  the whole business");
  add_common_options(*simulate, options);
  add_format(*simulate, options, {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}});
  add_scenarios(*simulate, options);
  SimulationOptions& simulation = options.simulation;
  add_choice(*simulate, "--engine", simulation_engine_names, simulation.engine,
             "how to simulate (default auto: the cheapest that can answer)", {{"cohort", "population"}});
  const Counts of_lives{1, limits::people_simulated};
  CLI::Option* people =
      add_count(*simulate, "--people", of_lives, "how many lives (default 1000000); with a precision or time, the most",
                [&simulation](std::uint64_t count) { simulation.effort.count = count; });
  CLI::Option* replicates = add_count(*simulate, "--replicates", of_lives,
                                      "how often to draw the whole business (default 10000; as --people)",
                                      [&simulation](std::uint64_t count) {
                                        simulation.effort.count = count;
                                        if (!simulation.engine) simulation.engine = SimulationEngine::population;
                                      });
  people->excludes(replicates);
  simulate
      ->add_option("--from", simulation.from, "a person who enters this state at the start (default: as people arrive)")
      ->type_name("STATE");
  simulate->add_flag("--referrals", simulation.referrals, "count everyone whom a person brings, and whom those bring");
  add_choice(*simulate, "--instructions", instruction_set_names, simulation.instructions,
             "processor instructions to run on; no result depends on it");
  add_effort(*simulate, options);
}

void add_policy(CLI::App& program, Options& options) {
  CLI::App* policy = program.add_subcommand("policy", "whom to court, whom to let go: the best action in each state");
  policy->callback([&options] { options.command = Command::policy; });
  policy->footer(
      "Examples:\n"
      "  tenure policy mailing.toml                                whom to write to, and what that is worth\n"
      "  tenure policy mailing.toml --scenario farm                on top of what a scenario spends on its levers\n"
      "  tenure policy mailing.toml --simulate --people 1000000    and a million people who live under it\n"
      "  tenure policy mailing.toml --format csv                   the policy itself, for other programs");
  add_common_options(*policy, options);
  add_format(*policy, options, {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}});
  policy
      ->add_option_function<std::string>(
          "--scenario", [&options](const std::string& name) { options.scenarios = {name}; },
          "on top of this scenario (default: the reference)")
      ->type_name("NAME");
  policy->add_flag("--raw-csv", options.raw_csv,
                   "in CSV, leave texts as they are that a spreadsheet takes for formulas");
  policy->add_flag("--simulate", options.simulate, "let people live under the policy, one by one");
  add_count(*policy, "--people", {1, limits::people_simulated}, "how many (default 1000000); implies --simulate",
            [&options](std::uint64_t count) { options.simulation.effort.count = count; });
  policy
      ->add_option("--from", options.simulation.from, "they enter this state at the start (default: as people arrive)")
      ->type_name("STATE");
}

void add_sensitivity(CLI::App& program, Options& options) {
  CLI::App* command = program.add_subcommand(
      "sensitivity", "what each number is worth: a tornado, break-even, and where the best opportunities lie");
  command->callback([&options] { options.command = Command::sensitivity; });
  command->footer(
      "Examples:\n"
      "  tenure sensitivity dealership.toml --scenario farm                   which numbers move its value most\n"
      "  tenure sensitivity dealership.toml --scenario farm --versus hunt     which decide who wins\n"
      "  tenure sensitivity dealership.toml --scenario farm --versus hunt --break-even 'transition in service -> "
      "drifting'\n"
      "                                                                       at which value the two tie");
  add_common_options(*command, options);
  add_format(*command, options, {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}});
  SensitivityOptions& sensitivity = options.sensitivity;
  command->add_option("--scenario", sensitivity.scenario, "of this scenario (default: the model's reference)")
      ->type_name("NAME");
  CLI::Option* versus =
      command
          ->add_option("--versus", sensitivity.versus, "of its lead over this scenario; marks where the winner changes")
          ->type_name("NAME");
  command
      ->add_option("--break-even", sensitivity.break_even,
                   "where the two scenarios tie by this number, by its name in the table; may be given several times")
      ->type_name("NUMBER")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->needs(versus);
  command
      ->add_option("--from", sensitivity.from,
                   "of one person who enters this state (default: the business; without arrivals the first)")
      ->type_name("STATE");
  command->add_flag("--raw-csv", options.raw_csv,
                    "in CSV, leave texts as they are that a spreadsheet takes for formulas");
}

/// NAME=REST at the last "=", since names of numbers may hold one; no value where there is none.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> parse_named(const std::string& text) {
  const std::size_t sign = text.rfind('=');
  if (sign == std::string::npos || sign == 0 || sign + 1 == text.size()) return std::nullopt;
  return std::pair{text.substr(0, sign), text.substr(sign + 1)};
}

[[nodiscard]] Pilot parse_pilot(const std::string& text) {
  const auto parts = parse_named(text);
  if (!parts) throw refusal("--pilot", text, "is not NUMBER=CUSTOMERS");
  return {parts->first, count_in("--pilot", parts->second, {1, most_pilot_customers})};
}

[[nodiscard]] NumberGroup parse_group(const std::string& text) {
  const auto parts = parse_named(text);
  if (!parts) throw refusal("--group", text, "is not NAME=NUMBER;NUMBER");
  if (const auto refused = name_refusal(parts->first, unicode_rules()))
    throw refusal("--group", parts->first, "cannot be its name: " + *refused);
  NumberGroup group{parts->first, {}};
  for (std::size_t begin = 0; begin <= parts->second.size();) {
    const std::size_t end = std::min(parts->second.find(';', begin), parts->second.size());
    const std::string name = parts->second.substr(begin, end - begin);
    if (!name.empty()) group.numbers.push_back(name);
    begin = end + 1;
  }
  return group;
}

void add_uncertainty(CLI::App& program, Options& options) {
  CLI::App* command =
      program.add_subcommand("uncertainty", "how sure the choice is, and what it is worth to know more first");
  command->callback([&options] { options.command = Command::uncertainty; });
  command->footer(
      "Examples:\n"
      "  tenure uncertainty dealership.toml                                  who is likely to be the best\n"
      "  tenure uncertainty dealership.toml --draws 65536                    more exactly\n"
      "  tenure uncertainty dealership.toml --pilot \"transition in service -> drifting=400\"\n"
      "  tenure uncertainty dealership.toml --group \"service=transition in service -> drifting;referral advocate -> "
      "referred\"\n"
      "  tenure uncertainty dealership.toml --acceptability hurdle_rate");
  add_common_options(*command, options);
  add_format(*command, options, {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}});
  add_scenarios(*command, options);
  UncertaintyOptions& asked = options.uncertainty;
  add_count(*command, "--draws", {1, most_draws}, "how often to draw the uncertain numbers (default 4096)",
            [&asked](std::uint64_t draws) { asked.draws = draws; });
  const auto add_each = [&](const std::string& option, const std::string& type, const std::string& what, auto take) {
    command
        ->add_option_function<std::vector<std::string>>(
            option,
            [take](const std::vector<std::string>& texts) {
              for (const std::string& text : texts) take(text);
            },
            what)
        ->type_name(type)
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
  };
  add_each("--group", "NAME=A;B", "what it is worth to know these numbers together; may be given several times",
           [&asked](const std::string& text) { asked.groups.push_back(parse_group(text)); });
  add_each("--pilot", "NUMBER=N", "what a test on N customers of a probability is worth; may be given several times",
           [&asked](const std::string& text) { asked.pilots.push_back(parse_pilot(text)); });
  add_text(*command, "--acceptability", joined(acceptability_axis_names),
           "along what to show how likely each scenario is the best (default horizon)",
           [&asked](const std::string& text) {
             const auto found = std::find(acceptability_axis_names.begin(), acceptability_axis_names.end(), text);
             if (found == acceptability_axis_names.end())
               throw refusal("--acceptability", text, "is none of " + joined(acceptability_axis_names));
             asked.axis = static_cast<AcceptabilityAxis>(found - acceptability_axis_names.begin());
           });
}

/// "LEVER=AMOUNT" or "KIND=AMOUNT", at the last equals sign, since names may have some.
[[nodiscard]] std::pair<std::string, double> parse_limit(const std::string& option, const std::string& text) {
  const auto parts = parse_named(text);
  if (!parts) throw refusal(option, text, "is no NAME=AMOUNT");
  return {parts->first, amount_in(option, parts->second, {})};
}

[[nodiscard]] LeverKind parse_kind(const std::string& option, const std::string& name) {
  const auto found = std::find(lever_kind_names.begin(), lever_kind_names.end(), name);
  if (found == lever_kind_names.end()) throw refusal(option, name, "is none of " + joined(lever_kind_names));
  return static_cast<LeverKind>(found - lever_kind_names.begin());
}

void add_limit(CLI::App& command, OptimizeOptions& optimization, const std::string& option, bool is_most, bool by_type,
               const std::string& what) {
  command
      .add_option_function<std::vector<std::string>>(
          option,
          [&optimization, option, is_most, by_type](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const auto [name, amount] = parse_limit(option, text);
              SpendLimit limit;
              if (by_type)
                limit.on = parse_kind(option, name);
              else
                limit.on = name;
              if (is_most)
                limit.at_most = amount;
              else
                limit.at_least = amount;
              optimization.limits.push_back(std::move(limit));
            }
          },
          what)
      ->type_name(by_type ? "KIND=X" : "LEVER=X")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void add_optimize(CLI::App& program, Options& options) {
  CLI::App* optimize = program.add_subcommand(
      "optimize", "the best split of a budget over all levers, or the smallest budget for a target");
  optimize->callback([&options] { options.command = Command::optimize; });
  optimize->footer(
      "Amounts are present values of all that is spent over the horizon, as a scenario's budget is.\n\n"
      "Examples:\n"
      "  tenure optimize dealership.toml --budget 4000000                          the best split of four million\n"
      "  tenure optimize dealership.toml --budget 4000000 --frontier               and what other budgets and splits "
      "bring\n"
      "  tenure optimize dealership.toml --target-gain 5000000                     the least that adds five million\n"
      "  tenure optimize dealership.toml --budget 4000000 --at-most advertising=1000000\n"
      "  tenure optimize dealership.toml --budget 4000000 --pieces 4               launch, then farm: levels by "
      "quarters");
  add_common_options(*optimize, options);
  add_format(*optimize, options, {{"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}});
  OptimizeOptions& optimization = options.optimization;
  const Amounts of_value{-limits::amount, limits::amount, "amount of money"};
  CLI::Option* question = add_amount(*optimize, "--budget", {}, "what may be spent on all levers together",
                                     [&optimization](double budget) { optimization.budget = budget; });
  CLI::Option* target =
      add_amount(*optimize, "--target", of_value, "the smallest budget that reaches this customer equity",
                 [&optimization](double equity) { optimization.target = equity; });
  CLI::Option* gain =
      add_amount(*optimize, "--target-gain", of_value, "the smallest budget that adds so much value to the reference's",
                 [&optimization](double added) { optimization.target_gain = added; });
  question->excludes(target)->excludes(gain);
  target->excludes(gain);
  add_limit(*optimize, optimization, "--at-most", true, false, "the most that a lever gets");
  add_limit(*optimize, optimization, "--at-least", false, false, "the least that a lever gets");
  add_limit(*optimize, optimization, "--at-most-kind", true, true, "the most that all levers of a kind get together");
  add_limit(*optimize, optimization, "--at-least-kind", false, true,
            "the least that all levers of a kind get together");
  add_count(*optimize, "--pieces", {1, 24},
            "cut the horizon into so many parts, each with levels of its own (default 1)",
            [&optimization](std::uint64_t pieces) { optimization.pieces = static_cast<std::size_t>(pieces); });
  optimize->add_flag("--frontier", optimization.frontier,
                     "trace the best over budgets, and over the share given to retention");
  optimize
      ->add_option("--scenario", options.scenarios, "the scenario over which value is added (default: the reference)")
      ->type_name("NAME")
      ->expected(1);
  optimize->add_flag("--raw-csv", options.raw_csv,
                     "in CSV, leave texts as they are that a spreadsheet takes for formulas");
}

void add_commands(CLI::App& program, Options& options) {
  const std::map<std::string, Format> of_results{
      {"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}};
  const std::map<std::string, Format> of_models{
      {"table", Format::table}, {"json", Format::json}, {"toml", Format::toml}};
  CLI::App* check =
      program.add_subcommand("check", "read and check a model; print its states, rows, levers and warnings");
  check->callback([&options] { options.command = Command::check; });
  check->footer("Examples:\n  tenure check dealership.toml\n  tenure check dealership.toml --format toml > copy.toml");
  add_common_options(*check, options);
  add_format(*check, options, of_models);
  CLI::App* value =
      program.add_subcommand("value", "exact value by state, customer equity and its course, for each scenario");
  value->callback([&options] { options.command = Command::value; });
  value->footer(
      "Examples:\n  tenure value dealership.toml\n  tenure value dealership.toml --scenario farm --format json");
  add_common_options(*value, options);
  add_format(*value, options, of_results);
  add_scenarios(*value, options);
  add_simulate(program, options);
  add_sensitivity(program, options);
  CLI::App* compare =
      program.add_subcommand("compare", "all scenarios side by side: what each adds, its return, its payback");
  compare->callback([&options] { options.command = Command::compare; });
  compare->footer(
      "Examples:\n  tenure compare dealership.toml\n  tenure compare dealership.toml --format csv --output result.csv");
  add_common_options(*compare, options);
  add_format(*compare, options, of_results);
  add_scenarios(*compare, options);
  compare->add_flag("--simulate", options.simulate,
                    "draw the whole business too: distributions, and how likely each scenario is the best");
  add_count(*compare, "--replicates", {1, most_draws}, "how often to draw it (default 10000)",
            [&options](std::uint64_t count) { options.simulation.effort.count = count; });
  add_effort(*compare, options);
  add_policy(program, options);
  add_uncertainty(program, options);
  add_optimize(program, options);
}

/// Ends with an answer to --help or --version.
[[nodiscard]] CommandLine answered(const std::string& text) {
  try {
    write_standard_output(text);
    return {{}, ExitStatus::done};
  } catch (const FileError& error) {
    report("tenure", "error", error.problems());
    return {{}, ExitStatus::bad_file};
  }
}

[[nodiscard]] bool looks_like_an_option(std::string_view word) {
  constexpr std::string_view dashes[]{"-",      "\u2010", "\u2012",
                                      "\u2013", "\u2014", "\u2212"};  // as word processors have them
  return std::any_of(std::begin(dashes), std::end(dashes),
                     [&](std::string_view dash) { return word.starts_with(dash); });
}

/// An option that a command does not have, and the one that was probably meant.
[[nodiscard]] std::string unknown_option(const CLI::App& command, const std::string& word) {
  std::vector<std::string> known;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::string name = word.substr(0, word.find('='));
  const auto starts = std::find_if(known.begin(), known.end(), [&](const std::string& option) {
    return name.size() > 3 && option.starts_with(name);
  });
  const auto meant = starts != known.end() ? std::optional{*starts} : nearest_name(name, known);
  return "`" + command.get_name() + "` has no option " + in_quotes(name) +
         (meant ? "; did you mean " + *meant + "?" : "");
}

/// What was wrong: a word where a command should stand, an option that does not exist, a word too many, or something
/// else.
[[nodiscard]] std::string mistake_in_words(const CLI::App& program, const CLI::ParseError& error) {
  const std::vector<const CLI::App*> parsed = program.get_subcommands({});
  const auto used =
      std::find_if(parsed.begin(), parsed.end(), [](const CLI::App* command) { return command->parsed(); });
  const CLI::App& command = used == parsed.end() ? program : **used;
  const std::vector<std::string> words = program.remaining(true);
  const auto option = std::find_if(words.begin(), words.end(), looks_like_an_option);
  const bool is_extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  if (is_extra && option != words.end()) return unknown_option(command, *option);
  if (is_extra && !words.empty())
    return in_quotes(words.front()) + " is one word too many; what has blanks stands in quotation marks";
  if (used != parsed.end() || words.empty() || looks_like_an_option(words.front())) return error.what();
  std::vector<std::string> commands;
  for (const CLI::App* known : parsed) commands.push_back(known->get_name());
  return "there is no command " + in_quotes(words.front()) + "; " + suggestion(words.front(), commands);
}

}  // namespace

CommandLine parse_command_line(int count, const char* const* arguments) {
  CLI::App program{"tenure: should the next dollar hunt for new customers or farm the ones you have?", "tenure"};
  program.require_subcommand(1);
  program.footer(program_footer());
  program.get_formatter()->column_width(34);
  bool show_version = false;
  program.add_flag_callback(
      "--version",
      [&show_version] {
        show_version = true;
        throw CLI::Success{};
      },
      "print the version and what it was built with");
  Options options;
  add_commands(program, options);
  try {
    program.parse(count, arguments);
  } catch (const CLI::Success&) {
    return answered(show_version ? version_text() : program.help());
  } catch (const CLI::ParseError& error) {
    say_line("tenure: " + mistake_in_words(program, error));
    say_line("Run `tenure --help` for what can be said.");
    return {{}, ExitStatus::bad_usage};
  }
  const OptimizeOptions& asked = options.optimization;
  if (options.command == Command::optimize && !asked.budget && !asked.target && !asked.target_gain) {
    say("tenure: optimize needs a --budget, or a --target\nRun `tenure optimize --help` for what can be said.\n");
    return {{}, ExitStatus::bad_usage};
  }
  options.simulation.seed = options.seed;
  options.simulation.effort.threads = options.threads;
  options.uncertainty.seed = options.seed;
  options.uncertainty.threads = options.threads;
  return {options, ExitStatus::done};
}

}  // namespace tenure::program
