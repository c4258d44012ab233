#pragma once
// The draws of people who live by sojourns, with registers of 32 and 64 bytes. What is compiled for them sees plain
// numbers alone, so that no function of a header is compiled for instructions that a processor may lack.

#include <cstddef>
#include <cstdint>

namespace tenure::detail::kernel {

/// A key and the words of a counter.
struct KeyedCounter {
  std::uint32_t key[2];
  std::uint32_t counter[4];
};

/// The blocks of people, `count` a multiple of 16, from counters whose second word is each person's own.
void draw_sojourns_32(const KeyedCounter& at, const std::uint32_t* people, std::size_t count, std::uint32_t* words);
void draw_sojourns_64(const KeyedCounter& at, const std::uint32_t* people, std::size_t count, std::uint32_t* words);

/// The 64 words of sixteen blocks, from the counter of the first.
void draw_events_32(const KeyedCounter& at, std::uint32_t* words);
void draw_events_64(const KeyedCounter& at, std::uint32_t* words);

/// Σ weights[k] · quantile of words[k] for k in [from, until), from the coefficients of a law's cells; and whether some
/// word there, or beside them within their groups of four, stands far out.
double sum_of_quantiles_avx2(const double* coefficients, const std::uint32_t* words, const double* weights,
                             std::size_t from, std::size_t until, bool* some_far_out);

}  // namespace tenure::detail::kernel
