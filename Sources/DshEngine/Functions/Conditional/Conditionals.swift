// `if` and `case`.

import DshPlan
import DshColumns

extension FunctionRegistry {
  /// The most pairs of condition and value in one `case`: a longer table belongs in a join.
  static let casePairLimit = 64

  static let conditionals: [Function] = [
    Function(
      "if", .conditional, ["condition", "then", "else"],
      [Overload([.exact(.bool), .variable(0), .variable(0)], optional: 1, result: .variable(0))],
      "One value where a condition is true, else another (null if none is given); each is computed only where it is needed.",
      examples: [("if(1 < 2, \"yes\", \"no\")", "yes"), ("if(null, 1, 2)", "2"), ("if(false, 1)", "null")]
    ) { _ in .special },
    Function(
      "case", .conditional, ["condition", "value", "…", "else"],
      (1...casePairLimit).flatMap { pairs -> [Overload] in
        let patterns = (0..<pairs).flatMap { _ in [TypePattern.exact(.bool), .variable(0)] }
        return [Overload(patterns, result: .variable(0)), Overload(patterns + [.variable(0)], result: .variable(0))]
      },
      "The value after the first condition that is true, else the last value (null if none is given).",
      examples: [("case(2 > 3, \"a\", 2 > 1, \"b\", \"c\")", "b"), ("case(false, 1)", "null")]
    ) { _ in .special },
  ]
}
