// The shared memory of one store: a header page and the space for blocks behind it.
import DshColumns
import DshDiagnostics
import DshSystem

/// One process's memory for blocks. The owner writes; everyone else maps it read-only.
///
/// ```
/// |<- header, 4096 bytes ->|<- blocks, `limit` bytes, sparse ... ->|
/// ```
/// Offsets of blocks count from the start of the arena, so the smallest is 4096.
public final class Arena: Sendable {
  public let header: ArenaHeader
  public let mapping: Mapping
  private let file: MemoryFile

  /// Makes an empty arena; no page but the header's is in use yet.
  public init(node: NodeIndex, epoch: Int, limitBytes: Int) throws(Diagnostic) {
    let byteCount = ArenaHeader.byteCount + limitBytes
    file = try MemoryFile(name: "dsh-store", byteCount: byteCount)
    mapping = try Mapping(file.descriptor, byteCount: byteCount, writable: true)
    header = ArenaHeader(creatingIn: mapping, node: node, epoch: epoch, limit: limitBytes)
  }

  /// What peers are given: they can read through it and never write.
  public func readOnlyDescriptor() throws(Diagnostic) -> Descriptor { try file.readOnlyDescriptor() }

  /// Takes the pages of a range from the system before they are written.
  func reserve(_ range: Range<Int>) throws(Diagnostic) { try file.reserve(range) }

  /// Maps the pages of a reserved range before they are written in place.
  func populate(_ range: Range<Int>) { file.populate(range, of: mapping) }

  /// Writes runs of bytes one behind another to reserved pages.
  func write(_ runs: [UnsafeRawBufferPointer], at offset: Int) throws(Diagnostic) { try unsafe file.write(runs, at: offset) }

  /// Gives the pages of a range back to the system.
  func discard(_ range: Range<Int>) throws(Diagnostic) { try file.discard(range) }
}

/// Another process's arena, mapped for reading.
public final class PeerArena: Sendable {
  public let header: ArenaHeader
  public let mapping: Mapping
  /// For others that want to map it: it can't be written through.
  public let descriptor: Descriptor

  /// Maps an arena through a descriptor that came from a peer.
  ///
  /// - Throws: `bad-arena` if it isn't one of the expected node; what mapping throws.
  public init(_ descriptor: borrowing Descriptor, node: NodeIndex, epoch: Int) throws(Diagnostic) {
    let byteCount = try descriptor.sizeBytes()
    guard byteCount >= ArenaHeader.byteCount else { throw Self.refusal(node) }
    let mapping = try Mapping(descriptor, byteCount: byteCount, writable: false)
    guard let header = ArenaHeader(of: mapping), header.node == node, header.epoch == epoch else { throw Self.refusal(node) }
    self.mapping = mapping
    self.header = header
    self.descriptor = try descriptor.duplicated()
  }

  private static func refusal(_ node: NodeIndex) -> Diagnostic {
    Diagnostic(.badArena, "a descriptor is not the object store it should be: that of node \(node)")
  }
}
