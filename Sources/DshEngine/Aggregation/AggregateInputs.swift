// What aggregates read of a batch: their arguments, and the rows that their conditions let through.

import DshColumns
import DshDiagnostics
import DshPlan

/// The distinct arguments and conditions of several aggregates, each evaluated once a batch.
///
/// An argument that can fail is evaluated for the rows alone that its condition lets through, as behind a filter.
struct AggregateInputs {
  private struct Key: Hashable {
    let expression: Expression
    let condition: Int?
  }

  private struct Argument {
    let compiled: CompiledExpression
    /// The condition for whose rows alone it is evaluated.
    let condition: Int?
  }

  /// The types of the input; nil if there is none, so that nothing is evaluated.
  private let types: [DataType]?
  private var argumentPlaces: [Key: Int] = [:]
  private var arguments: [Argument] = []
  /// The types of the arguments.
  private(set) var argumentTypes: [DataType] = []
  private var conditionPlaces: [Expression: Int] = [:]
  private var conditions: [CompiledExpression] = []

  init(_ types: [DataType]?) { self.types = types }

  /// The number of a condition.
  ///
  /// - Parameter part: the number of the expression among the parts of the aggregation, for errors.
  mutating func place(ofCondition condition: Expression, part: Int) throws(Diagnostic) -> Int {
    if let known = conditionPlaces[condition] { return known }
    conditionPlaces[condition] = conditionPlaces.count
    if let types { conditions.append(try CompiledExpression(condition, inputs: types, firstPart: part)) }
    return conditionPlaces.count - 1
  }

  /// The number of an argument of an aggregate with a condition.
  mutating func place(of expression: Expression, where condition: Int?, part: Int) throws(Diagnostic) -> Int {
    guard let types else {
      // What can't be evaluated is told apart by its condition all the same.
      let key = Key(expression: expression, condition: condition)
      return argumentPlaces[key] ?? note(key)
    }
    let compiled = try CompiledExpression(expression, inputs: types, firstPart: part)
    let key = Key(expression: expression, condition: compiled.canFail ? condition : nil)
    if let known = argumentPlaces[key] { return known }
    arguments.append(Argument(compiled: compiled, condition: key.condition))
    return note(key)
  }

  /// Whether some argument or aggregate has a condition.
  var haveConditions: Bool { !conditionPlaces.isEmpty }

  private mutating func note(_ key: Key) -> Int {
    argumentTypes.append(key.expression.type)
    argumentPlaces[key] = argumentPlaces.count
    return argumentPlaces.count - 1
  }

  /// The arguments and conditions over a batch; where some can't be computed, the error of the first row is kept.
  func evaluate(_ columns: [Column], rowCount: Int, _ first: inout RowError?) -> Values {
    func note(_ error: RowError) { if first.map({ error.row < $0.row }) ?? true { first = error } }
    var selections: [Bitmap] = []
    for condition in conditions {
      do {
        selections.append(try condition.evaluateSelection(columns, rowCount: rowCount))
      } catch {
        note(error)
        // The batch is not aggregated, and only errors are looked for: those of rows that nothing lets through are none.
        selections.append(Bitmap.make(count: rowCount) { _ in 0 })
      }
    }
    var values: [Column] = []
    for argument in arguments {
      do {
        if let condition = argument.condition {
          values.append(try evaluate(argument, for: selections[condition], columns, rowCount))
        } else {
          values.append(try argument.compiled.evaluate(columns, rowCount: rowCount))
        }
      } catch {
        note(error)
      }
    }
    return Values(columns: values, selections: selections, rowCount: rowCount)
  }

  /// The value of an argument for some rows, null for the others.
  private func evaluate(_ argument: Argument, for selection: Bitmap, _ columns: [Column], _ rowCount: Int) throws(RowError) -> Column {
    let selected = (0..<rowCount).filter { selection[$0] }
    if selected.count == rowCount { return try argument.compiled.evaluate(columns, rowCount: rowCount) }
    let rows = RowIndexes(selected.lazy.map { Int32(truncatingIfNeeded: $0) })
    let frame = Frame(columns: columns, rowCount: rowCount).subset(rows, of: argument.compiled.node)
    let values: Column
    do {
      values = try argument.compiled.evaluate(frame.columns, rowCount: rows.count)
    } catch {
      var error = error
      error.row = selected[error.row]
      throw error
    }
    var places = [Int32](repeating: -1, count: rowCount)
    for (place, row) in selected.enumerated() { places[row] = Int32(truncatingIfNeeded: place) }
    return values.gather(RowIndexes(places))
  }

  /// Arguments and conditions over one batch.
  struct Values {
    let columns: [Column]
    fileprivate let selections: [Bitmap]
    fileprivate let rowCount: Int

    fileprivate init(columns: [Column], selections: [Bitmap], rowCount: Int) {
      self.columns = columns
      self.selections = selections
      self.rowCount = rowCount
    }

    /// Arguments without conditions.
    init(columns: [Column], rowCount: Int) { self.init(columns: columns, selections: [], rowCount: rowCount) }

    /// The arguments of an aggregate; one without arguments that has a condition sees the condition as its argument.
    func rows(_ arguments: [Int], where condition: Int?, groups: [UInt32]?) -> [AggregateRows] {
      guard let condition else { return arguments.map { AggregateRows(groups: groups, column: columns[$0]) } }
      let selection = selections[condition]
      let selected = (0..<selection.wordCount).map { selection.word($0) }
      if arguments.isEmpty {
        let column = Column(type: .bool, count: rowCount, validity: nil, storage: .bits(selection.buffer))
        return [AggregateRows(groups: groups, column: column, selected: selected)]
      }
      return arguments.map { AggregateRows(groups: groups, column: columns[$0], selected: selected) }
    }
  }
}
