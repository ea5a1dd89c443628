// `if`, `case` and `??`: each value is computed only for the rows that need it if it could fail there, else for all.

import DshColumns

/// The values of one branch and the rows that take it.
struct Branch {
  let rows: Bitmap
  let operand: Operand
  /// Whether the operand holds values for `rows` alone, in order, instead of for every row.
  let isSubset: Bool
}

extension Node {
  func evaluateChoice(
    _ pairs: [(condition: Node, value: Node)], _ otherwise: Node, _ frame: Frame, _ errors: RowErrors
  ) -> Operand {
    var open = Bitmap.repeating(true, count: frame.rowCount)
    var branches: [Branch] = []
    for (index, pair) in pairs.enumerated() {
      let truth: Truth
      if index > 0 && pair.condition.canFail {
        let rows = open.setIndexes()
        truth = Truth(pair.condition.evaluate(frame, rows: rows, errors), rows: rows, rowCount: frame.rowCount)
      } else {
        truth = Truth(pair.condition.evaluate(frame, errors), rowCount: frame.rowCount)
      }
      let chosen = Bitmap.make(count: frame.rowCount) { open.word($0) & truth.isTrue.word($0) }
      open = open.subtracting(chosen)
      append(pair.value, for: chosen, frame, errors, to: &branches)
    }
    append(otherwise, for: open, frame, errors, to: &branches)
    return Operand(blend(branches, rowCount: frame.rowCount))
  }

  func evaluateCoalesce(_ nodes: [Node], _ frame: Frame, _ errors: RowErrors) -> Operand {
    var open = Bitmap.repeating(true, count: frame.rowCount)
    var branches: [Branch] = []
    for node in nodes {
      append(node, for: open, frame, errors, to: &branches)
      guard let branch = branches.last else { break }
      let valid = branch.validRows(rowCount: frame.rowCount)
      if branches.count == 1 && valid.setCount == frame.rowCount { return branch.operand }
      branches[branches.count - 1] = branch.limited(to: valid)
      open = open.subtracting(valid)
      if open.setCount == 0 { break }
    }
    return Operand(blend(branches, rowCount: frame.rowCount))
  }

  /// Evaluates a value for the rows of a branch and adds the branch unless it is empty.
  private func append(_ value: Node, for rows: Bitmap, _ frame: Frame, _ errors: RowErrors, to branches: inout [Branch]) {
    let indexes = rows.setIndexes()
    if indexes.count == 0 { return }
    if value.canFail && indexes.count < frame.rowCount {
      branches.append(Branch(rows: rows, operand: value.evaluate(frame, rows: indexes, errors), isSubset: true))
    } else {
      branches.append(Branch(rows: rows, operand: value.evaluate(frame, errors), isSubset: false))
    }
  }

  /// One column of the values of disjoint branches; rows of no branch are null.
  private func blend(_ branches: [Branch], rowCount: Int) -> Column {
    if branches.count == 1, branches[0].rows.setCount == rowCount { return branches[0].operand.materialized(rowCount: rowCount) }
    var validRows = Bitmap.repeating(false, count: rowCount)
    for branch in branches { validRows = validRows.union(branch.validRows(rowCount: rowCount)) }
    let validity = validRows.setCount == rowCount ? nil : validRows
    let sources = branches.filter { !$0.operand.isConstantNull }
    switch type {
    case .null: return Column(type: .null, count: rowCount, validity: nil, storage: .none)
    case .bool:
      let words = MutableBuffer(capacity: (rowCount + 63) / 64 * 8)
      words.appendZeros((rowCount + 63) / 64 * 8)
      let output = words.pointer(to: UInt64.self)
      for branch in sources {
        let values = BoolArgument(branch.operand)
        branch.forEachRow { row, index in if values[index] { output[row &>> 6] |= 1 &<< UInt64(row & 63) } }
      }
      return Column(type: type, count: rowCount, validity: validity, storage: .bits(words.freeze()))
    default: break
    }
    switch type.fixedWidthBytes {
    case 1: return blendFixed(sources, Int8.self, validity, rowCount)
    case 2: return blendFixed(sources, Int16.self, validity, rowCount)
    case 4: return blendFixed(sources, Int32.self, validity, rowCount)
    case 8: return blendFixed(sources, Int64.self, validity, rowCount)
    case 16: return blendFixed(sources, Int128.self, validity, rowCount)
    default: return blendByGathering(sources, validity, rowCount)
    }
  }

