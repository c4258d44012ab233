#pragma once
// Values kept one and all, up to ten million of them. Writing to memory for the first time costs more than simulating a
// good part of a life, a page at a time; so it is asked for in large pieces, on Linux of large pages.

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace tenure {

namespace detail {

/// Memory whose large pieces are aligned to large pages and, where that can be said, made of them.
template <class T>
struct LargePageAllocator {
  using value_type = T;
  static constexpr std::size_t large_page = std::size_t{2} << 20;

  LargePageAllocator() = default;
  template <class Other>
  explicit LargePageAllocator(const LargePageAllocator<Other>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < large_page) return static_cast<T*>(::operator new(bytes));
    void* piece = ::operator new (bytes, std::align_val_t{large_page});
#if defined(__linux__)
    static_cast<void>(::madvise(piece, bytes / large_page * large_page, MADV_HUGEPAGE));  // no more than a wish
#endif
    return static_cast<T*>(piece);
  }
  void deallocate(T* piece, std::size_t count) {
    if (count * sizeof(T) < large_page) return ::operator delete(piece);
    ::operator delete (piece, std::align_val_t{large_page});
  }
  friend bool operator==(const LargePageAllocator&, const LargePageAllocator&) { return true; }
};

}  // namespace detail

/// Values in the order in which they came.
class KeptValues {
 public:
  /// `expected` is how many there will be in the end, here or elsewhere.
  explicit KeptValues(std::size_t expected = 0) : piece_{std::min(expected, most_of_piece)} {}

  void add(std::span<const double> values) {
    if (pieces_.empty() || pieces_.back().capacity() - pieces_.back().size() < values.size())
      pieces_.emplace_back().reserve(std::max(piece_, values.size()));
    pieces_.back().insert(pieces_.back().end(), values.begin(), values.end());
  }
  void add(KeptValues others) {
    for (Piece& piece : others.pieces_) pieces_.push_back(std::move(piece));
  }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Piece& piece : pieces_) {
      for (const double value : piece) visit(value);
    }
  }

 private:
  using Piece = std::vector<double, detail::LargePageAllocator<double>>;
  static constexpr std::size_t most_of_piece = detail::LargePageAllocator<double>::large_page / sizeof(double);

  std::size_t piece_;
  std::vector<Piece> pieces_{};
};

}  // namespace tenure
