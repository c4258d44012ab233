#pragma once
// Headers declare; their bodies stand beside them, in X-inl.hpp. Whoever uses the headers alone (tenure::core) gets the
// bodies with them and compiles them in place; whoever links the library (tenure::tenure, which defines
// TENURE_COMPILED) finds them there, compiled once. A program of many files that cannot link the library compiles them
// once by itself: it defines TENURE_COMPILED everywhere, and in one file TENURE_BODIES, before that one includes
// tenure/tenure.hpp.

#if defined(TENURE_BODIES)
#undef TENURE_COMPILED
#define TENURE_INLINE
#elif defined(TENURE_COMPILED)
#define TENURE_INLINE
#else
#define TENURE_INLINE inline
#endif
