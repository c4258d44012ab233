#pragma once
// The luck of what varies, with registers of 256 bits. What is compiled for them sees plain numbers alone, so that no
// function of a header is compiled for instructions that a processor may lack.

#include <cstddef>
#include <cstdint>

namespace tenure::kernel {

/// The 64 words of sixteen blocks, from a key and the counter of the first.
void draw_words_avx2(const std::uint32_t (&key)[2], const std::uint32_t (&counter)[4], std::uint32_t* words);

/// The quantiles of words, four by four, from the coefficients of a law's cells.
void quantiles_avx2(const double* coefficients, const std::uint32_t* words, std::size_t count, double* amounts);

}  // namespace tenure::kernel
