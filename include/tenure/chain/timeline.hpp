#pragma once
// Something that may be different in every period, stored once for periods in which it is the same. A timeline runs
// through a listed course and then repeats the end of it for ever: a constant is a course of one, a season a cycle of
// twelve, a campaign that fades a long course whose last entry repeats.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace tenure {

/// Things by period; copies share what they hold.
template <class T>
class Timeline {
 public:
  Timeline() : Timeline{T{}} {}

  /// The same in every period.
  explicit Timeline(T constant) : Timeline{{std::move(constant)}, {0}, 0} {}

  /// course[t] is the place in `distinct` of period t; from `repeats_from` (below course.size()) on the course repeats.
  Timeline(std::vector<T> distinct, std::vector<std::uint32_t> course, std::size_t repeats_from)
      : content_{std::make_shared<const Content>(Content{std::move(distinct), std::move(course), repeats_from})} {}

  [[nodiscard]] const T& at(std::int64_t t) const { return content_->distinct[place(t)]; }
  /// Equal places mean the same entry.
  [[nodiscard]] std::size_t place(std::int64_t t) const {
    if (content_->distinct.size() == 1) return 0;
    const auto period = static_cast<std::size_t>(t);
    const std::vector<std::uint32_t>& course = content_->course;
    if (period < course.size()) return course[period];
    return course[content_->repeats_from + (period - content_->repeats_from) % cycle()];
  }
  [[nodiscard]] const std::vector<T>& distinct() const { return content_->distinct; }
  [[nodiscard]] const std::vector<std::uint32_t>& course() const { return content_->course; }
  /// The first period of the part that repeats, and how many periods it has.
  [[nodiscard]] std::size_t repeats_from() const { return content_->repeats_from; }
  [[nodiscard]] std::size_t cycle() const { return content_->course.size() - content_->repeats_from; }

 private:
  struct Content {
    std::vector<T> distinct;
    std::vector<std::uint32_t> course;
    std::size_t repeats_from;
  };
  std::shared_ptr<const Content> content_;
};

}  // namespace tenure
