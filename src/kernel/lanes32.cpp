// Compiled for processors with AVX2 alone; called only where there is one.
#include "kernel/lanes32.hpp"
#include "kernel/life_kernel.hpp"
#include "kernel/sojourn_draws_in_lanes.hpp"

// The compiler leaves _mm256_zeroupper out on some ways; all that follows, compiled for SSE, would be slow.
namespace tenure::detail::kernel {

void live_block_32(const LifeKernelWork& work) {
  live_block_of_shape<Lanes32>(work);
  _mm256_zeroupper();
}

void draw_sojourns_32(const KeyedCounter& at, const std::uint32_t* people, std::size_t count, std::uint32_t* words) {
  SojournDrawsInLanes<Lanes32>::of_people(at, people, count, words);
  _mm256_zeroupper();
}

void draw_events_32(const KeyedCounter& at, std::uint32_t* words) {
  SojournDrawsInLanes<Lanes32>::of_next_blocks(at, words);
  _mm256_zeroupper();
}

}  // namespace tenure::detail::kernel
