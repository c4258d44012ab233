#pragma once
// Headers declare; their bodies stand beside them, in X-inl.hpp. Whoever uses the headers alone (tenure::core) gets the
// bodies with them and compiles them in place; whoever links the library (tenure::tenure, which defines
// TENURE_COMPILED) finds them there, compiled once.

#if defined(TENURE_COMPILED)
#define TENURE_INLINE
#else
#define TENURE_INLINE inline
#endif
