// Rows of several tasks as a hash table that lies in one block: what the tasks of a join read in place.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

/// Rows in the order of their buckets; in front of them the table's directory and the words of the keys.
///
/// A row with equal keys comes behind those that come before it in the dataset. The directory has no more entries than there are rows: entry b
/// stands in row b.
public struct BuildHashTable: SourceSpec {
  public static let name = "hash table"

  public let rowSchema: Schema
  public let keys: [Int]
  /// Whether keys may be null; otherwise no row has one.
  public let nullsMeet: Bool
  public let inputs: [BlockSlice]

  public init(_ rowSchema: Schema, keys: [Int], nullsMeet: Bool = false, _ inputs: [BlockSlice] = []) {
    self.rowSchema = rowSchema
    self.keys = keys
    self.nullsMeet = nullsMeet
    self.inputs = inputs
  }

  public var title: String { "hash table" }
  public var verb: String? { "join" }
  public var schema: Schema { Schema(HashTableColumns.fields(keys.map { rowSchema[$0].type }, nullsMeet: nullsMeet) + rowSchema.fields) }
  public var sizeBytes: Int { inputs.reduce(0) { $0 + $1.estimatedBytes } }
  public var needsEvenPartitions: Bool { true }
  public var knownRows: Int? { inputs.reduce(0) { $0 + $1.rows.count } }
  public func reading(_ inputs: [BlockSlice]) -> BuildHashTable { BuildHashTable(rowSchema, keys: keys, nullsMeet: nullsMeet, inputs) }

  public func open(filter: SourceFilter?, batchRows: Int, _ environment: any TaskEnvironment) throws -> any BatchSource {
    let reservation = environment.makeReservation()
    try reservation.resize(to: sizeBytes * 2)
    let parts = try inputs.map { slice in
      try environment.checkCancelled()
      let rows = try environment.rows(of: slice)
      guard rows.columns.map(\.type) == rowSchema.types else { throw Diagnostic(.badPlan, "rows of other columns than the hash table's") }
      return rows
    }
    try TextLimit.check(parts)
    let rows = parts.isEmpty ? Batch.empty(rowSchema) : Batch.concatenate(parts, schema: rowSchema)
    return WholeSource(table(rows), batchRows: batchRows)
  }

  private func table(_ rows: Batch) -> Batch {
    let count = rows.rowCount
    guard count > 0 else { return Batch.empty(schema) }
    let keys = JoinKeys(keys.map { rows.columns[$0] }, nullsMeet: nullsMeet, rowCount: count)
    // The largest power of two that is no more than the rows: between one and two rows a bucket.
    let buckets = 1 << (Int.bitWidth - 1 - count.leadingZeroBitCount)
    let directory = MutableBuffer(capacity: count * 8)
    directory.appendZeros(count * 8)
    let order = MutableBuffer(capacity: count * 4)
    var cursors = [UInt32](repeating: 0, count: buckets)
    let ranges = keys.bytes == nil ? Self.ranges(keys.words, bucketCount: buckets) : nil
    // The directory has an entry for each bucket, of which there are no more than rows.
    func build(least: UInt64, rangeShift: UInt32) -> Bool {
      dsh_join_build(
        keys.hashes, keys.words, least, rangeShift, UInt32(truncatingIfNeeded: count), UInt64(buckets - 1),
        directory.pointer(to: UInt64.self), &cursors, order.pointer(to: Int32.self)) != 0
    }
    let isBuilt = ranges.map { build(least: $0.least, rangeShift: $0.shift + 1) } ?? false
    if !isBuilt { _ = build(least: 0, rangeShift: 0) }
    order.byteCount = count * 4
    let places = RowIndexes(buffer: order.freeze(), count: count)
    let first = Column(type: .int64, count: count, validity: nil, storage: .fixed(directory.freeze()))
    return Batch(schema: schema, columns: [first] + keys.columns.map { $0.gather(places) } + rows.gather(places).columns, rowCount: count)
  }

