// compile(), compiled once for whoever links the library.
#include "tenure/chain/compile/all.hpp"
