// The functions with lambdas of the reference evaluator: one element at a time.

import DshColumns
import DshPlan

enum ReferenceLambdas {
  /// The value of a call with a lambda; nil if it has none.
  static func call(_ name: String, _ arguments: [Expression], _ row: [Value], _ parameters: [Value]) throws(ReferenceError) -> Value? {
    guard arguments.count > 1, case .lambda(let first, _, let body) = arguments[1] else { return nil }
    let list = try Reference.evaluate(arguments[0], row, parameters)
    let start = arguments.count > 2 ? try Reference.evaluate(arguments[2], row, parameters) : nil
    guard case .list(let members) = list else { return .null }
    func apply(_ values: Value...) throws(ReferenceError) -> Value {
      try Reference.evaluate(body, row, parameters.prefix(first) + values)
    }
    if name == "list_reduce" {
      guard var result = start ?? members.first else { return .null }
      for member in members.dropFirst(start == nil ? 1 : 0) { result = try apply(result, member) }
      return result
    }
    var given: [(member: Value, result: Value)] = []
    for member in members { given.append((member, try apply(member))) }
    func isTrue(_ pair: (member: Value, result: Value)) -> Bool { pair.result == .bool(true) }
    switch name {
    case "list_map": return .list(given.map(\.result))
    case "list_filter": return .list(given.filter(isTrue).map(\.member))
    case "list_take_while": return .list(given.prefix(while: isTrue).map(\.member))
    case "list_drop_while": return .list(given.drop(while: isTrue).map(\.member))
    case "list_find": return given.first(where: isTrue)?.member ?? .null
    case "list_count_if": return .int64(Int64(given.filter(isTrue).count))
    case "list_any", "list_all":
      let decisive = Value.bool(name == "list_any")
      if given.contains(where: { $0.result == decisive }) { return decisive }
      return given.contains { $0.result.isNull } ? .null : .bool(name == "list_all")
    case "list_sort_by":
      let sorted = given.enumerated().sorted { a, b in
        let order = ReferenceFunctions.order(a.element.result, b.element.result)
        return order == 0 ? a.offset < b.offset : order < 0
      }
      return .list(sorted.map(\.element.member))
    case "list_max_by", "list_min_by":
      var best: (member: Value, result: Value)?
      for pair in given where !pair.result.isNull {
        let order = best.map { ReferenceFunctions.order(pair.result, $0.result) }
        if order.map({ name == "list_max_by" ? $0 > 0 : $0 < 0 }) ?? true { best = pair }
      }
      return best?.member ?? .null
    default: throw ReferenceError("no reference for \(name)")
    }
  }
}
