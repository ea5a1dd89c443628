// A store against a naive model: a dictionary of blocks, checked after every random event, contents included.
import DshColumns
import DshDiagnostics
@testable import DshStore
import DshSystem
import Testing

/// What a store should be, said as plainly as possible.
private struct NaiveStore {
  struct Block {
    var byteCount: Int
    var phase: Phase
    var holds = 0
  }
  enum Phase { case created, sealed, cached, pinned, doomed }
  var blocks: [BlockID: Block] = [:]
  /// Cached blocks nobody holds, oldest use first.
  var evictable: [BlockID] = []

  mutating func drop(_ id: BlockID) {
    blocks[id] = nil
    evictable.removeAll { $0 == id }
  }

  mutating func refresh(_ id: BlockID) {
    evictable.removeAll { $0 == id }
    if let block = blocks[id], block.phase == .cached, block.holds == 0 { evictable.append(id) }
  }
}

struct ObjectStoreTests {
  @Test func randomEventsAgreeWithTheModel() throws {
    for seed in UInt64(1)...30 {
      var random = SeededGenerator(seed: seed)
      let limit = 2 << 20
      let store = try ObjectStore(node: 1, epoch: 0, limitBytes: limit)
      var model = NaiveStore()
      var open: [BlockID: WritableBlock] = [:]
      var next = 0
      for step in 0..<400 {
        let known = model.blocks.keys.sorted()
        let id = Int.random(in: 0..<10, using: &random) == 0 ? BlockID(task: 999, ordinal: 0) : known.randomElement(using: &random)
        switch (Int.random(in: 0..<9, using: &random), id) {
        case (0...2, _):
          let id = BlockID(task: 1, ordinal: next)
          next += 1
          let byteCount = Int.random(in: 0...300_000, using: &random)
          do {
            let block = try Self.create(id, byteCount: byteCount, in: store, written: Bool.random(using: &random))
            for evicted in store.takeEvicted() {
              #expect(model.evictable.first == evicted, "seed \(seed) step \(step)")
              model.drop(evicted)
            }
            model.blocks[id] = .init(byteCount: byteCount, phase: .created)
            open[id] = block
          } catch {
            #expect(error.code == .storeFull)
            #expect(store.takeEvicted().isEmpty)
            let fixed = model.blocks.filter { !model.evictable.contains($0.key) }.reduce(0) { $0 + $1.value.byteCount }
            // Refused only if what can't be evicted leaves no gap of that length.
            #expect(fixed > 0 && byteCount > 0)
          }
        case (3, let id?) where model.blocks[id]?.phase == .created:
          if Bool.random(using: &random), let size = model.blocks[id]?.byteCount, size > 0 {
            let shorter = Int.random(in: 0...size, using: &random)
            store.shrink(id, to: shorter)
            model.blocks[id]?.byteCount = shorter
          }
          let location = store.seal(id, rows: id.ordinal)
          #expect(location.block.rows == id.ordinal && location.block.byteCount == model.blocks[id]?.byteCount)
          model.blocks[id]?.phase = .sealed
          open[id] = nil
        case (4, let id?) where model.blocks[id]?.phase == .created && Bool.random(using: &random):
          store.abort(id)
          model.drop(id)
          open[id] = nil
        case (5, let id?):
          let missing = store.hold([id])
          if let block = model.blocks[id], ![.created, .doomed].contains(block.phase) {
            #expect(missing.isEmpty)
            model.blocks[id]?.holds += 1
            model.refresh(id)
          } else {
            #expect(missing == [id])
          }
        case (6, let id?):
          store.release([id])
          if let block = model.blocks[id], block.holds > 0 {
            model.blocks[id]?.holds -= 1
            if block.phase == .doomed && block.holds == 1 { model.drop(id) } else { model.refresh(id) }
          }
        case (7...8, let id?):
          let retention = BlockState.Retention.allCases.randomElement(using: &random) ?? .freed
          store.settle([id], as: retention)
          guard let block = model.blocks[id], ![.created, .doomed].contains(block.phase) else { break }
          switch retention {
          case .cached: model.blocks[id]?.phase = .cached
          case .pinned: model.blocks[id]?.phase = .pinned
          case .freed: if block.holds > 0 { model.blocks[id]?.phase = .doomed } else { model.drop(id) }
          }
          model.refresh(id)
        default: break
        }
        check(store, model, "seed \(seed) step \(step)")
      }
    }
  }

