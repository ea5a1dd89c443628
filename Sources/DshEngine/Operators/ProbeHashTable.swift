// Looks the keys of rows up in hash tables that lie in blocks: the step of a join.

import CDshKernels
import DshColumns
import DshDiagnostics
import DshPlan

/// Rows with their partners, in order of the rows and then of the partners; or the rows that have partners, or have none.
public struct ProbeHashTable: StepSpec {
  public static let name = "join"

  public let kind: JoinKind
  public let tables: JoinTables
  /// Whether null equals null among the keys.
  public let nullsMeet: Bool

  public init(_ join: Join, tableSchema: Schema, partitionCount: Int) {
    self.init(join.kind, JoinTables(join, schema: tableSchema, partitionCount: partitionCount), nullsMeet: join.nullsMeet)
  }

  private init(_ kind: JoinKind, _ tables: JoinTables, nullsMeet: Bool) {
    self.kind = kind
    self.tables = tables
    self.nullsMeet = nullsMeet
  }

  public var inputs: [BlockSlice] { tables.inputs }

  public func reading(_ inputs: [BlockSlice], of producers: [Int], producerCount: Int) -> ProbeHashTable {
    ProbeHashTable(kind, tables.reading(inputs, of: producers, producerCount: producerCount), nullsMeet: nullsMeet)
  }

  public func reading(onlyPartitions partitions: Range<Int>) -> ProbeHashTable {
    ProbeHashTable(kind, tables.reading(onlyPartitions: partitions), nullsMeet: nullsMeet)
  }

  public var title: String { kind == .inner ? "join" : "\(kind) join" }
  public var verb: String? { "join" }
  public var keepsRowCount: Bool { false }

  public func schema(over input: Schema) -> Schema { tables.schema(over: input) }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    try tables.checkKeys(over: input)
    return ProbeStep(self, over: input, try HashTables(self, environment))
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    tables.encode(to: &writer)
    writer.write(nullsMeet)
  }

  public init(from reader: inout ByteReader) throws {
    guard let kind = JoinKind(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown kind of join") }
    self.kind = kind
    tables = try JoinTables(from: &reader)
    nullsMeet = try reader.readBool()
  }
}

/// The tables of a join, read where they lie.
private final class HashTables {
  let tables: [dsh_join_table]
  let tableOfPartition: [UInt32]
  /// What of the partners stands behind the columns of a row.
  let columns: [TableColumn]
  /// All values of a key, by its number, where they are few words that lie close together.
  let keyFilters: [(key: Int, filter: KeyFilter)]
  /// Whether what passes has a partner for certain: there is no other key.
  let filtersAreExact: Bool
  /// Whose memory the tables point to.
  private let blocks: [Batch]

  init(_ spec: ProbeHashTable, _ environment: any TaskEnvironment) throws {
    let keyTypes = spec.tables.tableKeys.map { spec.tables.schema[$0].type }
    let inFront = HashTableColumns.fields(keyTypes, nullsMeet: spec.nullsMeet)
    let expected = inFront.map(\.type) + spec.tables.schema.types
    blocks = try spec.inputs.map { slice in
      let block = try environment.tableInPlace(of: slice)
      guard block.columns.map(\.type) == expected, block.rowCount > 0, block.rowCount <= Int(Int32.max) else {
        throw Diagnostic(.badPlan, "a hash table of other columns than the join's")
      }
      return block
    }
    tables = try blocks.map { block in
      guard let directory = block.columns[0].fixed(UInt64.self), let words = block.columns[1].fixed(UInt64.self) else {
        throw Diagnostic(.badPlan, "a hash table without a directory")
      }
      let count = block.rowCount
      var table = dsh_join_table(
        directory: directory, mask: UInt64(1 << (Int.bitWidth - 1 - count.leadingZeroBitCount)) - 1,
        row_count: UInt32(truncatingIfNeeded: count), words: words, key_bytes: nil, key_ends: nil, range_shift: 0, least: 0)
      if inFront.count > 2, case .text(let offsets, let bytes) = block.columns[2].storage {
        table.key_bytes = bytes.pointer(to: UInt8.self)
        table.key_ends = offsets.pointer(to: Int32.self)
      }
      dsh_join_open(&table)
      return table
    }
    let rows = blocks.map { Array($0.columns.dropFirst(inFront.count)) }
    columns = spec.tables.columns.map { column in
      TableColumn(rows.map { $0[column.index] }, type: spec.tables.schema[column.index].type)
    }
    tableOfPartition = spec.tables.tableOfPartition.map { $0.map { UInt32(truncatingIfNeeded: $0) } ?? .max }
    filtersAreExact = JoinKeys.areWords(keyTypes, nullsMeet: spec.nullsMeet)
    keyFilters = Self.filters(spec, blocks, rows, areExact: filtersAreExact)
  }

  private static func filters(_ spec: ProbeHashTable, _ blocks: [Batch], _ rows: [[Column]], areExact: Bool) -> [(
    key: Int, filter: KeyFilter
  )] {
    // A left join keeps the rows without partners, so that it has to look at all.
    if spec.kind == .left { return [] }
    if areExact { return KeyFilter(blocks.map { $0.columns[1] }).map { [(0, $0)] } ?? [] }
    // Of several keys, one that a row has no partner for is enough; but to have one for each says nothing yet.
    guard !spec.nullsMeet, spec.kind != .anti else { return [] }
    return spec.tables.tableKeys.enumerated().compactMap { key, column in
      guard spec.tables.schema[column].type.isWholeNumber else { return nil }
      return KeyFilter(rows.map { $0[column] }).map { (key, $0) }
    }
  }

