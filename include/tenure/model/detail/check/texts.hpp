#pragma once
// Checks of texts that are no names: they are printed, and must not hide anything or move the cursor.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "tenure/model/detail/fields.hpp"
#include "tenure/model/draft.hpp"
#include "tenure/model/findings.hpp"
#include "tenure/model/names.hpp"

namespace tenure::detail {

[[nodiscard]] inline Findings check_text(const std::string& path, std::string_view key, const std::string& text,
                                         NameRules rules) {
  Findings found;
  if (is_plain(text, rules)) return found;
  found.error("name", path + "." + std::string{key},
              "a " + std::string{key} + " must not contain control or invisible characters",
              "found " + in_quotes(text));
  return found;
}

template <class Thing>
[[nodiscard]] Findings check_texts_of(const std::string& path, const Thing& thing, NameRules rules) {
  Findings found;
  for_each_value(thing, [&]<class Value>(const auto& field, const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) {
      if (field.is_free) found += check_text(path, field.key, value, rules);
    }
  });
  return found;
}

[[nodiscard]] inline Findings check_texts(const ModelDraft& draft, NameRules rules) {
  Findings found = check_text("model", "currency", draft.currency, rules);
  for_each_value(draft, [&]<class Value>(const auto& field, const Value& things) {
    if constexpr (is_list_of_tables<Value>) {
      for (std::size_t k = 0; k < things.size(); ++k) {
        found += check_texts_of(place(std::string{field.key}, k), things[k], rules);
      }
    }
  });
  return found;
}

}  // namespace tenure::detail
