#pragma once
// What the JSON documents have in common: numbers that always exist in JSON, null for what does not, objects that keep
// their order, and the head of a document.

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tenure/model/model.hpp"
#include "tenure/version.hpp"

namespace tenure {

using Json = nlohmann::ordered_json;

/// JSON has neither NaN nor infinity, and no result may have them: that would be a defect, and is said as one.
[[nodiscard]] inline Json json_number(double value) {
  if (!std::isfinite(value)) throw std::logic_error{"a result is not a finite number"};
  return value;
}

[[nodiscard]] inline Json json_number(const std::optional<double>& value) {
  return value ? json_number(*value) : Json(nullptr);
}

template <class T>
[[nodiscard]] Json json_or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

[[nodiscard]] inline Json json_numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(json_number(value));
  return list;
}

/// Makes an object with names as keys, which are known to differ: assigning by key would search all of them each time.
class JsonObjectByName {
 public:
  void add(const std::string& name, Json value) { members_.push_back({name, std::move(value)}); }
  [[nodiscard]] Json finished() && { return Json(std::move(members_)); }

 private:
  Json::object_t members_;
};

/// The keys with which every document begins.
[[nodiscard]] inline Json json_head(const Model& model, double discount_factor) {
  Json head;
  head["tenure"] = std::string{version};
  head["model"] = model.name();
  head["currency"] = model.currency();
  head["period"] = std::string{name_of(model.period())};
  head["horizon"] = model.horizon() ? Json(*model.horizon()) : Json("infinite");
  head["discount_factor"] = json_number(discount_factor);
  return head;
}

/// The document as text. Bytes that are no UTF-8 become U+FFFD; files cannot contain any, models built in C++ could.
[[nodiscard]] inline std::string json_text(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tenure
