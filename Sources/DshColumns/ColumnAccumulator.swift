// How the columns of a block are gathered, by the kind of their storage.

/// Gathers one column; after `finish` or `layOut` it is used no more.
protocol ColumnAccumulator: AnyObject {
  var sizeBytes: Int { get }
  func append(_ column: Column)
  func finish() -> Column
  func layOut() -> ColumnLayout
}

/// Values that a builder copies one by one: types whose columns are seldom large.
final class ValueAccumulator: ColumnAccumulator {
  private let builder: ColumnBuilder

  init(type: DataType) { builder = ColumnBuilder(type: type) }

  var sizeBytes: Int { builder.sizeBytes }
  func append(_ column: Column) { builder.append(column) }
  func finish() -> Column { builder.finish() }
  func layOut() -> ColumnLayout { ColumnLayout(finish()) }
}

/// Values of a fixed width.
final class FixedAccumulator: ColumnAccumulator {
  private let type: DataType
  private var values = GatheredBytes()
  private var validity = ValidityBuilder()

  init(type: DataType) { self.type = type }

  var sizeBytes: Int { values.byteCount + validity.byteCount }

  func append(_ column: Column) {
    guard case .fixed(let buffer) = column.storage else { preconditionFailure("a column of type \(type.name) has values of a fixed width") }
    values.append(buffer.slice(from: 0, byteCount: column.count * (type.fixedWidthBytes ?? 8)))
    validity.append(column.validity, count: column.count)
  }

  func finish() -> Column {
    Column(type: type, count: validity.count, validity: validity.finish(), storage: .fixed(values.joined()))
  }

  func layOut() -> ColumnLayout {
    ColumnLayout(count: validity.count, validity: validity.finish(), storage: .fixed(values.pieces()))
  }
}

/// Text or binary laid out plainly.
final class TextAccumulator: ColumnAccumulator {
  private let type: DataType
  private var offsets = GatheredBytes()
  private var bytes = GatheredBytes()
  private var validity = ValidityBuilder()

  init(type: DataType) {
    self.type = type
    unsafe offsets.append(byteCount: 4) { unsafe $0.storeBytes(of: 0, as: Int32.self) }
  }

  var sizeBytes: Int { offsets.byteCount + bytes.byteCount + validity.byteCount }

  func append(_ column: Column) {
    guard case .text(let sourceOffsets, let sourceBytes) = column.plain().storage else {
      preconditionFailure("a column of type \(type.name) has text")
    }
    // There is one offset more than rows.
    let source = unsafe sourceOffsets.pointer(to: Int32.self)
    let first = unsafe source[0]
    let shift = Int32(truncatingIfNeeded: bytes.byteCount) &- first
    unsafe offsets.append(byteCount: column.count * 4) { room in
      let output = unsafe room.assumingMemoryBound(to: Int32.self)
      for row in 0..<column.count { unsafe output[row] = source[row &+ 1] &+ shift }
    }
    unsafe bytes.append(sourceBytes.slice(from: Int(first), byteCount: Int(source[column.count] &- first)))
    validity.append(column.validity, count: column.count)
  }

  func finish() -> Column {
    Column(
      type: type, count: validity.count, validity: validity.finish(), storage: .text(offsets: offsets.joined(), bytes: bytes.joined()))
  }

  func layOut() -> ColumnLayout {
    ColumnLayout(count: validity.count, validity: validity.finish(), storage: .text(offsets: offsets.pieces(), bytes: bytes.pieces()))
  }
}

/// Text: codes into a dictionary as long as that stays small, plain text from then on.
final class DictionaryAccumulator: ColumnAccumulator {
  private var dictionary: DictionaryBuilder? = DictionaryBuilder()
  private let plain = TextAccumulator(type: .string)
  /// Whether texts that a dictionary had once would not fit when each row has its own; they are not laid out then.
  private var isTooLarge = false

  /// More than any block may have if the texts don't fit.
  var sizeBytes: Int { isTooLarge ? 1 << 40 : dictionary?.sizeBytes ?? plain.sizeBytes }

  func append(_ column: Column) {
    if let dictionary {
      let taken = dictionary.append(column)
      if taken == column.count { return }
      layOut(dictionary)
      self.dictionary = nil
      if isTooLarge { return }
      plain.append(column.slice(from: taken, count: column.count - taken))
    } else if !isTooLarge {
      plain.append(column)
    }
  }

  private func layOut(_ dictionary: DictionaryBuilder) {
    let column = dictionary.finish()
    isTooLarge = column.plainTextBytes > Int(Int32.max) / 2
    if !isTooLarge { plain.append(column) }
  }

  /// The column if it stays behind its dictionary; otherwise it is in `plain`.
  private func finishDictionary() -> Column? {
    guard let dictionary else { return nil }
    if dictionary.isWorthwhile { return dictionary.finish() }
    layOut(dictionary)
    return nil
  }

  func finish() -> Column { finishDictionary() ?? plain.finish() }

  func layOut() -> ColumnLayout { finishDictionary().map(ColumnLayout.init) ?? plain.layOut() }
}
