// An expression made ready once and evaluated batch by batch.

import DshColumns
import DshDiagnostics
import DshPlan

/// An expression whose kernels are chosen, constants computed and patterns compiled.
///
/// It holds no state between batches, so that several threads may share one.
public struct CompiledExpression: Sendable {
  /// The type of the result.
  public let type: DataType
  /// Whether a row can be an error.
  public var canFail: Bool { node.canFail }
  let node: Node

  /// Compiles an expression over columns of the given types; throws where a constant argument can't be right.
  ///
  /// - Parameter firstPart: the number of the expression among the parts of the step it belongs to, for errors.
  public init(_ expression: Expression, inputs: [DataType], firstPart: Int = 0) throws(Diagnostic) {
    try expression.checkTypes(over: inputs)
    type = expression.type
    var part = firstPart
    node = try Node.compile(expression, &part)
  }

  /// Whether a row may be an error, or the expression is one.
  public static func mayFail(_ expression: Expression, over inputs: [DataType]) -> Bool {
    guard let compiled = try? CompiledExpression(expression, inputs: inputs) else { return true }
    return compiled.canFail
  }

  /// The value of every row.
  public func evaluate(_ columns: [Column], rowCount: Int) throws(RowError) -> Column {
    let errors = RowErrors()
    let operand = node.evaluate(Frame(columns: columns, rowCount: rowCount), errors)
    if let error = errors.first { throw error }
    return operand.materialized(rowCount: rowCount)
  }

  /// The rows for which a condition is true; null counts as false.
  ///
  /// The terms of a conjunction are evaluated from left to right, each only for the rows that all terms before it keep.
  ///
  /// - Parameter kept: the rows among which to look; nil for all.
  public func evaluateSelection(_ columns: [Column], rowCount: Int, among kept: Bitmap? = nil) throws(RowError) -> Bitmap {
    let errors = RowErrors()
    let selection = node.evaluateSelection(Frame(columns: columns, rowCount: rowCount), among: kept, errors)
    if let error = errors.first { throw error }
    return selection
  }
}

/// The rows that a node is evaluated over.
struct Frame {
  let columns: [Column]
  /// The values of the parameters of the lambdas around, by their numbers.
  var parameters: [Column] = []
  let rowCount: Int

  /// Some of the rows, with only what a node reads; other columns and parameters must not be read.
  func subset(_ rows: RowIndexes, of node: Node) -> Frame {
    Frame(
      columns: Self.gather(columns, node.columns, rows), parameters: Self.gather(parameters, node.parameters, rows), rowCount: rows.count)
  }

  private static func gather(_ columns: [Column], _ wanted: [Int], _ rows: RowIndexes) -> [Column] {
    let nothing = Column(type: .null, count: 0, validity: nil, storage: .none)
    var gathered = Array(repeating: nothing, count: columns.count)
    for index in wanted { gathered[index] = columns[index].gather(rows) }
    return gathered
  }
}
