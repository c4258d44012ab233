#pragma once
// All of tenure: from what a person says (model) to flat numbers (chain), to values (engine), to decisions (decide), to
// files and tables (io).

#include "tenure/chain/chain.hpp"
#include "tenure/chain/compile.hpp"
#include "tenure/chain/from_matrix.hpp"
#include "tenure/decide/budget.hpp"
#include "tenure/decide/compare.hpp"
#include "tenure/decide/optimize.hpp"
#include "tenure/decide/value.hpp"
#include "tenure/engine/exact.hpp"
#include "tenure/io/csv.hpp"
#include "tenure/io/json.hpp"
#include "tenure/io/model_file.hpp"
#include "tenure/io/output_file.hpp"
#include "tenure/io/table.hpp"
#include "tenure/model/builder.hpp"
#include "tenure/model/model.hpp"
#include "tenure/model/model_numbers.hpp"
#include "tenure/version.hpp"
