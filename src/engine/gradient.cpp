// The slopes of the exact engine, compiled once for whoever links the library.
#include "tenure/engine/gradient/all.hpp"
