// `in` and `between`.

import DshColumns
import DshPlan

extension FunctionRegistry {
  static let membership = [
    Function(
      "in", .operator, ["x", "value"], [Overload([.variable(0), .variable(0)], variadic: true, result: .exact(.bool))],
      "Whether a value equals one of several; null if none does and one of them is null.",
      examples: [("2 in [1, 2, 3]", "true"), ("\"d\" in [\"a\", \"b\"]", "false"), ("1 in [2, null]", "null")]
    ) { site in
      let values = site.constants.dropFirst()
      // Without a null in the list a null can only come from x, so dictionary entries and null rows take the common paths.
      let seesNulls = !values.allSatisfy { $0 != nil && $0 != .null }
      return Kernel(seesNulls: seesNulls) { call in
        let x = call.arguments[0]
        var found = Bitmap.repeating(false, count: call.rowCount)
        var unknown: Bitmap?
        for value in call.arguments.dropFirst() {
          let truth = Comparison.equal.truth(x, value, rowCount: call.rowCount)
          found = found.union(truth.isTrue)
          if let isNull = truth.isNull { unknown = unknown?.union(isNull) ?? isNull }
        }
        let validity = unknown.map { unknown in Bitmap.make(count: call.rowCount) { ~unknown.word($0) | found.word($0) } }
        return call.bools(found, validity: seesNulls ? validity : nil)
      }
    },
    Function(
      "between", .operator, ["x", "low", "high"], [Overload([.variable(0), .variable(0), .variable(0)], result: .exact(.bool))],
      "Whether a value lies between two others, both included.",
      examples: [("2 between 1 and 3", "true"), ("3 between 1 and 3", "true"), ("5 between null and 3", "false")]
    ) { site in
      let bounds = site.constants.dropFirst()
      let seesNulls = !bounds.allSatisfy { $0 != nil && $0 != .null }
      return Kernel(seesNulls: seesNulls) { call in
        let low = Comparison.greaterOrEqual.truth(call.arguments[0], call.arguments[1], rowCount: call.rowCount)
        let high = Comparison.lessOrEqual.truth(call.arguments[0], call.arguments[2], rowCount: call.rowCount)
        let isTrue = Bitmap.make(count: call.rowCount) { low.isTrue.word($0) & high.isTrue.word($0) }
        guard seesNulls, low.isNull != nil || high.isNull != nil else { return call.bools(isTrue) }
        let validity = Bitmap.make(count: call.rowCount) { word in
          let lowNull = low.isNull?.word(word) ?? 0
          let highNull = high.isNull?.word(word) ?? 0
          // Known where both sides are, or where one side is known to be false.
          return (~lowNull & ~highNull) | (~lowNull & ~low.isTrue.word(word)) | (~highNull & ~high.isTrue.word(word))
        }
        return call.bools(isTrue, validity: validity)
      }
    },
  ]
}

extension Comparison {
  /// The rows for which it holds and those where a side is null.
  func truth(_ a: Operand, _ b: Operand, rowCount: Int) -> Truth {
    if a.isConstantNull || b.isConstantNull { return Truth(Operand(.null, type: .bool), rowCount: rowCount) }
    let validity = intersection(a.isConstant ? nil : a.column.validity, b.isConstant ? nil : b.column.validity)
    let bits = rows(a, b, rowCount: rowCount)
    return Truth(Operand(Column(type: .bool, count: rowCount, validity: validity, storage: .bits(bits.buffer))), rowCount: rowCount)
  }
}
