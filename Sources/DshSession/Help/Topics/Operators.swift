// The topic `operators`.

import DshEngine
import DshLanguage
import DshPlan

extension Article {
  static let operators = Article(
    "operators", synonyms: ["operator", "precedence", "expressions", "expression"],
    summary: "What joins values in an expression, and which binds first",
    lines: [
      "From the loosest to the tightest; those of one line go from left to right, and parentheses decide otherwise:", "",
      "  or", "  and", "  not",
    ] + levels + ["  -x", "  x::type  x.field  x[index]", ""]
      + Help.aligned(
        FunctionRegistry.all.map(\.signature).filter { $0.family == .operator && !spelledOtherwise.contains($0.name) }.map {
          ($0.name, $0.summary)
        }),
    examples: [
      Example("5 + 3", "8"), Example("1 + 2 * 3", "7"), Example("not 1 > 2 and \"a\" ++ \"b\" == \"ab\"", "true"),
      Example("-7 // 2", "-4"), Example("null ?? 2 + 1", "3"),
    ], related: ["null", "types", "functions"])

  /// A line for each level of the operators between two values, but for the words.
  private static var levels: [String] {
    let symbols = BinaryOperator.allCases.filter { $0 != .or && $0 != .and }
    return Set(symbols.map(\.precedence)).sorted().map { level in
      let words = level == BinaryOperator.equal.precedence ? ["in", "between"] : []
      return "  " + (symbols.filter { $0.precedence == level }.map(\.rawValue) + words).joined(separator: "  ")
    }
  }

  /// Operators that are functions under names that nobody types.
  private static let spelledOtherwise: Set<String> = ["neg", "list", "struct", "field", "[]"]
}
