// The first page of every arena: counters that its owner writes and every process may read while it runs.
import DshColumns
import DshSystem
import Synchronization

/// The counters at the start of an arena.
///
/// ```
/// byte 0    magic       "dshArena"          byte 64   pinned bytes
///      8    version                              72   cached bytes
///      16   node index                           80   blocks
///      24   epoch                                88   spilled bytes
///      32   limit bytes                          96   high-water mark of used bytes
///      40   header bytes                         104  resident bytes (pages taken from the system)
///                                                112  rows read at sources, 120 bytes of files read, for progress
///                                                128  bytes of blocks on disk looked at
///      56   used bytes                           1024 moved in, by source node: 64 counters
///                                                1536 read in place, by source node: 64 counters
/// ```
/// All are 64-bit integers in the machine's byte order: only processes of one machine share them. Each counter is exact by itself;
/// a reader may see one counter before and another after the same event.
public struct ArenaHeader: @unchecked Sendable {
  // `@unchecked Sendable`: every access is atomic, and `mapping` keeps the page alive.
  private let mapping: Mapping

  /// One page, so that the data behind it starts on a page.
  public static let byteCount = 4096
  static let magic: UInt64 = 0x6473_6841_7265_6e61
  static let version: UInt64 = 1

  enum Field: Int {
    case magic = 0, version = 8, node = 16, epoch = 24, limit = 32, headerBytes = 40
    case used = 56, pinned = 64, cached = 72, blocks = 80, spilled = 88, highWater = 96, resident = 104, scannedRows = 112, scannedBytes =
      120
    case diskRead = 128
  }
  private static let movedOffset = 1024
  private static let mappedOffset = movedOffset + 8 * nodeLimit

  /// Looks at the header of a mapped arena; nil if it isn't one.
  public init?(of mapping: Mapping) {
    guard mapping.byteCount >= Self.byteCount else { return nil }
    self.mapping = mapping
    guard self[.magic] == Self.magic, self[.version] == Self.version else { return nil }
  }

  /// Writes the header of a fresh arena.
  init(creatingIn mapping: Mapping, node: NodeIndex, epoch: Int, limit: Int) {
    precondition(mapping.isWritable && mapping.byteCount >= Self.byteCount + limit, "an arena of \(mapping.byteCount) bytes for \(limit)")
    self.mapping = mapping
    set(.node, node)
    set(.epoch, epoch)
    set(.limit, limit)
    set(.headerBytes, Self.byteCount)
    set(.version, Int(Self.version))
    withWord(at: Field.magic.rawValue) { $0.store(Self.magic, ordering: .releasing) }
  }

  @discardableResult
  private func withWord<Result>(at offset: Int, _ body: (borrowing Atomic<UInt64>) -> Result) -> Result {
    // In bounds and aligned: every offset is a multiple of 8 below `byteCount`, and the mapping starts on a page and is at least that long.
    unsafe body((mapping.address + offset).assumingMemoryBound(to: Atomic<UInt64>.self).pointee)
  }

  private subscript(field: Field) -> UInt64 { withWord(at: field.rawValue) { $0.load(ordering: .acquiring) } }

  func set(_ field: Field, _ value: Int) { withWord(at: field.rawValue) { $0.store(UInt64(value), ordering: .relaxed) } }

  private func integer(_ field: Field) -> Int { Int(clamping: self[field]) }

  public var node: NodeIndex { integer(.node) }
  public var epoch: Int { integer(.epoch) }
  public var limitBytes: Int { integer(.limit) }
  public var usedBytes: Int { integer(.used) }
  public var pinnedBytes: Int { integer(.pinned) }
  public var cachedBytes: Int { integer(.cached) }
  public var blockCount: Int { integer(.blocks) }
  public var spilledBytes: Int { integer(.spilled) }
  public var highWaterBytes: Int { integer(.highWater) }
  public var residentBytes: Int { integer(.resident) }

  /// Rows that the tasks of this store's owner have read at their sources so far, and the bytes of files among that; counted every batch.
  public var scannedRows: Int { integer(.scannedRows) }
  public var scannedBytes: Int { integer(.scannedBytes) }

  /// Counts a batch that a task has read.
  public func addScanned(rows: Int, bytes: Int) {
    withWord(at: Field.scannedRows.rawValue) { $0.wrappingAdd(UInt64(max(0, rows)), ordering: .relaxed) }
    withWord(at: Field.scannedBytes.rawValue) { $0.wrappingAdd(UInt64(max(0, bytes)), ordering: .relaxed) }
  }

  /// Bytes of blocks on disk that this store's owner has looked at.
  public var diskReadBytes: Int { integer(.diskRead) }

  public func addDiskRead(_ byteCount: Int) {
    withWord(at: Field.diskRead.rawValue) { $0.wrappingAdd(UInt64(max(0, byteCount)), ordering: .relaxed) }
  }

  /// Bytes this store's owner has copied out of the store of `source`.
  public func movedBytes(from source: NodeIndex) -> Int { counter(Self.movedOffset, source) }

  /// Bytes this store's owner has read in place in the store of `source`.
  public func mappedBytes(from source: NodeIndex) -> Int { counter(Self.mappedOffset, source) }

  private func counter(_ base: Int, _ source: NodeIndex) -> Int {
    precondition(source >= 0 && source < nodeLimit, "a node index below \(nodeLimit), got \(source)")
    return Int(clamping: withWord(at: base + 8 * source) { $0.load(ordering: .relaxed) })
  }

  func addMoved(_ byteCount: Int, from source: NodeIndex) { add(Self.movedOffset, source, byteCount) }

  func addMapped(_ byteCount: Int, from source: NodeIndex) { add(Self.mappedOffset, source, byteCount) }

  private func add(_ base: Int, _ source: NodeIndex, _ byteCount: Int) {
    precondition(
      source >= 0 && source < nodeLimit && byteCount >= 0, "a count for a node index below \(nodeLimit), got \(source), \(byteCount)")
    withWord(at: base + 8 * source) { $0.wrappingAdd(UInt64(byteCount), ordering: .relaxed) }
  }
}
