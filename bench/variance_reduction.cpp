// Whether fewer lives would do: antithetic and quasi-random luck beside plain luck, on the chain of life_chain.hpp.
// Each variant lives blocks of 4,096 people by one plain loop, which differs only in where its random words come from
// and in whether a word chooses the next state by alias columns, as the engine does, or by inversion in the order of
// states. Counters are ratios to plain luck by alias columns, over 200 blocks: of the variance of a block's mean value,
// share of losses and difference to a retention 5 % better (more is better), and the same at equal time. A ratio of
// variances from 200 blocks has a standard deviation of 14 %.

#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/random/sobol.hpp>

#include "life_chain.hpp"
#include "tenure/engine/detail/individual/life.hpp"
#include "tenure/engine/detail/individual/life_tables.hpp"
#include "tenure/engine/detail/sampler.hpp"
#include "tenure/engine/stream.hpp"

namespace {

using namespace tenure;
using namespace tenure::detail;
using namespace tenure::measured;

constexpr std::size_t block_people = 4096;
constexpr std::size_t blocks_measured = 200;

enum class Rows : std::uint8_t { alias, inversion };
enum class LuckFrom : std::uint8_t { plain, antithetic, sobol };

struct Variant {
  LuckFrom draws = LuckFrom::plain;
  Rows rows = Rows::alias;
  std::size_t quasi_random = 0;  ///< periods whose luck is quasi-random; plain luck thereafter
};

/// A chain's tables, and its rows for inversion.
struct Tables {
  LifeTables lives{};
  std::vector<ThresholdRow> rows{};
};

[[nodiscard]] Tables tables_of(const Chain& chain) {
  Tables tables{life_tables(chain, life_periods), {}};
  for (StateIndex i = 0; i < chain.states(); ++i) {
    std::vector<double> row(chain.states());
    for (std::uint32_t k = chain.transitions.first[i]; k < chain.transitions.first[i + 1]; ++k) {
      row[tables.lives.arrival_state[chain.transitions.successor[k]]] = chain.probability.at(0)[k];
    }
    tables.rows.push_back(threshold_row(row));
  }
  return tables;
}

/// The first 4,096 points of Sobol' (directions of Joe and Kuo 2008, from Boost), 32 bits a coordinate.
[[nodiscard]] const std::vector<std::uint32_t>& sobol_points() {
  static const std::vector<std::uint32_t> points = [] {
    boost::random::sobol sequence{life_periods};
    std::vector<std::uint32_t> drawn(block_people * life_periods, 0);  // the first point is 0, which Boost leaves out
    for (std::size_t k = life_periods; k < drawn.size(); ++k) drawn[k] = static_cast<std::uint32_t>(sequence() >> 32);
    return drawn;
  }();
  return points;
}

/// One person's words, period by period: four of a Philox block.
class Words {
 public:
  Words(StreamKey key, std::uint64_t person, std::uint32_t flip)
      : key_{key}, address_{person, 0, Purpose::transition, 0}, flip_{flip} {}
  [[nodiscard]] std::uint32_t operator()(std::size_t t) {
    if (!drawn_ || address_.block != t / 4) {
      address_.block = static_cast<std::uint32_t>(t / 4);
      words_ = random_block(key_, address_);
      drawn_ = true;
    }
    return words_[t % 4] ^ flip_;
  }

