// A function among the arguments of a call: its body is evaluated for many elements at once.

import DshColumns

/// A lambda whose body is compiled.
struct Lambda: Sendable {
  /// The number of its first parameter.
  let first: Int
  let body: Node

  /// Whether the body reads nothing but its parameters.
  var isClosed: Bool { body.columns.isEmpty && body.parameters.allSatisfy { $0 >= first } }
}

/// A lambda over the rows of a batch, of which its body may read more than its parameters.
struct BoundLambda {
  let lambda: Lambda
  let frame: Frame
  let errors: RowErrors

  /// What the body gives for each element. Errors are those of the elements' rows.
  ///
  /// - Parameters:
  ///   - rows: the row that each element belongs to.
  ///   - parameters: the parameters for each element.
  func evaluate(_ rows: RowIndexes, _ parameters: [Column]) -> Column {
    let nothing = Column(type: .null, count: 0, validity: nil, storage: .none)
    var outer = Array(repeating: nothing, count: lambda.first)
    for number in lambda.body.parameters where number < lambda.first { outer[number] = frame.parameters[number].gather(rows) }
    var columns = Array(repeating: nothing, count: frame.columns.count)
    for index in lambda.body.columns { columns[index] = frame.columns[index].gather(rows) }
    let inner = RowErrors()
    let result = lambda.body.evaluate(Frame(columns: columns, parameters: outer + parameters, rowCount: rows.count), inner)
    if let error = inner.first { errors.record(Int(rows.pointer[error.row]), part: error.part) { error.diagnostic } }
    return result.materialized(rowCount: rows.count).plain()
  }
}
