#pragma once
// Blocks of work shared among threads, and their results committed in the order of the blocks. Threads take the next
// block from a counter and meet only to hand over what is finished, so that nothing is locked while work is done. A run
// that is called off keeps what it has up to the first unfinished block, and nothing beyond. The caller's own thread
// works too, and it alone calls what the caller gave to be called. Where the system gives fewer threads, or no memory
// to some of them, fewer do the work.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "tenure/quantity/error.hpp"

namespace tenure::detail {

/// What the caller wants to be asked and told during a run.
struct Callbacks {
  const std::function<bool()>* stop = nullptr;
  const std::function<void(double)>* progress = nullptr;
};

template <class Outcome>
class Workers {
 public:
  /// `commit` gets the outcomes of blocks first … last - 1, one after the other; `outcome.whole` tells if a block was
  /// finished.
  Workers(std::uint64_t first, std::uint64_t last, Callbacks callbacks, std::function<void(Outcome&&)> commit)
      : first_{first},
        last_{last},
        callbacks_{callbacks},
        commit_{std::move(commit)},
        next_{first},
        committed_{first} {}

  /// One thread's view of the run: whether it goes on.
  class Watch {
   public:
    Watch(Workers& workers, bool of_caller) : workers_{&workers}, of_caller_{of_caller} {}
    /// To be asked often, with a measure of the work done since.
    [[nodiscard]] bool called_off(std::uint64_t work) {
      constexpr std::uint64_t work_between_calls = 1 << 16;
      unseen_ += work;
      if (of_caller_ && unseen_ >= work_between_calls) look_up();
      return workers_->called_off_.load(std::memory_order_relaxed);
    }
    /// Up to which block all are finished.
    [[nodiscard]] std::uint64_t all_before() const {
      return workers_->first_ + workers_->done_.load(std::memory_order_relaxed);
    }
    void look_up() {
      unseen_ = 0;
      if (of_caller_ && !workers_->called_off_.load(std::memory_order_relaxed)) workers_->call_back();
    }

   private:
    Workers* workers_;
    bool of_caller_;
    std::uint64_t unseen_ = 0;
  };

  /// Runs all blocks: each thread calls make() for a function (block, watch) -> Outcome of its own. Returns whether
  /// every block was finished. An exception in any thread ends the run and is thrown again here; a want of memory as
  /// LimitError.
  template <class Make>
  [[nodiscard]] bool run(unsigned threads, const Make& make) {
    call_back();
    {
      Crew crew;
      crew.start(helpers(threads), [&] {
        guarded([&] { help(make); });
        const std::lock_guard lock{mutex_};
        ++helpers_gone_;
        somebody_left_.notify_all();
      });
      guarded([&] {
        auto work = make();
        take_part(work, true);
        wait_for(crew.size());
      });
    }
    if (failure_) rethrow();
    const bool finished = !cut_off_ && committed_ == last_;
    if (finished && *callbacks_.progress) (*callbacks_.progress)(1);
    return finished;
  }

 private:
  /// Threads that are waited for, whatever happens.
  class Crew {
   public:
    Crew() = default;
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;
    ~Crew() {
      for (std::thread& thread : threads_) thread.join();
    }
    /// As many of these threads as can be had.
    template <class Body>
    void start(std::size_t count, const Body& body) {
      try {
        threads_.reserve(count);
        while (threads_.size() < count) threads_.emplace_back(body);
      } catch (const std::system_error&) {
      } catch (const std::bad_alloc&) {
      }
    }
    [[nodiscard]] std::size_t size() const { return threads_.size(); }

   private:
    std::vector<std::thread> threads_{};
  };

  [[nodiscard]] std::size_t helpers(unsigned threads) const {
    const unsigned wanted = threads > 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
    const std::uint64_t useful = std::max<std::uint64_t>(1, last_ - first_);
    return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, useful)) - 1;
  }

  /// Takes part unless there is no memory for it.
  template <class Make>
  void help(const Make& make) {
    std::optional<decltype(make())> work;
    try {
      work.emplace(make());
    } catch (const std::bad_alloc&) {
      return;
    }
    take_part(*work, false);
  }

  template <class Work>
  void take_part(Work& work, bool of_caller) {
    Watch watch{*this, of_caller};
    for (;;) {
      watch.look_up();
      if (called_off_.load(std::memory_order_relaxed)) return;
      const std::uint64_t block = next_.fetch_add(1);
      if (block >= last_) return;
      hand_over(block, work(block, watch));
    }
  }

  /// The caller has no block left, but others have: it keeps looking up meanwhile.
  void wait_for(std::size_t helpers) {
    constexpr std::chrono::milliseconds between_calls{20};
    Watch watch{*this, true};
    std::unique_lock lock{mutex_};
    while (!somebody_left_.wait_for(lock, between_calls, [&] { return helpers_gone_ == helpers; })) {
      lock.unlock();
      watch.look_up();
      lock.lock();
    }
  }

  template <class Action>
  void guarded(const Action& action) {
    try {
      action();
    } catch (...) {
      const std::lock_guard lock{mutex_};
      if (!failure_) failure_ = std::current_exception();
      called_off_ = true;
    }
  }

  /// In the caller's thread alone: where there is no memory, words can only be made when the others have gone.
  [[noreturn]] void rethrow() const {
    try {
      std::rethrow_exception(failure_);
    } catch (const std::bad_alloc&) {
      throw LimitError{
          {{"memory", "", "there is not enough memory", "use fewer threads, a shorter horizon or fewer states", {}}}};
    }
  }

  void hand_over(std::uint64_t block, Outcome&& outcome) {
    const std::lock_guard lock{mutex_};
    waiting_.emplace(block, std::move(outcome));
    while (!cut_off_ && !waiting_.empty() && waiting_.begin()->first == committed_) {
      Outcome next = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      cut_off_ = !next.whole;
      commit_(std::move(next));
      ++committed_;
    }
    done_.store(committed_ - first_, std::memory_order_relaxed);
  }

  void call_back() {
    const double done =
        static_cast<double>(done_.load(std::memory_order_relaxed)) / static_cast<double>(last_ - first_);
    if (*callbacks_.progress && done > 0 && done < 1) (*callbacks_.progress)(done);
    if (*callbacks_.stop && (*callbacks_.stop)()) called_off_ = true;
  }

  std::uint64_t first_;
  std::uint64_t last_;
  Callbacks callbacks_;
  std::function<void(Outcome&&)> commit_;
  std::atomic<std::uint64_t> next_;
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> called_off_{false};
  std::mutex mutex_{};
  std::condition_variable somebody_left_{};
  std::size_t helpers_gone_ = 0;
  std::map<std::uint64_t, Outcome> waiting_{};  ///< finished before an earlier block
  std::uint64_t committed_;
  bool cut_off_ = false;
  std::exception_ptr failure_{};
};

}  // namespace tenure::detail
