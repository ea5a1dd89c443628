// Which groups the rows of a batch are of by their codes alone, for the batches behind it that share its dictionaries.

import DshColumns

/// The groups of all combinations of codes of some columns that were met.
struct KnownCodes {
  /// What the codes of one column stand for.
  private enum Meaning {
    case bools
    /// A dictionary, as copies: nothing of the batch that it came with is kept.
    case entries(offsets: [UInt8], texts: [UInt8])
  }

  /// Larger dictionaries are not compared.
  private static let comparedBytes = 64 << 10
  /// The group of a combination that was not met.
  static let unknown = UInt32.max

  private let meanings: [Meaning]
  var groups: [UInt32]

  /// Nil if a column has no codes, or if there are more than so many combinations.
  init?(_ columns: [Column], limit: Int) {
    var combinations = 1
    for column in columns {
      switch column.storage {
      case .dictionary(_, let entryCount, _, _): combinations *= entryCount + 1
      case .bits: combinations *= 3
      default: return nil
      }
      if combinations > limit { return nil }
    }
    meanings = columns.map { column in
      guard let (offsets, texts) = Self.entries(of: column) else { return .bools }
      return .entries(offsets: Array(offsets), texts: texts.count > Self.comparedBytes ? [] : Array(texts))
    }
    groups = [UInt32](repeating: Self.unknown, count: combinations)
  }

  /// The bytes of the offsets and of the texts of a dictionary; nil for truth values.
  private static func entries(of column: Column) -> (offsets: TextSlice, texts: TextSlice)? {
    guard case .dictionary(_, let entryCount, let offsets, let bytes) = column.storage else { return nil }
    let entry = offsets.pointer(to: Int32.self)
    return (
      TextSlice(start: offsets.pointer(to: UInt8.self), count: (entryCount + 1) * 4),
      TextSlice(start: bytes.pointer(to: UInt8.self) + Int(entry[0]), count: Int(entry[entryCount] - entry[0]))
    )
  }

  /// Whether the codes of columns, of the same types, stand for the same.
  func isOf(_ columns: [Column]) -> Bool {
    zip(meanings, columns).allSatisfy { meaning, column in
      switch (meaning, Self.entries(of: column)) {
      case (.bools, nil): if case .bits = column.storage { true } else { false }
      case (.entries(let knownOffsets, let knownTexts), let found?):
        knownOffsets.withUnsafeBufferPointer { $0.equals(found.offsets) } && knownTexts.withUnsafeBufferPointer { $0.equals(found.texts) }
      default: false
      }
    }
  }

  /// The group of each row by its combined code; nil if one is not known.
  func groups(of codes: [UInt32]) -> [UInt32]? {
    // Of all groups none is greater than the one that stands for unknown.
    var greatest: UInt32 = 0
    let found = [UInt32](unsafeUninitializedCapacity: codes.count) { output, written in
      groups.withUnsafeBufferPointer { groups in
        for (row, code) in codes.enumerated() {
          let group = groups[Int(code)]
          output[row] = group
          greatest = max(greatest, group)
        }
      }
      written = codes.count
    }
    return greatest == Self.unknown ? nil : found
  }
}
