// Tells from the statistics of a block, or of a part of a file, whether a filter can let any of its rows pass, and which of its terms let all pass.

import DshColumns
import DshPlan

/// What the steps of a task can find in a block of which only statistics are known.
public enum BlockPruning {
  /// Whether any row may come through the steps as far as the first filter; true where that is not known. Of columns may be nothing known (nil).
  ///
  /// Steps that could fail for a row are never skipped: their error would be missed.
  public static func mayPass(_ steps: [any StepSpec], _ columns: [ColumnStatistics?], schema: Schema) -> Bool {
    guard let filter = FirstFilter(steps, columns, schema), isColumnOrCannotFail(filter.predicate, filter.schema) else { return true }
    return mayBeTrue(filter.predicate, filter.columns)
  }

  /// Whether any row may pass a filter for which no row fails; true where that is not known.
  ///
  /// - Parameter mayHold: whether a column may have a value, by what else is known of it.
  static func mayPass(_ filter: Expression, _ columns: [ColumnStatistics?], mayHold: (Int, Value) -> Bool) -> Bool {
    mayBeTrue(filter, columns, mayHold)
  }

  /// The steps without those terms of the first filter that are true for all rows of the block.
  public static func withoutCertainTerms(_ steps: [any StepSpec], _ columns: [ColumnStatistics], schema: Schema) -> [any StepSpec] {
    guard let filter = FirstFilter(steps, columns, schema) else { return steps }
    let rest = uncertainTerms(of: filter.predicate, filter.columns)
    if rest == filter.predicate { return steps }
    var steps = steps
    steps[filter.place] = Filter(rest ?? .literal(.bool(true), .bool))
    return steps
  }

  /// The same for rows of several blocks: steps without terms that are true for all rows of each. Blocks of which nothing is known keep all.
  public static func withoutCertainTerms(_ steps: [any StepSpec], ofBlocks blocks: [[ColumnStatistics]], schema: Schema) -> [any StepSpec] {
    guard let first = blocks.first, !blocks.contains(where: \.isEmpty) else { return steps }
    let without = withoutCertainTerms(steps, first, schema: schema)
    func filters(_ steps: [any StepSpec]) -> [Expression] { steps.compactMap { ($0 as? Filter)?.predicate } }
    let areAlike = blocks.dropFirst().allSatisfy { filters(withoutCertainTerms(steps, $0, schema: schema)) == filters(without) }
    return areAlike ? without : steps
  }

  /// The first filter of some steps, and what is known of the columns in front of it; nothing before it may fail.
  private struct FirstFilter {
    let place: Int
    let predicate: Expression
    let columns: [ColumnStatistics?]
    let schema: Schema

    init?(_ steps: [any StepSpec], _ columns: [ColumnStatistics?], _ schema: Schema) {
      var schema = schema
      var known = columns
      for (place, step) in steps.enumerated() {
        if let projection = step as? Project {
          guard projection.columns.allSatisfy({ isColumnOrCannotFail($0.expression, schema) }) else { return nil }
          known = projection.columns.map { column in
            if case .column(let index, _) = column.expression, known.indices.contains(index) { return known[index] }
            return nil
          }
          schema = projection.schema(over: schema)
        } else if let filter = step as? Filter {
          self.place = place
          predicate = filter.predicate
          self.columns = known
          self.schema = schema
          return
        } else {
          return nil
        }
      }
      return nil
    }
  }

  private static func isColumnOrCannotFail(_ expression: Expression, _ schema: Schema) -> Bool {
    if case .column = expression { return true }
    return !CompiledExpression.mayFail(expression, over: schema.types)
  }

  /// Whether a condition may be true for a row; true where that is not known.
  private static func mayBeTrue(
    _ condition: Expression, _ columns: [ColumnStatistics?], _ mayHold: (Int, Value) -> Bool = { _, _ in true }
  ) -> Bool {
    guard case .call(let name, let arguments, _, _) = condition else { return true }
    switch (name, arguments.count) {
    case ("and", _): return arguments.allSatisfy { mayBeTrue($0, columns, mayHold) }
    case ("or", _): return arguments.contains { mayBeTrue($0, columns, mayHold) }
    case ("is_null", 1): return statistics(arguments[0], columns).map { $0.nullCount > 0 } ?? true
    case ("is_not_null", 1): return statistics(arguments[0], columns).map { $0.nullCount < $0.rowCount } ?? true
    case ("between", 3):
      return mayBeTrue(.call(">=", [arguments[0], arguments[1]], .bool), columns)
        && mayBeTrue(.call("<=", [arguments[0], arguments[2]], .bool), columns)
    case ("in", 2...): return arguments.dropFirst().contains { mayBeTrue(.call("==", [arguments[0], $0], .bool), columns, mayHold) }
    case (_, 2):
      if name == "==" {
        if case .column(let index, _) = arguments[0], let value = literal(arguments[1]), !mayHold(index, value) { return false }
        if case .column(let index, _) = arguments[1], let value = literal(arguments[0]), !mayHold(index, value) { return false }
      }
      if let found = statistics(arguments[0], columns), let bound = literal(arguments[1]) { return mayCompare(name, found, bound) }
      if let found = statistics(arguments[1], columns), let bound = literal(arguments[0]), let turned = turnedComparisons[name] {
        return mayCompare(turned, found, bound)
      }
      return true
    default: return true
    }
  }

