// A second, slow and simple evaluator: one row, one value at a time. The engine must agree with it.

import DshColumns
import DshPlan

/// The code of the error a row causes.
struct ReferenceError: Error, Equatable {
  let code: String
  init(_ code: String) { self.code = code }
}

enum Reference {
  static func evaluate(_ expression: Expression, _ row: [Value], _ parameters: [Value] = []) throws(ReferenceError) -> Value {
    switch expression {
    case .column(let index, _): return row[index]
    case .literal(let value, _): return value
    case .parameter(let number, _): return parameters[number]
    case .lambda: throw ReferenceError("a lambda is no value")
    case .cast(let operand, let type, let isTry, _):
      let value = try evaluate(operand, row, parameters)
      if isTry {
        // Of a list only the elements that fail become null.
        if case .list(let members) = value, case .list(let element) = type {
          return .list(members.map { (try? ReferenceFunctions.cast($0, to: element)) ?? .null })
        }
        return (try? ReferenceFunctions.cast(value, to: type)) ?? .null
      }
      return try ReferenceFunctions.cast(value, to: type)
    case .call(let name, let arguments, let type, _): return try call(name, arguments, type, row, parameters)
    }
  }

  /// The rows a filter keeps: terms of `and` from left to right while they are true.
  static func isKept(_ condition: Expression, _ row: [Value]) throws(ReferenceError) -> Bool {
    if case .call("and", let terms, _, _) = condition {
      for term in terms { if try !isKept(term, row) { return false } }
      return true
    }
    return try evaluate(condition, row) == .bool(true)
  }

  private static func call(
    _ name: String, _ arguments: [Expression], _ type: DataType, _ row: [Value], _ parameters: [Value]
  ) throws(ReferenceError) -> Value {
    switch name {
    case "and", "or":
      let decisive = Value.bool(name == "or")
      var result = Value.bool(name == "and")
      for argument in arguments {
        let value = try evaluate(argument, row, parameters)
        if value == decisive { return decisive }
        if value.isNull { result = .null }
      }
      return result
    case "if", "case":
      var index = 0
      while index + 1 < arguments.count {
        if try evaluate(arguments[index], row, parameters) == .bool(true) { return try evaluate(arguments[index + 1], row, parameters) }
        index += 2
      }
      return index < arguments.count ? try evaluate(arguments[index], row, parameters) : .null
    case "??", "coalesce":
      for argument in arguments {
        let value = try evaluate(argument, row, parameters)
        if !value.isNull { return value }
      }
      return .null
    default:
      if let result = try ReferenceLambdas.call(name, arguments, row, parameters) { return result }
      var values: [Value] = []
      for argument in arguments { values.append(try evaluate(argument, row, parameters)) }
      return try ReferenceFunctions.call(name, values)
    }
  }
}
