// Compiled for processors with SSE4.1 or NEON alone; called only where there is one.
#include "kernel/lanes16.hpp"
#include "kernel/life_kernel.hpp"

namespace tenure::detail::kernel {

void live_block_16(const LifeKernelWork& work) { live_block_of_shape<Lanes16>(work); }

}  // namespace tenure::detail::kernel
