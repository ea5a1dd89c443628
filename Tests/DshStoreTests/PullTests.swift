// Reading other stores: what is copied is counted once, what lies outside is refused.
import DshColumns
import DshDiagnostics
@testable import DshStore
import DshSystem
import Testing

struct PullTests {
  @Test func copiesAreCountedWhereTheyHappen() throws {
    let source = try ObjectStore(node: 1, epoch: 3, limitBytes: 1 << 20)
    let own = try ObjectStore(node: 2, epoch: 0, limitBytes: 1 << 20)
    let made = try source.create(BlockID(task: 5, ordinal: 0), byteCount: 1000)
    for index in 0..<1000 { made.bytes[index] = UInt8(truncatingIfNeeded: index) }
    let location = source.seal(made.id, rows: 10)

    let peers = PeerArenas(own: own)
    #expect(throws: Diagnostic.self) { try peers.bytes(of: location) }
    for (node, epoch) in [(1, 4), (2, 3)] {
      let error = #expect(throws: Diagnostic.self) {
        try peers.announce(node, epoch: epoch, descriptor: try source.arena.readOnlyDescriptor())
      }
      #expect(error?.code == .badArena)
    }
    try peers.announce(1, epoch: 3, descriptor: try source.arena.readOnlyDescriptor())
    let block = try peers.bytes(of: location)
    let target = try own.create(BlockID(task: 6, ordinal: 0), byteCount: 100)
    let tally = MovementTally()
    try peers.copy(10..<110, of: block, into: target.bytes, tally: tally)
    #expect(Array(target.bytes) == (10..<110).map { UInt8($0) })
    try peers.copy(0..<0, of: block, into: target.bytes, tally: tally)
    peers.countReadInPlace(40, of: block, tally: tally)
    #expect(tally.moved == [MovedBytes(from: 1, byteCount: 100)])
    #expect(tally.mapped == [MovedBytes(from: 1, byteCount: 40)])
    #expect(own.arena.header.movedBytes(from: 1) == 100)
    #expect(own.arena.header.mappedBytes(from: 1) == 40)
    #expect(peers.header(of: 1)?.movedBytes(from: 1) == 0)

    for range in [999..<1001, -1..<5, 0..<101, 2000..<2001] {
      #expect(throws: Diagnostic.self) { try peers.copy(range, of: block, into: target.bytes, tally: tally) }
    }
    #expect(tally.moved == [MovedBytes(from: 1, byteCount: 100)])
    peers.forget(1)
    #expect(throws: Diagnostic.self) { try peers.bytes(of: location) }
    // Whoever has the bytes keeps them mapped.
    withExtendedLifetime(block) { #expect(block.bytes[999] == UInt8(truncatingIfNeeded: 999)) }
  }

  @Test func ownBlocksDontCount() throws {
    let own = try ObjectStore(node: 2, epoch: 0, limitBytes: 1 << 20)
    let made = try own.create(BlockID(task: 5, ordinal: 0), byteCount: 100)
    let location = own.seal(made.id, rows: 1)
    let peers = PeerArenas(own: own)
    let target = try own.create(BlockID(task: 5, ordinal: 1), byteCount: 100)
    let tally = MovementTally()
    let block = try peers.bytes(of: location)
    try peers.copy(0..<100, of: block, into: target.bytes, tally: tally)
    peers.countReadInPlace(100, of: block, tally: tally)
    #expect(tally.moved.isEmpty && tally.mapped.isEmpty)
  }

  @Test func noLocationTraps() throws {
    let own = try ObjectStore(node: 2, epoch: 0, limitBytes: 1 << 20)
    let peers = PeerArenas(own: own)
    let numbers = [Int.min, -1, 0, 4095, 4096, 1 << 20, (1 << 20) + 4096, Int.max - 1, Int.max]
    for offset in numbers {
      for byteCount in numbers {
        for node in [0, 2, 63] {
          let location = BlockLocation(
            BlockRef(id: BlockID(task: 1, ordinal: 0), node: node, epoch: 0, byteCount: byteCount, rows: 0), .memory(offset: offset))
          if let block = try? peers.bytes(of: location) {
            #expect(block.bytes.count == byteCount && offset >= 4096 && offset + byteCount <= 4096 + 1 << 20)
          }
        }
      }
    }
  }
}
