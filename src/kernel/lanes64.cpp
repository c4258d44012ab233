// Compiled for processors with AVX-512 alone; called only where there is one.
#include "kernel/lanes64.hpp"
#include "kernel/life_kernel.hpp"
#include "kernel/sojourn_draws_in_lanes.hpp"

// The compiler leaves _mm256_zeroupper out on some ways; all that follows, compiled for SSE, would be slow.
namespace tenure::detail::kernel {

void live_block_64(const LifeKernelWork& work) {
  live_block_of_shape<Lanes64>(work);
  _mm256_zeroupper();
}

void draw_sojourns_64(const KeyedCounter& at, const std::uint32_t* people, std::size_t count, std::uint32_t* words) {
  SojournDrawsInLanes<Lanes64>::of_people(at, people, count, words);
  _mm256_zeroupper();
}

void draw_events_64(const KeyedCounter& at, std::uint32_t* words) {
  SojournDrawsInLanes<Lanes64>::of_next_blocks(at, words);
  _mm256_zeroupper();
}

}  // namespace tenure::detail::kernel
