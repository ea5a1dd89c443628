// What a kernel is given for its arguments: whole columns or constants, read through one typed view each.

import DshColumns

/// An argument of a call during evaluation: a column with a value per row, or a column of one row that stands for all.
struct Operand {
  let column: Column
  let isConstant: Bool

  init(_ column: Column) {
    self.column = column
    isConstant = false
  }

  init(constant: Column) {
    column = constant
    isConstant = true
  }

  init(_ value: Value, type: DataType) { self.init(constant: .repeating(value, type: type, count: 1)) }

  var type: DataType { column.type }

  /// Whether it is the same null for all rows.
  var isConstantNull: Bool { type == .null || (isConstant && !column.isValid(0)) }

  /// The operand as a column of its own, the constant repeated.
  func materialized(rowCount: Int) -> Column {
    guard isConstant else { return column }
    if rowCount == 1 { return column }
    if case .text(let offsets, let bytes) = column.storage, type == .string, column.validity == nil {
      let codes = MutableBuffer(capacity: rowCount)
      codes.appendZeros(rowCount)
      return Column(
        type: type, count: rowCount, validity: nil,
        storage: .dictionary(codes: codes.freeze(), entryCount: 1, offsets: offsets, bytes: bytes))
    }
    return column.gather(RowIndexes(repeatElement(0, count: rowCount)))
  }

  func isValid(_ row: Int) -> Bool { column.isValid(isConstant ? 0 : row) }

  func value(at row: Int) -> Value { column.value(at: isConstant ? 0 : row) }
}

/// Fixed-width values of an operand; the operand must outlive it.
struct FixedArgument<T: BitwiseCopyable> {
  let pointer: UnsafePointer<T>
  /// 0 for a constant, 1 for a column.
  let step: Int

  init(_ operand: Operand) {
    guard let pointer = operand.column.fixed(T.self) else { preconditionFailure("fixed-width values: \(operand.type)") }
    self.pointer = pointer
    step = operand.isConstant ? 0 : 1
  }

  @inline(__always) subscript(row: Int) -> T { pointer[row &* step] }
}

/// Texts of an operand as UTF-8 bytes, plain or through a dictionary; the operand must outlive it.
struct TextArgument {
  let codes: DictionaryCodes?
  let offsets: UnsafePointer<Int32>
  let bytes: UnsafeRawPointer
  let step: Int

  init(_ operand: Operand) { self.init(operand.column, isConstant: operand.isConstant) }

  init(_ column: Column, isConstant: Bool = false) {
    switch column.storage {
    case .text(let offsets, let bytes):
      codes = nil
      self.offsets = offsets.pointer()
      self.bytes = bytes.address
    case .dictionary(_, 0, _, let bytes):
      // All rows are null: there is no entry that their codes could name.
      codes = nil
      offsets = Self.noText.pointer()
      self.bytes = bytes.address
      step = 0
      return
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      self.codes = DictionaryCodes(codes, entryCount: entryCount)
      self.offsets = offsets.pointer()
      self.bytes = bytes.address
    default: preconditionFailure("text: \(column.type)")
    }
    step = isConstant ? 0 : 1
  }

  /// The offsets of one empty text.
  private static let noText: Buffer = {
    let offsets = MutableBuffer(capacity: 8)
    offsets.append(Int32(0))
    offsets.append(Int32(0))
    return offsets.freeze()
  }()

  @inline(__always) subscript(row: Int) -> TextSlice {
    var index = row &* step
    if let codes { index = codes[index] }
    let start = Int(offsets[index])
    return TextSlice(start: (bytes + start).assumingMemoryBound(to: UInt8.self), count: Int(offsets[index &+ 1]) &- start)
  }
}

/// The bytes of one text.
typealias TextSlice = UnsafeBufferPointer<UInt8>

/// Truth values of an operand; the operand must outlive it.
struct BoolArgument {
  let bits: Bitmap
  let isConstant: Bool

  init(_ operand: Operand) {
    guard case .bits(let buffer) = operand.column.storage else { preconditionFailure("truth values: \(operand.type)") }
    bits = Bitmap(buffer: buffer, count: operand.column.count)
    isConstant = operand.isConstant
  }

  subscript(row: Int) -> Bool { bits[isConstant ? 0 : row] }

  /// Sixty-four rows from a multiple of 64.
  func word(_ index: Int) -> UInt64 { isConstant ? (bits[0] ? ~0 : 0) : bits.word(index) }
}
