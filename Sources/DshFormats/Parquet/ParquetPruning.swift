// Which rows of a row group a filter may keep, by what the writer noted of them. In doubt it may.
import DshColumns

extension ColumnStatistics {
  /// What statistics of a file say, in the words of dsh; nil where they say nothing for certain.
  ///
  /// - Parameter hasTypeOrder: whether the file says that its newer fields are in the order of the column's type.
  init?(_ statistics: ParquetStatistics, of leaf: ParquetLeaf, rowCount: Int, hasTypeOrder: Bool) {
    var nullCount = leaf.maximumDefinition == 0 ? 0 : statistics.nullCount
    // Some nulls, and not all: what is not known must not look like either.
    if nullCount == nil, rowCount > 1 { nullCount = 1 }
    guard let nullCount, (0...rowCount).contains(nullCount) else { return nil }
    self.init(rowCount: rowCount, nullCount: nullCount)
    isExact = false
    guard nullCount < rowCount else { return }
    var bounds: (least: [UInt8], greatest: [UInt8])?
    if hasTypeOrder, let low = statistics.least, let high = statistics.greatest {
      bounds = (low, high)
    } else if let low = statistics.legacyLeast, let high = statistics.legacyGreatest, leaf.hasSignedOrder || low == high {
      bounds = (low, high)
    }
    guard let bounds, let low = leaf.value(bounds.least), let high = leaf.value(bounds.greatest), !low.isNaN, !high.isNaN else { return }
    // Writers may leave out one sign of zero.
    least = low == .float64(0) ? .float64(-0.0) : low
    greatest = high == .float64(-0.0) ? .float64(0.0) : high
  }
}

extension ParquetLeaf {
  /// Whether bytes in the order of signed numbers are in that of the values.
  fileprivate var hasSignedOrder: Bool {
    switch type {
    case .boolean, .float, .double: return true
    case .int32, .int64:
      if case .integer(_, isSigned: false) = logicalType { return false }
      return true
    case .int96, .byteArray, .fixedBytes: return false
    }
  }

  /// A value as statistics have it; nil for one of a type whose order is not that of its bytes here, and for bytes that are no value.
  fileprivate func value(_ bytes: [UInt8]) -> Value? {
    if columnType == .string { return String(validating: bytes, as: UTF8.self).map { .string($0) } }
    guard type != .byteArray, type != .int96, conversion != .float16, conversion != .fixedText, conversion != .nothing else { return nil }
    if type == .boolean { return bytes.count == 1 ? .bool(bytes[0] != 0) : nil }
    guard bytes.count == (type == .fixedBytes ? lengthBytes : type.widthBytes) else { return nil }
    let place = ParquetPlace(path: "")
    let builder = ParquetValueBuilder(self, capacity: 1, place)
    let isRead: Void? = try? bytes.withUnsafeBytes { if let base = $0.baseAddress { try builder.append(raw: base, count: 1) } }
    guard isRead != nil, let column = try? builder.finish(rows: 1, validity: nil) else { return nil }
    return column.value(at: 0)
  }

  /// A value as a page has it plainly; nil where it may be written in several ways or can't be told.
  fileprivate func plainBytes(_ value: Value) -> [UInt8]? {
    func bytes<T: BitwiseCopyable>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
    switch (value, columnType) {
    case (.string(let text), .string): return Array(text.utf8)
    case (.int64(let number), .int64): return bytes(number)
    case (.int64(let number), .narrow(let narrow)) where narrow != .float32:
      return narrow.isUnsigned ? UInt32(exactly: number).map { bytes($0) } : Int32(exactly: number).map { bytes($0) }
    case (.date(let days), .date): return bytes(days)
    case (.timestamp(let number), .timestamp) where conversion == .same: return bytes(number)
    default: return nil
    }
  }
}

extension Value {
  fileprivate var isNaN: Bool { if case .float64(let number) = self { number.isNaN } else { false } }
}

/// The filter of a scan against what is known of a row group.
struct ParquetPruning {
  private let footer: ParquetFooter
  private let source: ByteSource
  private let predicate: any ScanPredicate
  /// The leaf of each column of the predicate that is one, and is read in its own type.
  private let leaves: [Int?]

  init(_ footer: ParquetFooter, _ source: ByteSource, _ predicate: any ScanPredicate, schema: Schema) {
    self.footer = footer
    self.source = source
    self.predicate = predicate
    leaves = predicate.columns.map { column in
      guard case .leaf(let leaf) = footer.schema.columns[column].shape, footer.schema.leaves[leaf].maximumRepetition == 0,
        footer.schema.leaves[leaf].columnType == schema[column].type
      else { return nil }
      return leaf
    }
  }

  private func hasTypeOrder(_ leaf: Int) -> Bool {
    footer.metadata.hasTypeOrder.indices.contains(leaf) && footer.metadata.hasTypeOrder[leaf]
  }

  /// The rows of a row group of which one may be kept, as ranges in order; none where the whole group can be passed over.
  func rows(ofGroup number: Int) -> [Range<Int>] {
    let group = footer.metadata.rowGroups[number]
    let statistics = leaves.map { leaf -> ColumnStatistics? in
      guard let leaf, let found = group.columns[leaf].statistics else { return nil }
      return ColumnStatistics(found, of: footer.schema.leaves[leaf], rowCount: group.rowCount, hasTypeOrder: hasTypeOrder(leaf))
    }
    var filters: [Int: ParquetBloomFilter?] = [:]
    let mayKeep = predicate.mayKeep(statistics) { column, value in
      guard let leaf = leaves[column], group.columns[leaf].bloomFilterOffset != nil,
        let bytes = footer.schema.leaves[leaf].plainBytes(value)
      else { return true }
      let filter = filters[column] ?? ParquetBloomFilter(source, group.columns[leaf])
      filters[column] = filter
      return filter?.mayHold(bytes) ?? true
    }
    return mayKeep ? pages(of: group) : []
  }

  /// The rows of the pages that may have one to keep.
  private func pages(of group: ParquetRowGroup) -> [Range<Int>] {
    let whole = [0..<group.rowCount]
    let indexes = leaves.map { leaf in leaf.flatMap { ParquetPageIndex(source, group.columns[$0], rowCount: group.rowCount) } }
    let borders = Set(indexes.compactMap { $0 }.flatMap { $0.rows.map(\.lowerBound) }).sorted()
    guard borders.count > 1 else { return whole }
    var places = [Int](repeating: 0, count: indexes.count)
    var kept: [Range<Int>] = []
    for (start, end) in zip(borders, borders.dropFirst() + [group.rowCount]) {
      let statistics = indexes.indices.map { column -> ColumnStatistics? in
        guard let index = indexes[column], let leaf = leaves[column] else { return nil }
        while index.rows[places[column]].upperBound <= start { places[column] += 1 }
        guard let found = index.statistics[places[column]] else { return nil }
        return ColumnStatistics(
          found, of: footer.schema.leaves[leaf], rowCount: index.rows[places[column]].count, hasTypeOrder: hasTypeOrder(leaf))
      }
      guard predicate.mayKeep(statistics, mayHold: { _, _ in true }) else { continue }
      if let last = kept.last, last.upperBound == start { kept[kept.count - 1] = last.lowerBound..<end } else { kept.append(start..<end) }
    }
    return kept
  }
}