  /// What is left of a condition without the terms of its conjunction that are true for every row; nil if nothing is.
  private static func uncertainTerms(of condition: Expression, _ columns: [ColumnStatistics?]) -> Expression? {
    guard case .call(let name, let arguments, let type, let origin) = condition else { return condition }
    guard name == "and" else { return isTrueForAll(name, arguments, columns) ? nil : condition }
    let rest = arguments.compactMap { uncertainTerms(of: $0, columns) }
    return rest.count < 2 ? rest.first : .call(name, rest, type, origin: origin)
  }

  private static func isTrueForAll(_ name: String, _ arguments: [Expression], _ columns: [ColumnStatistics?]) -> Bool {
    switch (name, arguments.count) {
    case ("is_not_null", 1): return statistics(arguments[0], columns).map { $0.nullCount == 0 } ?? false
    case ("between", 3):
      return isTrueForAll(">=", [arguments[0], arguments[1]], columns) && isTrueForAll("<=", [arguments[0], arguments[2]], columns)
    case (_, 2):
      if let found = statistics(arguments[0], columns), let bound = literal(arguments[1]) { return compareAll(name, found, bound) }
      if let found = statistics(arguments[1], columns), let bound = literal(arguments[0]), let turned = turnedComparisons[name] {
        return compareAll(turned, found, bound)
      }
      return false
    default: return false
    }
  }

  /// Whether all rows have a value that compares so with a bound. NaN, which is the greatest value where it is there, compares with nothing.
  private static func compareAll(_ comparison: String, _ column: ColumnStatistics, _ bound: Value) -> Bool {
    guard column.nullCount == 0, let least = column.least, let greatest = column.greatest, !greatest.isNaN, !bound.isNaN,
      let low = least.order(to: bound), let high = greatest.order(to: bound)
    else {
      return false
    }
    switch comparison {
    case "<": return high < 0
    case "<=": return high <= 0
    case ">": return low > 0
    case ">=": return low >= 0
    case "==": return low == 0 && high == 0
    default: return false
    }
  }

  private static let turnedComparisons = ["<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "=="]

  /// What is known of a column, also of one that is taken as another type which holds its values exactly.
  private static func statistics(_ expression: Expression, _ columns: [ColumnStatistics?]) -> ColumnStatistics? {
    if case .cast(let inner, let type, isTry: false, _) = expression, var found = statistics(inner, columns) {
      // What is between two values that the type holds, it holds as well: no row fails.
      guard let least = found.least?.exactly(as: type), let greatest = found.greatest?.exactly(as: type) else { return nil }
      (found.least, found.greatest) = (least, greatest)
      return found
    }
    guard case .column(let index, _) = expression, columns.indices.contains(index) else { return nil }
    return columns[index]
  }

  private static func literal(_ expression: Expression) -> Value? {
    switch expression {
    case .literal(let value, _): value
    case .cast(.literal(let value, _), let type, _, _): value.isNull ? value : value.exactly(as: type)
    default: nil
    }
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

extension Value {
  /// The same value of another type, in the order of which it stands where it does in its own; nil where that is not certain.
  fileprivate func exactly(as other: DataType) -> Value? {
    switch (self, other) {
    case (.int64, .int64), (.float64, .float64): return self
    case (.int64(let number), .decimal(let precision, let scale)):
      return DecimalNumber.rescaled(Int128(number), from: 0, to: scale, precision: precision).map {
        .decimal(DecimalNumber($0, precision: precision, scale: scale))
      }
    case (.decimal(let number), .decimal(let precision, let scale)) where scale >= number.scale:
      return DecimalNumber.rescaled(number.unscaled, from: number.scale, to: scale, precision: precision).map {
        .decimal(DecimalNumber($0, precision: precision, scale: scale))
      }
    case (.instant(let number, let unit, _), .timestamp): return Self.finer(number, unit, .microseconds).map { .timestamp($0) }
    case (.timestamp(let number), .instant(let unit, let zone)):
      return Self.finer(number, .microseconds, unit).map { .instant($0, unit, zone: zone) }
    case (.instant(let number, let unit, _), .instant(let finer, let zone)):
      return Self.finer(number, unit, finer).map { .instant($0, finer, zone: zone) }
    default: return nil
    }
  }

  private static func finer(_ number: Int64, _ unit: TimeResolution, _ other: TimeResolution) -> Int64? {
    guard unit <= other else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: other.perSecond / unit.perSecond)
    return overflow ? nil : product
  }

  fileprivate var isNaN: Bool { if case .float64(let number) = self { number.isNaN } else { false } }
}
