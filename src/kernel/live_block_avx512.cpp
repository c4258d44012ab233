// Compiled for processors with AVX-512 alone; called only where there is one.
#include "kernel/lanes64.hpp"
#include "kernel/life_kernel.hpp"

namespace tenure::kernel {

void live_block_avx512(const LifeKernelWork& work) {
  live_block_of_shape<Lanes64>(work);
  _mm256_zeroupper();  // the compiler leaves that out on some ways; all that follows, compiled for SSE, would be slow
}

}  // namespace tenure::kernel