  private func blendFixed<T: BitwiseCopyable>(_ branches: [Branch], _: T.Type, _ validity: Bitmap?, _ rowCount: Int) -> Column {
    let result = MutableBuffer(capacity: rowCount * MemoryLayout<T>.size)
    result.appendZeros(rowCount * MemoryLayout<T>.size)
    let output = result.pointer(to: T.self)
    for branch in branches {
      let values = FixedArgument<T>(branch.operand)
      branch.forEachRow { row, index in output[row] = values[index] }
    }
    return Column(type: type, count: rowCount, validity: validity, storage: .fixed(result.freeze()))
  }

  /// Lays all branches end to end and picks every row's value from there; constants take one place each.
  private func blendByGathering(_ branches: [Branch], _ validity: Bitmap?, _ rowCount: Int) -> Column {
    let builder = ColumnBuilder(type: type)
    let places = MutableBuffer(capacity: rowCount * 4)
    let place = places.pointer(to: Int32.self)
    for row in 0..<rowCount { place[row] = -1 }
    places.byteCount = rowCount * 4
    for branch in branches {
      let base = builder.count
      builder.append(branch.operand.column)
      branch.forEachRow { row, index in
        place[row] = Int32(truncatingIfNeeded: branch.operand.isConstant ? base : base &+ index)
      }
    }
    let rows = RowIndexes(buffer: places.freeze(), count: rowCount)
    let values = builder.finish()
    if type == .string, branches.allSatisfy(\.operand.isConstant), values.count <= Column.byteCodeLimit, values.count > 0,
      case .text(let offsets, let bytes) = values.storage
    {
      let codes = MutableBuffer(capacity: rowCount)
      for row in 0..<rowCount { codes.append(UInt8(truncatingIfNeeded: max(0, rows.pointer[row]))) }
      return Column(
        type: type, count: rowCount, validity: validity,
        storage: .dictionary(codes: codes.freeze(), entryCount: values.count, offsets: offsets, bytes: bytes))
    }
    return values.gather(rows)
  }
}

extension Branch {
  /// The rows of the branch that hold a value.
  func validRows(rowCount: Int) -> Bitmap {
    if operand.isConstantNull { return .repeating(false, count: rowCount) }
    guard !operand.isConstant, let validity = operand.column.validity else { return rows }
    if isSubset { return validity.scattered(to: rows.setIndexes(), count: rowCount) }
    return .make(count: rowCount) { rows.word($0) & validity.word($0) }
  }

  /// The branch for some of its rows.
  func limited(to remaining: Bitmap) -> Branch {
    if !isSubset || operand.isConstant { return Branch(rows: remaining, operand: operand, isSubset: isSubset) }
    let all = rows.setIndexes()
    var kept: [Int32] = []
    for index in 0..<all.count where remaining[Int(all.pointer[index])] { kept.append(Int32(truncatingIfNeeded: index)) }
    return Branch(rows: remaining, operand: Operand(operand.column.gather(RowIndexes(kept))), isSubset: true)
  }

  /// Calls `body` with each row and the index of its value in the operand.
  @inline(__always) func forEachRow(_ body: (_ row: Int, _ index: Int) -> Void) {
    var position = 0
    for wordIndex in 0..<rows.wordCount {
      var word = rows.word(wordIndex)
      while word != 0 {
        let row = wordIndex &* 64 &+ word.trailingZeroBitCount
        body(row, isSubset ? position : row)
        position &+= 1
        word &= word &- 1
      }
    }
  }
}
