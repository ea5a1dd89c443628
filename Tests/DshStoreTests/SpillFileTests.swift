// Blocks go to disk and are read there: whole or in part, by their owner and by others, and nothing false is believed.
import DshColumns
import DshDiagnostics
@testable import DshStore
import DshSystem
import Glibc
import Testing

struct SpillFileTests {
  private let folder = "/tmp"

  private func store(diskBytes: Int = 8 << 20) throws -> ObjectStore {
    try ObjectStore(node: 1, epoch: 0, limitBytes: 1 << 20, spill: SpillSettings(folder: folder, limitBytes: diskBytes))
  }

  /// Makes a block of which every byte tells its place.
  private func make(_ ordinal: Int, byteCount: Int, in store: ObjectStore) throws -> BlockID {
    let id = BlockID(task: 1, ordinal: ordinal)
    let block = try store.create(id, byteCount: byteCount)
    for index in 0..<byteCount { block.bytes[index] = Self.byte(ordinal, index) }
    store.seal(id, rows: 1)
    return id
  }

  private static func byte(_ ordinal: Int, _ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: ordinal &* 31 &+ index &* 7 &+ index >> 8) }

  private func isRight(_ block: BlockBytes, _ ordinal: Int) -> Bool {
    block.bytes.enumerated().allSatisfy { $0.element == Self.byte(ordinal, $0.offset) }
  }

  private func reader(of store: ObjectStore) throws -> PeerArenas {
    let head = try ObjectStore(node: 0, epoch: 0, limitBytes: 1 << 20)
    let peers = PeerArenas(own: head)
    try peers.announce(1, epoch: 0, descriptor: try store.arena.readOnlyDescriptor())
    if let file = try store.spillDescriptor() { peers.announceSpillFile(1, epoch: 0, descriptor: file) }
    return peers
  }

  @Test(arguments: [1, 63, 4096, 32 << 10, (32 << 10) + 1, 300_001]) func aBlockIsReadWhereItIs(byteCount: Int) throws {
    let store = try store()
    let ids = try (0..<3).map { try make($0, byteCount: byteCount, in: store) }
    let (written, failure) = store.spill(ids)
    #expect(failure == nil && written.map(\.block.id) == ids)
    let used = store.arena.header.usedBytes
    #expect(used == 3 * byteCount, "memory goes when it is vacated")
    store.vacate([ids[1]])
    #expect(store.arena.header.usedBytes == 2 * byteCount && store.arena.header.blockCount == 3)
    let peers = try reader(of: store)
    for (ordinal, location) in written.enumerated() {
      #expect(isRight(try peers.bytes(of: location), ordinal))
      #expect(isRight(try peers.bytes(of: location, isWhole: false), ordinal))
    }
    #expect(store.location(of: ids[0]).map { if case .memory = $0.place { true } else { false } } == true)
    #expect(store.location(of: ids[1]) == written[1])
  }

  @Test func vacatedMemoryIsUsedAgainAndDiskIsGivenBack() throws {
    let store = try store()
    var written: [BlockLocation] = []
    for round in 0..<8 {
      let id = try make(round, byteCount: 700_000, in: store)
      written += store.spill([id]).written
      store.vacate([id])
    }
    #expect(store.arena.header.usedBytes == 0 && store.arena.header.blockCount == 8 && store.arena.header.spilledBytes > 5_600_000)
    let peers = try reader(of: store)
    for (ordinal, location) in written.enumerated() { #expect(isRight(try peers.bytes(of: location), ordinal)) }
    store.settle(written.map(\.block.id), as: .freed)
    #expect(store.arena.header.spilledBytes == 0 && store.arena.header.blockCount == 0)
    let id = try make(9, byteCount: 1000, in: store)
    #expect(isRight(try reader(of: store).bytes(of: store.spill([id]).written[0]), 9))
  }

  @Test func aFullDiskLeavesBlocksInMemory() throws {
    let store = try store(diskBytes: 600_000)
    let ids = try (0..<3).map { try make($0, byteCount: 250_000, in: store) }
    let (written, failure) = store.spill(ids)
    #expect(written.map(\.block.id) == Array(ids.prefix(2)) && failure?.code == .diskFull)
    store.vacate(ids)
    #expect(store.arena.header.usedBytes == 250_000)
    // What is cached and on disk alone goes for others.
    store.settle([ids[0]], as: .cached)
    #expect(store.spill([ids[2]]).written.map(\.block.id) == [ids[2]])
    #expect(store.takeEvicted() == [ids[0]])
  }

  @Test func aFolderThatIsNotThereIsTold() throws {
    let nowhere = SpillSettings(folder: "/nowhere/at/all", limitBytes: 1 << 20)
    let store = try ObjectStore(node: 1, epoch: 0, limitBytes: 1 << 20, spill: nowhere)
    let id = try make(1, byteCount: 1000, in: store)
    let (written, failure) = store.spill([id])
    #expect(written.isEmpty && failure?.code == .fileNotFound)
    store.vacate([id])
    #expect(store.arena.header.usedBytes == 1000)
  }

  /// Whatever byte of the file is another one, the block is refused and not believed.
  @Test func changedBytesAreSeen() throws {
    let store = try store()
    let id = try make(5, byteCount: 70_000, in: store)
    let location = try #require(store.spill([id]).written.first)
    guard case .disk(let offset) = location.place else { throw Diagnostic(.unexpected, "on disk") }
    guard let descriptor = try store.spillDescriptor() else { throw Diagnostic(.unexpected, "a file") }
    let file = open("/proc/self/fd/\(descriptor.number)", O_RDWR)
    defer { close(file) }
    for place in [0, 1, 4095, 4096, 69_999, 70_000, 70_015] {
      var byte: UInt8 = 0
      #expect(pread(file, &byte, 1, off_t(offset + place)) == 1)
      var other = byte ^ 0x10
      #expect(pwrite(file, &other, 1, off_t(offset + place)) == 1)
      let reader = try reader(of: store)
      #expect(throws: Diagnostic.self, "byte \(place)") { try reader.bytes(of: location) }
      #expect(pwrite(file, &byte, 1, off_t(offset + place)) == 1)
      #expect(throws: Never.self) { try reader.bytes(of: location) }
      // What was found to be right is not checked once more.
      let again = try reader.bytes(of: location)
      #expect(again.wasChecked)
    }
  }

  /// Some rows of a block, read without the others.
  private func rows(_ range: Range<Int>, of location: BlockLocation, _ store: ObjectStore) throws -> [[Value]] {
    let part = try reader(of: store).bytes(of: location, isWhole: false)
    let batch = try BlockFormat.decode(part.bytes, owner: part.owner)
    var read = PartialRead(part)
    for column in batch.columns { try read.add(range, of: column) }
    #expect(read.byteCount <= location.block.byteCount)
    return range.map { batch.row($0) }
  }

  /// Whatever becomes of the bytes of a block on disk: what is read, whole or in part, is refused or what was written.
  @Test(arguments: 0..<8) func damagedBlocksNeverTrap(seed: UInt64) throws {
    let schema = Schema([Field("id", .int64), Field("text", .string), Field("tags", .list(.string))])
    let builders = schema.fields.map { ColumnBuilder(type: $0.type) }
    for row in 0..<6000 {
      let cells: [Value] = [.int64(Int64(row)), row % 5 == 0 ? .null : .string("text \(row % 900)"), .list([.string("t\(row)")])]
      for (builder, cell) in zip(builders, cells) { builder.append(cell) }
    }
    let batch = Batch(schema: schema, columns: builders.map { $0.finish() }, rowCount: 6000)
    let whole = (0..<6000).map { batch.row($0) }
    let encoded = BlockFormat.encode(batch)
    let store = try store()
    let block = try store.create(BlockID(task: 1, ordinal: 1), byteCount: encoded.byteCount)
    encoded.write(into: block.bytes)
    store.seal(block.id, rows: 6000)
    let location = try #require(store.spill([block.id]).written.first)
    guard case .disk(let offset) = location.place, let descriptor = try store.spillDescriptor() else {
      throw Diagnostic(.unexpected, "on disk")
    }
    let file = open("/proc/self/fd/\(descriptor.number)", O_RDWR)
    defer { close(file) }
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: state >> 33) % count
    }
    for _ in 0..<40 {
      let place = random(encoded.byteCount)
      var bytes = (0..<8).map { _ in UInt8(truncatingIfNeeded: random(256)) }
      let count = min(bytes.count, encoded.byteCount - place)
      var before = [UInt8](repeating: 0, count: count)
      #expect(pread(file, &before, count, off_t(offset + place)) == count)
      #expect(pwrite(file, &bytes, count, off_t(offset + place)) == count)
      if before != Array(bytes.prefix(count)) { #expect(throws: Diagnostic.self) { try reader(of: store).bytes(of: location) } }
      let first = random(6000)
      if let rows = try? rows(first..<min(6000, first + 1 + random(900)), of: location, store) {
        #expect(rows == Array(whole[first..<first + rows.count]))
      }
      #expect(pwrite(file, &before, count, off_t(offset + place)) == count)
    }
    #expect(try rows(0..<6000, of: location, store) == whole)
    #expect(try rows(7..<17, of: location, store) == Array(whole[7..<17]))
  }

  @Test func noLocationTraps() throws {
    let store = try store()
    _ = store.spill([try make(1, byteCount: 5000, in: store)])
    let peers = try reader(of: store)
    let numbers = [Int.min, -1, 0, 1, 4095, 4096, 5000, 1 << 20, Int.max - 1, Int.max]
    for offset in numbers {
      for byteCount in numbers {
        let block = BlockRef(id: BlockID(task: 1, ordinal: 1), node: 1, epoch: 0, byteCount: byteCount, rows: 0)
        _ = try? peers.bytes(of: BlockLocation(block, .disk(offset: offset)))
      }
    }
  }
}
