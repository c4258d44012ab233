#pragma once
// Every limit of tenure, in one place. They exist so that a mistake in an input is answered in a moment and in words,
// instead of by a machine that runs out of memory. `tenure --help` prints them.

#include <cstddef>
#include <cstdint>

namespace tenure::limits {

inline constexpr std::size_t file_bytes = std::size_t{16} << 20;    ///< of one model file
inline constexpr std::size_t name_bytes = 200;                      ///< of one name
inline constexpr std::size_t nesting_depth = 64;                    ///< of arrays and inline tables in a file
inline constexpr std::size_t dots_in_a_key = 64;                    ///< of a model file, outside strings
inline constexpr std::size_t problems_shown = 20;                   ///< of one input, before the rest is counted only
inline constexpr std::int64_t periods = 10'000'000;                 ///< of a horizon
inline constexpr std::size_t states = 1'000'000;                    ///< of one model
inline constexpr std::size_t bytes_of_work = std::size_t{4} << 30;  ///< of a compiled chain, or of one result
inline constexpr double steps_of_work = 1e11;                       ///< of the exact engine over a finite horizon
inline constexpr std::size_t dense_unknowns = 300;                  ///< above it infinite horizons are solved sparsely
inline constexpr std::size_t ages_for_ever = 2'000'000;             ///< in states with a dwell, over infinite horizons
inline constexpr std::int64_t settling_periods = 1'000'000;         ///< until an infinite horizon must have settled
inline constexpr double amount = 1e90;                              ///< of money, so that cubes of sums stay finite
inline constexpr std::size_t values_kept = 10'000'000;              ///< of a simulation, for exact quantiles
inline constexpr std::uint64_t people_simulated = std::uint64_t{1} << 48;  ///< one by one, in one run
inline constexpr std::uint64_t people_of_family = 1'000'000;  ///< brought by one person and by those they bring
inline constexpr double referrals_each = 500;                 ///< of one person in one period, to be simulated
inline constexpr double people = 1e15;                        ///< arriving in one period
inline constexpr double row_rounding = 1e-9;                  ///< by which sums that should be 1 may miss it

}  // namespace tenure::limits
