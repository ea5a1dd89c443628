// `and` and `or` with three-valued logic; a term is computed only for rows whose answer is still open if it could fail.

import DshColumns

enum LogicalOperator: Sendable { case and, or }

/// The rows in which a condition holds and those in which it is null.
struct Truth {
  var isTrue: Bitmap
  /// nil if there is no null.
  var isNull: Bitmap?

  init(_ operand: Operand, rowCount: Int) {
    if operand.isConstantNull {
      isTrue = .repeating(false, count: rowCount)
      isNull = .repeating(true, count: rowCount)
      return
    }
    let argument = BoolArgument(operand)
    if argument.isConstant {
      isTrue = .repeating(argument[0], count: rowCount)
    } else if let validity = operand.column.validity {
      isTrue = .make(count: rowCount) { argument.bits.word($0) & validity.word($0) }
      isNull = .make(count: rowCount) { ~validity.word($0) }
    } else {
      isTrue = argument.bits
    }
  }

  /// The truth of some rows as that of all; the others are neither true nor null.
  init(_ operand: Operand, rows: RowIndexes, rowCount: Int) {
    self.init(operand, rowCount: rows.count)
    isTrue = isTrue.scattered(to: rows, count: rowCount)
    isNull = isNull?.scattered(to: rows, count: rowCount)
  }
}

extension Bitmap {
  /// A bitmap in which bit `rows[i]` is bit i of this one and every other bit is clear.
  func scattered(to rows: RowIndexes, count: Int) -> Bitmap {
    if rows.count == count { return self }
    let words = MutableBuffer(capacity: (count + 63) / 64 * 8)
    words.appendZeros((count + 63) / 64 * 8)
    let output = words.pointer(to: UInt64.self)
    for index in 0..<rows.count where self[index] {
      let row = Int(rows.pointer[index])
      output[row &>> 6] |= 1 &<< UInt64(row & 63)
    }
    return Bitmap(buffer: words.freeze(), count: count)
  }

  /// The rows in this set and not in the other.
  func subtracting(_ other: Bitmap) -> Bitmap { .make(count: count) { word($0) & ~other.word($0) } }

  func union(_ other: Bitmap) -> Bitmap { .make(count: count) { word($0) | other.word($0) } }
}

extension Node {
  /// Conditions of one operator from left to right, with null where the answer hangs on a null.
  func evaluateLogical(_ kind: LogicalOperator, _ terms: [Node], _ frame: Frame, _ errors: RowErrors) -> Column {
    let rowCount = frame.rowCount
    var decided = Bitmap.repeating(false, count: rowCount)
    var unknown: Bitmap?
    for (index, term) in terms.enumerated() {
      let truth: Truth
      var rows: Bitmap?
      if index > 0 && term.canFail {
        let open = Bitmap.make(count: rowCount) { ~decided.word($0) }
        let openRows = open.setIndexes()
        if openRows.count == 0 { break }
        rows = open
        truth = Truth(term.evaluate(frame, rows: openRows, errors), rows: openRows, rowCount: rowCount)
      } else {
        truth = Truth(term.evaluate(frame, errors), rowCount: rowCount)
      }
      switch kind {
      case .or: decided = decided.union(truth.isTrue)
      case .and:
        decided = .make(count: rowCount) { word in
          let isFalse = ~(truth.isTrue.word(word) | (truth.isNull?.word(word) ?? 0))
          return decided.word(word) | (isFalse & (rows?.word(word) ?? ~0))
        }
      }
      if let isNull = truth.isNull { unknown = unknown?.union(isNull) ?? isNull }
    }
    let validity = unknown.map { unknown in Bitmap.make(count: rowCount) { ~unknown.word($0) | decided.word($0) } }
    let values = kind == .or ? decided : Bitmap.make(count: rowCount) { ~decided.word($0) }
    return Column(type: .bool, count: rowCount, validity: validity, storage: .bits(values.buffer))
  }

  /// The rows of a frame for which the condition is true, of those that are kept so far; nil for all.
  func evaluateSelection(_ frame: Frame, among kept: Bitmap? = nil, _ errors: RowErrors) -> Bitmap {
    if case .logical(.and, let terms) = kind {
      var selection = kept
      for term in terms { selection = term.evaluateSelection(frame, among: selection, errors) }
      return selection ?? .repeating(true, count: frame.rowCount)
    }
    guard let kept else { return Truth(evaluate(frame, errors), rowCount: frame.rowCount).isTrue }
    let keptCount = kept.setCount
    if keptCount == 0 { return kept }
    if keptCount < frame.rowCount && (canFail || keptCount &* subsetFactor < frame.rowCount) {
      let rows = kept.setIndexes()
      let inner = RowErrors()
      let truth = evaluateSelection(frame.subset(rows, of: self), inner)
      if let error = inner.first { errors.record(Int(rows.pointer[error.row]), part: error.part) { error.diagnostic } }
      return truth.scattered(to: rows, count: frame.rowCount)
    }
    let truth = evaluateSelection(frame, errors)
    return .make(count: frame.rowCount) { kept.word($0) & truth.word($0) }
  }

  /// A term that can't fail is computed for the surviving rows alone only if they are this many times fewer than all rows: taking them
  /// out costs about as much as a few comparisons. What is cheap pays only where most cache lines of its column are left out.
  private var subsetFactor: Int {
    if case .call(let kernel, let arguments) = kind, kernel.isCheap, arguments.allSatisfy(\.isLeaf) { return 64 }
    return 8
  }

  /// Whether it is there without being computed.
  private var isLeaf: Bool {
    switch kind {
    case .column, .constant, .parameter: true
    default: false
    }
  }
}
