// The filter that a scan applies before it reads the other columns.

import DshColumns
import DshFormats
import DshPlan

/// A filter evaluated inside the scan, over just its own columns.
final class FilterPredicate: SeparablePredicate {
  let columns: [Int]
  private let condition: CompiledExpression
  /// A condition that has to hold besides others, and the columns that it looks at.
  private struct Term {
    let condition: CompiledExpression
    let columns: [Int]
  }

  /// The conditions that all have to hold, in order; none if a row may fail.
  private let terms: [Term]
  /// For each column whether no condition looks at it together with others.
  private let areSeparable: [Bool]
  private let expression: Expression
  /// The rows that came in so far, those before the split included.
  private(set) var rows: Int
  /// An error of a row; the rows before it go on first.
  private(set) var pending: StepError?

  /// Compiles the filter over its columns in ascending order.
  init(_ filter: Expression, columns: [ReadColumn], scan: FileScan, rowsBefore: Int) throws {
    rows = rowsBefore
    let used = filter.columns.sorted()
    self.columns = used.compactMap { index in
      if case .scanned(let place) = columns[index] { scan.wanted[place] } else { nil }
    }
    let types = self.columns.map { scan.schema[$0].type }
    let moved = filter.mapColumns { index, type in .column(used.firstIndex(of: index) ?? 0, type) }
    expression = moved
    let condition = try CompiledExpression(moved, inputs: types)
    self.condition = condition
    let terms =
      condition.canFail
      ? [] : try moved.conditions.map { Term(condition: try CompiledExpression($0, inputs: types), columns: $0.columns.sorted()) }
    self.terms = terms
    areSeparable = used.indices.map { column in terms.allSatisfy { $0.columns == [column] || !$0.columns.contains(column) } }
  }

  func mayKeep(_ statistics: [ColumnStatistics?], mayHold: (Int, Value) -> Bool) -> Bool {
    condition.canFail || BlockPruning.mayPass(expression, statistics, mayHold: mayHold)
  }

  func select(_ batch: Batch) throws -> Bitmap? {
    defer { rows += batch.rowCount }
    if pending != nil { return .repeating(false, count: batch.rowCount) }
    do {
      return try condition.evaluateSelection(batch.columns, rowCount: batch.rowCount)
    } catch {
      pending = StepError(error, step: 0, rowsBefore: rows)
      let kept = batch.slice(from: 0, count: error.row)
      let before = try condition.evaluateSelection(kept.columns, rowCount: kept.rowCount)
      return .make(count: batch.rowCount) { $0 < before.wordCount ? before.word($0) : 0 }
    }
  }

  // MARK: Column by column

  var separable: (any SeparablePredicate)? { terms.isEmpty ? nil : self }

  func isSeparable(_ column: Int) -> Bool { areSeparable[column] }

  func keeps(_ values: Column, ofColumn column: Int) -> Bitmap {
    let only = columns.indices.map { $0 == column ? values : nil }
    return selection(only, values.count, among: nil) { $0.columns == [column] } ?? .repeating(true, count: values.count)
  }

  func select(_ columns: [Column?], rowCount: Int, among kept: Bitmap?) -> Bitmap? {
    rows += rowCount
    return selection(columns, rowCount, among: kept) { term in term.columns.allSatisfy { columns[$0] != nil } }
  }

  /// The rows for which some of the conditions hold, none of which reads a column that is nil.
  private func selection(_ columns: [Column?], _ rowCount: Int, among kept: Bitmap?, of isAsked: (Term) -> Bool) -> Bitmap? {
    let nothing = Column(type: .null, count: 0, validity: nil, storage: .none)
    var kept = kept
    for term in terms where isAsked(term) {
      let inputs = columns.map { $0 ?? nothing }
      // Nothing fails, so that nothing is thrown.
      kept = (try? term.condition.evaluateSelection(inputs, rowCount: rowCount, among: kept)) ?? .repeating(false, count: rowCount)
    }
    return kept
  }
}
