#pragma once
// The one walk that everything on the lattice takes: back from the end of the horizon to the first entry.

#include <cstdint>
#include <span>

#include "tenure/engine/detail/distribution/appraisal.hpp"
#include "tenure/engine/detail/distribution/course.hpp"
#include "tenure/engine/detail/distribution/rounding.hpp"
#include "tenure/quantity/interruption.hpp"

namespace tenure::detail {

/// A follower is told to `halve()`, to `follow` the moves that have just been rounded, and to `enter` each life that
/// begins there.
template <class Follower>
void walk_back(const Chain& chain, const LatticeCourse& course, double step, std::span<const LatticeLife> lives,
               const Interrupted& interrupted, Follower& follower) {
  Rounding rounding{chain, course, step};
  for (std::int64_t t = course.end();; --t) {
    for (const LatticeLife& life : take_lives_of(t, lives)) follower.enter(life, rounding, course.scale(t));
    if (t == course.first()) return;
    heed(interrupted);
    for (int halving = 0; halving < course.halvings_after(t - 1); ++halving) {
      rounding.halve();
      follower.halve(step);
    }
    rounding.step_back_to(t - 1);
    follower.follow(rounding);
  }
}

}  // namespace tenure::detail
