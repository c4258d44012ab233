#pragma once
// What a state is for. The stages split people into prospects, customers and those who are gone, which is all that
// acquisition and retention figures need to know of a state.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tenure {

/// What a state is for.
enum class Stage : std::uint8_t { acquisition, servicing, repurchase, advocacy, dormant, lost };

/// The names of stages, in their order.
inline constexpr std::array<std::string_view, 6> stage_names{"acquisition", "servicing", "repurchase",
                                                             "advocacy",    "dormant",   "lost"};

/// The name of a stage in files and results.
[[nodiscard]] constexpr std::string_view name_of(Stage stage) { return stage_names[static_cast<std::size_t>(stage)]; }

/// A customer is whoever is in a servicing, repurchase, advocacy or dormant state.
[[nodiscard]] constexpr bool is_customer(Stage stage) { return stage != Stage::acquisition && stage != Stage::lost; }

/// A prospect is whoever is in an acquisition state.
[[nodiscard]] constexpr bool is_prospect(Stage stage) { return stage == Stage::acquisition; }

}  // namespace tenure
