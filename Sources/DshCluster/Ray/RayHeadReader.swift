// Brings rows of blocks on Ray to the head: cut where they lie, so that no second copy of a block comes about.

import DshColumns
import DshDiagnostics
import DshStore
import DshTasks

/// Reads for one statement.
final class RayHeadReader: HeadReader {
  private let cluster: RayCluster
  private let movedBefore: Int

  init(_ cluster: RayCluster) {
    self.cluster = cluster
    movedBefore = cluster.movedToHead
  }

  var movedByteCount: Int { cluster.movedToHead - movedBefore }

  func rows(of slices: [BlockSlice]) throws -> [Batch] {
    var cuts: [NodeIndex: (cut: RayCut, places: [Int])] = [:]
    var batches = slices.map { _ in Batch?.none }
    for (place, slice) in slices.enumerated() {
      guard let home = cluster.state.blocks.home(of: slice.block) else { throw PeerArenas.lost(slice.block) }
      if slice.block.isWithDriver {
        batches[place] = try whole(slice.block).slice(from: slice.rows.lowerBound, count: slice.rows.count)
        continue
      }
      cuts[home, default: (RayCut(), [])].cut.add(slice)
      cuts[home]?.places.append(place)
    }
    let asked = try cuts.sorted { $0.key < $1.key }.map { home, part in
      (number: try cluster.ask(part.cut.request, over: part.cut.blocks, on: home), places: part.places)
    }
    for (number, places) in asked {
      let answer = try cluster.answer(to: number)
      if case .failed(let diagnostic, _) = try LibraryOutcome(decoding: answer.outcome) { throw diagnostic }
      guard let payload = answer.payload else { throw Diagnostic(.badReport, "rows of blocks were asked for, and none came") }
      let entries = try Bundle.read(payload, owner: KeptPayload(payload))
      for place in places { batches[place] = entries.first { $0.isOf(slices[place]) }?.rows }
    }
    return try zip(slices, batches).map { slice, batch in
      guard let batch else { throw PeerArenas.lost(slice.block) }
      return batch
    }
  }

  /// The rows of a block that has come to the head by being made.
  private func whole(_ block: BlockRef) throws -> Batch {
    let payload = try payload(of: block)
    do { return try BlockFormat.decode(payload.bytes, owner: KeptPayload(payload)) } catch {
      throw Diagnostic(.badBlock, "block \(block.id) can't be read: \(error)")
    }
  }

  private func payload(of block: BlockRef) throws -> Buffer {
    let answer = try cluster.answer(to: try cluster.fetch(block))
    guard let payload = answer.payload, payload.byteCount >= block.byteCount else {
      throw Diagnostic(.badReport, "a block was asked for, and it did not come")
    }
    return payload
  }

  func withBytes(of block: BlockRef, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    guard cluster.state.blocks.contains(block) else { throw PeerArenas.lost(block) }
    let payload = try payload(of: block)
    // The reader keeps the memory until `body` is done.
    try withExtendedLifetime(payload) { try body(UnsafeRawBufferPointer(rebasing: payload.bytes[..<block.byteCount])) }
  }
}

extension RayCluster {
  /// What has been brought to the head so far.
  var movedToHead: Int { state.transfers.reduce(0) { $0 + ($1.key.to == 0 ? $1.value : 0) } }
}

/// Keeps a payload as long as rows point into it.
private final class KeptPayload: Sendable {
  private let payload: Buffer
  init(_ payload: Buffer) { self.payload = payload }
}

extension BundleEntry {
  fileprivate func isOf(_ slice: BlockSlice) -> Bool {
    block == slice.block.id && firstRow == slice.rows.lowerBound && rows.rowCount == slice.rows.count
  }
}
