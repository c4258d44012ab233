#pragma once
// A few functions pull in most of what tenure is made of: the checks of a model, its compilation to a chain, the exact
// engine. Whoever uses the headers alone (tenure::core) compiles them in place; whoever links the library
// (tenure::tenure, which defines TENURE_COMPILED) finds them there, compiled once.

#if defined(TENURE_COMPILED)
#define TENURE_INLINE
#else
#define TENURE_INLINE inline
#endif