  /// The least key, and the power of two of keys that a bucket takes; nil if they lie too far apart.
  private static func ranges(_ words: [UInt64], bucketCount: Int) -> (least: UInt64, shift: UInt32)? {
    var (least, greatest) = (Int64.max, Int64.min)
    dsh_word_bounds(words, words.count, &least, &greatest)
    let (distance, overflow) = greatest.subtractingReportingOverflow(least)
    guard !overflow, let shift = (0...UInt32(DSH_GREATEST_RANGE_SHIFT)).first(where: { distance >> Int64($0) < Int64(bucketCount) }) else {
      return nil
    }
    return (UInt64(bitPattern: least), shift)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(rowSchema)
    writer.write(keys) { $0.write($1) }
    writer.write(nullsMeet)
    writer.write(inputs) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    rowSchema = try reader.readSchema()
    keys = try reader.readArray { try $0.readInt() }
    nullsMeet = try reader.readBool()
    inputs = try reader.readArray { try $0.readBlockSlice() }
    guard !keys.isEmpty, keys.allSatisfy(rowSchema.fields.indices.contains) else { throw DecodingFailure("a key that is no column") }
  }
}

/// The columns of a hash table in front of its rows.
enum HashTableColumns {
  /// The directory, and the words of the keys: the keys themselves if they are one of fixed width, else their hashes and their bytes.
  static func fields(_ keys: [DataType], nullsMeet: Bool) -> [Field] {
    let words = [Field("directory", .int64), Field("word", .int64)]
    return JoinKeys.areWords(keys, nullsMeet: nullsMeet) ? words : words + [Field("key", .binary)]
  }
}

/// Keys as a hash table compares them.
struct JoinKeys {
  /// A hash for each row; equal keys have equal ones.
  let hashes: [UInt64]
  /// What is compared first: the keys, or their hashes.
  let words: [UInt64]
  /// What is compared then, if there is more to a key than its word: bytes, and where those of each row begin and the last end.
  let bytes: MutableBuffer?
  let offsets: [UInt64]

  /// Null has no word of its own.
  static func areWords(_ types: [DataType], nullsMeet: Bool) -> Bool { types.count == 1 && KeyWords.isWord(types[0]) && !nullsMeet }

  init(_ columns: [Column], nullsMeet: Bool, rowCount: Int) {
    let types = columns.map(\.type)
    if Self.areWords(types, nullsMeet: nullsMeet) {
      let words = KeyWords.words(of: columns[0])
      self.words = words
      hashes = [UInt64](unsafeUninitializedCapacity: rowCount) { output, written in
        if let base = output.baseAddress { dsh_join_mix(words, rowCount, base) }
        written = rowCount
      }
      (bytes, offsets) = (nil, [])
    } else if KeyTuples.areTuples(types) {
      let tuples = KeyTuples(columns, rowCount: rowCount)
      hashes = tuples.hashes(rowCount: rowCount)
      words = hashes
      bytes = tuples.words
      offsets = (0...rowCount).map { UInt64(truncatingIfNeeded: $0 &* tuples.width &* 8) }
    } else {
      let rows = KeyRows(columns, rowCount: rowCount)
      // The hashes that have spread the rows over the tables.
      hashes = KeyHash.hashes(of: columns, rowCount: rowCount)
      words = hashes
      (bytes, offsets) = (rows.bytes, rows.offsets)
    }
  }

  /// The columns that stand behind the directory.
  var columns: [Column] {
    let count = words.count
    let values = MutableBuffer(capacity: count * 8)
    words.withUnsafeBytes { bytes in if let base = bytes.baseAddress { values.append(base, byteCount: bytes.count) } }
    let first = Column(type: .int64, count: count, validity: nil, storage: .fixed(values.freeze()))
    guard let bytes else { return [first] }
    let keys = ColumnBuilder(type: .binary, rows: count)
    for row in 0..<count {
      keys.append(text: UnsafeRawPointer(bytes.start) + Int(offsets[row]), byteCount: Int(offsets[row + 1] - offsets[row]))
    }
    return [first, keys.finish()]
  }
}