  /// The rows that may have partners; nil where nothing tells.
  func mayPass(_ keys: [Column], present: Bitmap?) -> Bitmap? {
    guard let first = keyFilters.first else { return nil }
    return keyFilters.dropFirst().reduce(first.filter.rows(of: keys[first.key], present: present)) { found, next in
      next.filter.rows(of: keys[next.key], present: found)
    }
  }
}

/// A batch in hand: its keys, which rows may have partners, and how far they have been looked up.
private final class ProbeStep: ExpandingBatchStep {
  private let spec: ProbeHashTable
  private let schema: Schema
  private let tables: HashTables
  private var batch: Batch?
  private var keys: JoinKeys?
  private var candidates: [dsh_join_candidate] = []
  private var nextCandidate = 0
  private var pairs = JoinPairs()
  private var nextPair = 0

  /// So many places are looked at for one batch of results, which keeps them in the cache.
  private static let pairLimit = 1 << 16

  init(_ spec: ProbeHashTable, over input: Schema, _ tables: HashTables) {
    self.spec = spec
    schema = spec.schema(over: input)
    self.tables = tables
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    var batch = batch
    var keyColumns = spec.tables.keys.map { batch.columns[$0] }
    var present = spec.nullsMeet ? nil : Bitmap.present(in: keyColumns, rowCount: batch.rowCount)
    if let found = tables.mayPass(keyColumns, present: present) {
      switch spec.kind {
      case .semi where tables.filtersAreExact: return batch.filter(found)
      case .anti where tables.filtersAreExact: return batch.filter(found.inverted)
      case .inner, .left, .semi, .anti:
        // Where most rows have partners, taking out those that have none costs more than looking for theirs.
        if found.setCount < batch.rowCount / 2 {
          batch = batch.filter(found)
          (keyColumns, present) = (spec.tables.keys.map { batch.columns[$0] }, nil)
        }
      }
    }
    let keys = JoinKeys(keyColumns, nullsMeet: spec.nullsMeet, rowCount: batch.rowCount)
    candidates = findCandidates(keys, present, rowCount: batch.rowCount)
    switch spec.kind {
    case .semi: return batch.filter(partnered(keys, rowCount: batch.rowCount))
    case .anti: return batch.filter(partnered(keys, rowCount: batch.rowCount).inverted)
    case .inner, .left:
      (self.batch, self.keys, nextCandidate, pairs, nextPair) = (batch, keys, 0, JoinPairs(), 0)
      return next() ?? .empty(schema)
    }
  }

  /// The rows that may have partners, in order.
  private func findCandidates(_ keys: JoinKeys, _ present: Bitmap?, rowCount: Int) -> [dsh_join_candidate] {
    let valid = present.map { bitmap in (0..<bitmap.wordCount).map { bitmap.word($0) } }
    return [dsh_join_candidate](unsafeUninitializedCapacity: rowCount) { output, written in
      guard let base = output.baseAddress, rowCount > 0 else { return }
      var places: UInt64 = 0
      written = dsh_join_candidates(
        tables.tables, tables.tableOfPartition, UInt64(spec.tables.partitionCount), keys.hashes, keys.words, valid, rowCount,
        spec.kind == .left ? 1 : 0, base,
        &places)
    }
  }

  private func partnered(_ keys: JoinKeys, rowCount: Int) -> Bitmap {
    let bits = MutableBuffer(capacity: (rowCount + 63) / 64 * 8)
    bits.appendZeros((rowCount + 63) / 64 * 8)
    dsh_join_partnered(
      tables.tables, candidates, candidates.count, keys.words, keys.bytes?.pointer(to: UInt8.self), keys.offsets,
      bits.pointer(to: UInt64.self))
    return Bitmap(buffer: bits.freeze(), count: rowCount)
  }

  func next() -> Batch? {
    guard let batch, let keys else { return nil }
    while nextPair == pairs.count {
      guard nextCandidate < candidates.count else {
        (self.batch, self.keys) = (nil, nil)
        return nil
      }
      var end = nextCandidate
      var places = 0
      while end < candidates.count, end == nextCandidate || places < Self.pairLimit {
        places += max(1, Int(candidates[end].end - candidates[end].start))
        end += 1
      }
      pairs = JoinPairs(
        tables.tables, candidates[nextCandidate..<end], places: places, keys, keepsAll: spec.kind == .left)
      (nextCandidate, nextPair) = (end, 0)
    }
    // Texts that repeat may grow beyond what a column can hold.
    var count = pairs.count - nextPair
    while count > 1, textBytes(batch, count) > TextLimit.bytes { count /= 2 }
    defer { nextPair += count }
    return joined(batch, nextPair..<nextPair + count)
  }

  private func joined(_ batch: Batch, _ range: Range<Int>) -> Batch {
    let left = pairs.isEveryRow(range, of: batch.rowCount) ? batch : batch.gather(pairs.left(range))
    let right = pairs.right(range)
    return Batch(schema: schema, columns: left.columns + tables.columns.map { $0.gather(right) }, rowCount: range.count)
  }

  /// The most bytes that one column of the next so many rows has in texts.
  private func textBytes(_ batch: Batch, _ count: Int) -> Int {
    let range = nextPair..<nextPair + count
    let left = batch.columns.map { $0.textBytes(of: pairs.left(range)) }.max() ?? 0
    let right = pairs.right(range)
    return tables.columns.reduce(left) { max($0, $1.textBytes(right)) }
  }
}

extension Bitmap {
  /// The other rows.
  var inverted: Bitmap { .make(count: count) { ~word($0) } }
}
