// Calls over a dictionary column are computed once per entry and spread over the rows by their codes.

import DshColumns

extension Node {
  /// The result of a null-propagating call whose only non-constant argument is a dictionary column; nil if the call is
  /// of another kind, or if an entry fails (then the rows are computed one by one, since the entry may be unused).
  func runOverDictionary(_ kernel: Kernel, _ arguments: [Operand], rowCount: Int) -> Column? {
    var dictionaryIndex: Int?
    for (index, argument) in arguments.enumerated() where !argument.isConstant {
      guard dictionaryIndex == nil, case .dictionary(_, let entryCount, _, _) = argument.column.storage, entryCount <= rowCount,
        entryCount > 0
      else { return nil }
      dictionaryIndex = index
    }
    guard let dictionaryIndex else { return nil }
    let column = arguments[dictionaryIndex].column
    guard case .dictionary(let codes, let entryCount, let offsets, let bytes) = column.storage else { return nil }
    var entryArguments = arguments
    entryArguments[dictionaryIndex] = Operand(
      Column(type: column.type, count: entryCount, validity: nil, storage: .text(offsets: offsets, bytes: bytes)))
    let errors = RowErrors()
    let entries = kernel.run(Call(arguments: entryArguments, rowCount: entryCount, type: type, validity: nil, part: part, errors: errors))
    if errors.first != nil { return nil }
    return entries.spread(by: codes, count: rowCount, validity: column.validity)
  }
}

extension Column {
  /// A column whose row i holds the entry that the i-th code names; nil for kinds of values that are not spread so.
  func spread(by codes: Buffer, count rowCount: Int, validity base: Bitmap?) -> Column? {
    let code = DictionaryCodes(codes, entryCount: count)
    let map = intersection(base, validity.map { DictionarySubset($0).rows(codes, count: rowCount) })
    switch storage {
    case .bits(let buffer):
      let bits = DictionarySubset(Bitmap(buffer: buffer, count: count)).rows(codes, count: rowCount)
      return Column(type: type, count: rowCount, validity: map, storage: .bits(bits.buffer))
    case .fixed(let buffer):
      let spread: Buffer
      switch type.fixedWidthBytes {
      case 4: spread = spreadFixed(buffer.pointer(to: Int32.self), code, rowCount)
      case 8: spread = spreadFixed(buffer.pointer(to: Int64.self), code, rowCount)
      case 16: spread = spreadFixed(buffer.pointer(to: Int128.self), code, rowCount)
      default: return nil
      }
      return Column(type: type, count: rowCount, validity: map, storage: .fixed(spread))
    case .text(let offsets, let bytes) where type == .string:
      return Column(
        type: type, count: rowCount, validity: map,
        storage: .dictionary(codes: codes, entryCount: count, offsets: offsets, bytes: bytes))
    default: return nil
    }
  }

  private func spreadFixed<T: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ entries: UnsafePointer<T>, _ code: DictionaryCodes, _ rowCount: Int
  ) -> Buffer {
    // A code of a null row may name no entry when the dictionary is empty: the table is padded to every possible code.
    let table = (0..<max(count, Column.byteCodeLimit)).map { $0 < count ? entries[$0] : 0 }
    let result = MutableBuffer(capacity: rowCount * MemoryLayout<T>.size)
    let output = result.pointer(to: T.self)
    table.withUnsafeBufferPointer { table in
      for row in 0..<rowCount { output[row] = table[code[row]] }
    }
    result.byteCount = rowCount * MemoryLayout<T>.size
    return result.freeze()
  }
}
