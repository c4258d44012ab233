// Compiled for processors with AVX2 alone; called only where there is one.
#include "kernel/lanes32.hpp"
#include "kernel/life_kernel.hpp"

namespace tenure::kernel {

void live_block_avx2(const LifeKernelWork& work) { live_block_of_shape<Lanes32>(work); }

}  // namespace tenure::kernel
