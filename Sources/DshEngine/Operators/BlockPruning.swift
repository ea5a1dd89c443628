// Tells from the statistics of a block whether a filter can let any of its rows pass.

import DshColumns
import DshPlan

/// What the steps of a task can find in a block of which only statistics are known.
public enum BlockPruning {
  /// Whether any row may come through the steps as far as the first filter; true where that is not known.
  ///
  /// Steps that could fail for a row are never skipped: their error would be missed.
  public static func mayPass(_ steps: [any StepSpec], _ columns: [ColumnStatistics], schema: Schema) -> Bool {
    var schema = schema
    var known: [ColumnStatistics?] = columns
    for step in steps {
      if let projection = step as? Project {
        guard projection.columns.allSatisfy({ isColumnOrCannotFail($0.expression, schema) }) else { return true }
        known = projection.columns.map { column in
          if case .column(let index, _) = column.expression, known.indices.contains(index) { return known[index] }
          return nil
        }
        schema = projection.schema(over: schema)
      } else if let filter = step as? Filter {
        guard isColumnOrCannotFail(filter.predicate, schema) else { return true }
        return mayBeTrue(filter.predicate, known)
      } else {
        return true
      }
    }
    return true
  }

  private static func isColumnOrCannotFail(_ expression: Expression, _ schema: Schema) -> Bool {
    if case .column = expression { return true }
    return !CompiledExpression.mayFail(expression, over: schema.types)
  }

  /// Whether a condition may be true for a row; true where that is not known.
  private static func mayBeTrue(_ condition: Expression, _ columns: [ColumnStatistics?]) -> Bool {
    guard case .call(let name, let arguments, _, _) = condition else { return true }
    switch (name, arguments.count) {
    case ("and", _): return arguments.allSatisfy { mayBeTrue($0, columns) }
    case ("or", _): return arguments.contains { mayBeTrue($0, columns) }
    case ("is_null", 1): return statistics(arguments[0], columns).map { $0.nullCount > 0 } ?? true
    case ("is_not_null", 1): return statistics(arguments[0], columns).map { $0.nullCount < $0.rowCount } ?? true
    case ("between", 3):
      return mayBeTrue(.call(">=", [arguments[0], arguments[1]], .bool), columns)
        && mayBeTrue(.call("<=", [arguments[0], arguments[2]], .bool), columns)
    case ("in", 2...): return arguments.dropFirst().contains { mayBeTrue(.call("==", [arguments[0], $0], .bool), columns) }
    case (_, 2):
      if let found = statistics(arguments[0], columns), let bound = literal(arguments[1]) { return mayCompare(name, found, bound) }
      if let found = statistics(arguments[1], columns), let bound = literal(arguments[0]), let turned = turnedComparisons[name] {
        return mayCompare(turned, found, bound)
      }
      return true
    default: return true
    }
  }

  private static let turnedComparisons = ["<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "=="]

  private static func statistics(_ expression: Expression, _ columns: [ColumnStatistics?]) -> ColumnStatistics? {
    guard case .column(let index, _) = expression, columns.indices.contains(index) else { return nil }
    return columns[index]
  }

  private static func literal(_ expression: Expression) -> Value? {
    if case .literal(let value, _) = expression { value } else { nil }
  }

  /// Whether a value of the column may compare so with a bound.
  private static func mayCompare(_ comparison: String, _ column: ColumnStatistics, _ bound: Value) -> Bool {
    // Nothing compares with null.
    if bound.isNull || column.nullCount == column.rowCount { return false }
    guard let least = column.least, let greatest = column.greatest, let low = least.order(to: bound), let high = greatest.order(to: bound)
    else {
      return true
    }
    switch comparison {
    case "<": return low < 0
    case "<=": return low <= 0
    case ">": return high > 0
    case ">=": return high >= 0
    case "==": return low <= 0 && high >= 0
    default: return true
    }
  }
}
