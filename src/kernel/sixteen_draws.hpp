#pragma once
// Sixteen amounts at once with registers of 256 bits. What is compiled for them sees plain numbers alone, so that no
// function of a header is compiled for instructions that a processor may lack.

#include <cstdint>

namespace tenure::kernel {

/// From the coefficients of a law's cells, the key and the counter of the first of four blocks: their sixteen words,
/// and the quantiles of these.
void sixteen_draws_avx2(const double* coefficients, const std::uint32_t (&key)[2], const std::uint32_t (&counter)[4],
                        std::uint32_t* words, double* quantiles);

}  // namespace tenure::kernel