  private func check(_ store: ObjectStore, _ model: NaiveStore, _ place: String) {
    let records = store.records()
    #expect(records.map(\.id) == model.blocks.keys.sorted(), "\(place)")
    let header = store.arena.header
    #expect(header.usedBytes == model.blocks.values.reduce(0) { $0 + $1.byteCount }, "\(place)")
    #expect(header.pinnedBytes == model.blocks.values.reduce(0) { $0 + ($1.phase == .pinned ? $1.byteCount : 0) }, "\(place)")
    #expect(header.cachedBytes == model.blocks.values.reduce(0) { $0 + ($1.phase == .cached ? $1.byteCount : 0) }, "\(place)")
    #expect(header.blockCount == model.blocks.count, "\(place)")
    #expect(header.residentBytes <= store.limitBytes, "\(place)")
    let spaces = records.compactMap(\.space).sorted { $0.lowerBound < $1.lowerBound }
    #expect(zip(spaces, spaces.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "\(place)")
    for record in records {
      let fill = UInt8(truncatingIfNeeded: record.id.ordinal)
      guard let space = record.space else { continue }
      let bytes = store.arena.mapping.bytes[space.lowerBound..<space.lowerBound + record.byteCount]
      #expect(bytes.first ?? fill == fill && bytes.last ?? fill == fill, "\(place): block \(record.id)")
    }
  }

  /// A block full of its ordinal, filled in place or written in runs.
  private static func create(_ id: BlockID, byteCount: Int, in store: ObjectStore, written: Bool) throws(Diagnostic) -> WritableBlock {
    let fill = UInt8(truncatingIfNeeded: id.ordinal + 50 * (Int(id.task) - 1))
    if !written {
      let block = try store.create(id, byteCount: byteCount)
      block.bytes.initializeMemory(as: UInt8.self, repeating: fill)
      return block
    }
    let source = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 1)
    defer { source.deallocate() }
    source.initializeMemory(as: UInt8.self, repeating: fill)
    let half = UnsafeRawBufferPointer(rebasing: source[..<(byteCount / 2)])
    return try store.create(id, of: [half, UnsafeRawBufferPointer(rebasing: source[half.count...])])
  }

  @Test func aFullStoreSaysWhatToDo() throws {
    let store = try ObjectStore(node: 2, epoch: 0, limitBytes: 1 << 20)
    _ = try store.create(BlockID(task: 1, ordinal: 0), byteCount: 1_000_000)
    let error = #expect(throws: Diagnostic.self) { try store.create(BlockID(task: 1, ordinal: 1), byteCount: 500_000) }
    #expect(error?.message == "the object store of node2 is full: 500000 bytes needed")
    #expect(error?.notes.first == "used: 1000000 of 1048576 bytes, 0 of them pinned, 1 blocks")
    #expect(throws: Diagnostic.self) { try store.create(BlockID(task: 1, ordinal: 1), byteCount: Int.max) }
    #expect(throws: Diagnostic.self) { try store.create(BlockID(task: 1, ordinal: 1), byteCount: -1) }
  }

  @Test func freedPagesGoBackToTheSystem() throws {
    let store = try ObjectStore(node: 1, epoch: 0, limitBytes: 64 << 20)
    let ids = (0..<6).map { BlockID(task: 1, ordinal: $0) }
    for id in ids {
      let block = try store.create(id, byteCount: 10 << 20)
      block.bytes.initializeMemory(as: UInt8.self, repeating: 1)
      store.seal(id, rows: 0)
    }
    #expect(store.arena.header.residentBytes >= 60 << 20)
    store.settle(ids, as: .freed)
    #expect(store.arena.header.residentBytes <= 17 << 20)
    #expect(store.arena.header.usedBytes == 0)
  }

  @Test func manyThreadsMakeAndFreeBlocks() throws {
    let store = try ObjectStore(node: 1, epoch: 0, limitBytes: 16 << 20)
    let done = try EventDescriptor()
    for thread in 0..<4 {
      try startThread {
        for round in 0..<400 {
          let id = BlockID(task: UInt64(thread + 1), ordinal: round)
          guard let block = try? Self.create(id, byteCount: 1000 * (round % 300), in: store, written: round % 2 == 0) else { continue }
          let fill = UInt8(truncatingIfNeeded: id.ordinal + 50 * (Int(id.task) - 1))
          store.seal(id, rows: 1)
          precondition(block.bytes.allSatisfy { $0 == fill }, "another thread wrote into this block")
          store.settle([id], as: round % 3 == 0 ? .cached : .freed)
        }
        done.raise()
      }
    }
    var ended = 0
    while ended < 4 {
      var entries = [PollEntry(done.number)]
      pollOrEnd(&entries, milliseconds: 30_000)
      ended += done.take()
    }
    #expect(store.arena.header.usedBytes == store.records().reduce(0) { $0 + $1.byteCount })
  }
}
