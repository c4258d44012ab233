// The best plan as a JSON document.

#include <cstddef>
#include <string>

#include "json_parts.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/io/json.hpp"
#include "tenure/model/model.hpp"

namespace tenure {

namespace {

[[nodiscard]] Json levers_of_plan(const Model& model, const OptimalPlan& plan) {
  Json levers = Json::array();
  for (std::size_t l = 0; l < plan.levers.size(); ++l) {
    const LeverInPlan& lever = plan.levers[l];
    Json by_piece{
        {"levels", Json::array()}, {"spend", Json::array()}, {"returns", Json::array()}, {"standings", Json::array()}};
    for (const LeverInPiece& piece : lever.pieces) {
      by_piece["levels"].push_back(json_number(piece.level));
      by_piece["spend"].push_back(json_number(piece.spend));
      by_piece["returns"].push_back(json_number(piece.marginal_return));
      by_piece["standings"].push_back(std::string{name_of(piece.standing)});
    }
    levers.push_back({{"name", model.levers()[l].name},
                      {"kind", std::string{name_of(model.levers()[l].kind)}},
                      {"spend", json_number(lever.spend)},
                      {"share", json_number(lever.share)},
                      {"marginal_return", json_number(lever.marginal_return)},
                      {"standing", std::string{name_of(lever.standing)}},
                      {"levels", by_piece["levels"]},
                      {"spend_by_piece", by_piece["spend"]},
                      {"marginal_return_by_piece", by_piece["returns"]},
                      {"standing_by_piece", by_piece["standings"]}});
  }
  return levers;
}

/// What a plan comes to, added to an object that says for what it is the best one.
[[nodiscard]] Json with_plan(Json json, const Model& model, const OptimalPlan& plan) {
  json["budget"] = json_number(plan.budget);
  json["levers"] = levers_of_plan(model, plan);
  json["customer_equity"] = json_number(plan.customer_equity);
  json["incremental_value"] = json_number(plan.incremental_value);
  json["investment"] = json_number(plan.investment);
  json["left_over"] = json_number(plan.left_over());
  json["left_over_for"] =
      plan.left_over_for == LeftOver::nothing ? Json(nullptr) : Json(std::string{name_of(plan.left_over_for)});
  json["shadow_price"] = json_number(plan.shadow_price);
  json["certificate"] = {{"residual", json_number(plan.residual)},
                         {"other_uses", plan.other_uses},
                         {"best_other_use", json_number(plan.best_other_use)}};
  return json;
}

}  // namespace

std::string to_json(const Optimization& optimization) {
  const Model& model = optimization.model;
  Json document = json_head(model, optimization.discount_factor);
  document["versus"] = optimization.versus;
  document["target"] = json_number(optimization.target);
  document["pieces"] = optimization.pieces;
  document["complete"] = optimization.complete;
  document = with_plan(std::move(document), model, optimization.best);
  document["frontier"] = Json::array();
  for (const SharePoint& point : optimization.by_share) {
    Json json;
    json["share_retention"] = json_number(point.share_retention);
    document["frontier"].push_back(with_plan(std::move(json), model, point.plan));
  }
  document["frontier_by_budget"] = Json::array();
  for (const OptimalPlan& plan : optimization.by_budget) {
    document["frontier_by_budget"].push_back(with_plan(Json::object(), model, plan));
  }
  return json_text(document);
}

}  // namespace tenure
