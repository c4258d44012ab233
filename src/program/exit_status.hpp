#pragma once
// What the program's exit status says, as in docs/program.md.

namespace tenure::program {

enum class ExitStatus : int {
  done = 0,
  defect = 1,  ///< an internal error: a defect of the program
  bad_usage = 2,
  bad_input = 3,  ///< the model or the data
  divergent = 4,  ///< no finite answer, or none that double precision can decide
  bad_file = 5,   ///< reading or writing failed
  limit = 6,      ///< more memory, states or features than there are; said before the work starts
  interrupted = 130,
};

}  // namespace tenure::program