 private:
  StreamKey key_;
  StreamAddress address_;
  std::uint32_t flip_;
  RandomBlock words_{};
  bool drawn_ = false;
};

template <class WordOf>
[[nodiscard]] double value_of_life(const Tables& tables, Rows rows, WordOf&& word_of) {
  std::uint32_t state = tables.lives.arrival_state[0];
  std::int64_t units = 0;
  for (std::size_t t = 0; t < life_periods && state < tables.lives.first_absorbed; ++t) {
    units += tables.lives.amounts(static_cast<std::int64_t>(t))[state];
    const std::uint32_t word = word_of(t);
    if (rows == Rows::inversion) {
      state = chosen_entry(tables.rows[tables.lives.origin[state]], std::uint64_t{word} << 32);
    } else {
      const AliasRows& alias = tables.lives.rows_at(static_cast<std::int64_t>(t));
      state = chosen_entry(alias.column.data() + alias.first[state], alias.column_bits[state], word >> 16,
                           [&] { return std::uint64_t{word} << 48; });
    }
  }
  return std::ldexp(static_cast<double>(units), tables.lives.unit_exponent);
}

/// Person k of a block.
[[nodiscard]] double lived(const Tables& tables, const Variant& variant, StreamKey key, std::uint64_t block,
                           std::size_t k, const std::vector<std::uint32_t>& shift) {
  const bool paired = variant.draws == LuckFrom::antithetic;
  const std::uint64_t person = block * block_people + (paired ? k / 2 : k);
  Words words{key, person, paired && k % 2 != 0 ? ~std::uint32_t{0} : 0};
  if (variant.draws != LuckFrom::sobol) return value_of_life(tables, variant.rows, words);
  const std::uint32_t* point = sobol_points().data() + k * life_periods;
  return value_of_life(tables, variant.rows,
                       [&](std::size_t t) { return t < variant.quasi_random ? point[t] ^ shift[t] : words(t); });
}

/// Means over one block: value, losses, and how much more a better retention brings.
using Means = std::array<double, 3>;

[[nodiscard]] Means means_of_block(const std::array<Tables, 2>& tables, const Variant& variant, std::uint64_t block) {
  const StreamKey key = stream_key(1);
  std::vector<std::uint32_t> shift(life_periods);  // a digital shift of its own for each block
  Words words{stream_key(2), block, 0};
  for (std::size_t t = 0; t < life_periods; ++t) shift[t] = words(t);
  Means means{};
  for (std::size_t k = 0; k < block_people; ++k) {
    const double value = lived(tables[0], variant, key, block, k, shift);
    const double better = lived(tables[1], variant, key, block, k, shift);
    means[0] += value;
    means[1] += value < 0 ? 1 : 0;
    means[2] += better - value;
  }
  for (double& mean : means) mean /= block_people;
  return means;
}

struct Measured {
  Means variance{};  ///< between blocks
  double seconds = 0;
};

[[nodiscard]] Measured measured(const Variant& variant) {
  const std::array<Tables, 2> tables{tables_of(life_chain()), tables_of(life_chain(0.05))};
  if (variant.draws == LuckFrom::sobol) static_cast<void>(sobol_points());
  std::vector<Means> blocks;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t block = 0; block < blocks_measured; ++block)
    blocks.push_back(means_of_block(tables, variant, block));
  Measured result{{}, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()};
  for (std::size_t w = 0; w < result.variance.size(); ++w) {
    double mean = 0;
    for (const Means& means : blocks) mean += means[w] / blocks_measured;
    for (const Means& means : blocks)
      result.variance[w] += (means[w] - mean) * (means[w] - mean) / (blocks_measured - 1);
  }
  return result;
}

void variance_reduction(benchmark::State& state, const Variant& variant) {
  Measured plain;
  Measured tried;
  for (auto _ : state) {
    plain = measured({});
    tried = measured(variant);
  }
  const double time = plain.seconds / tried.seconds;
  const char* const names[]{"mean", "losses", "difference"};
  for (std::size_t w = 0; w < plain.variance.size(); ++w) {
    const double ratio = plain.variance[w] / tried.variance[w];
    state.counters[std::string{names[w]}] = ratio;
    state.counters[std::string{names[w]} + "_at_equal_time"] = ratio * time;
  }
}

constexpr auto alias = Rows::alias;
constexpr auto inversion = Rows::inversion;
BENCHMARK_CAPTURE(variance_reduction, plain_inversion, Variant{LuckFrom::plain, inversion})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, antithetic_alias, Variant{LuckFrom::antithetic, alias})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, antithetic_inversion, Variant{LuckFrom::antithetic, inversion})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, sobol_8_alias, Variant{LuckFrom::sobol, alias, 8})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, sobol_8_inversion, Variant{LuckFrom::sobol, inversion, 8})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, sobol_32_inversion, Variant{LuckFrom::sobol, inversion, 32})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, sobol_240_alias, Variant{LuckFrom::sobol, alias, 240})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(variance_reduction, sobol_240_inversion, Variant{LuckFrom::sobol, inversion, 240})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace
