// Compiled for processors with AVX2 alone; called only where there is one.
#include "kernel/lanes32.hpp"
#include "kernel/life_kernel.hpp"

namespace tenure::kernel {

void live_block_avx2(const LifeKernelWork& work) {
  live_block_of_shape<Lanes32>(work);
  _mm256_zeroupper();  // the compiler leaves that out on some ways; all that follows, compiled for SSE, would be slow
}

}  // namespace tenure::kernel
