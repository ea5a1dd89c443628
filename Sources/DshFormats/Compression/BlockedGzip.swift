// Members of gzip that say how long they are, of which several are decompressed at once: BGZF, as bgzip writes it (SAM/BAM format specification, "The BGZF compression
// format").
import DshColumns
import DshDiagnostics
import DshSystem
import Synchronization

/// Decompresses members side by side, on as many threads as there are processors for it; one thread uses it.
final class BlockedGzip {
  /// A member and what comes of it are not longer.
  private static let memberBytes = 1 << 16
  /// Members at once: what comes of them takes 4 MiB.
  private static let memberLimit = 64
  /// Fewer bytes are not worth a thread.
  private static let threadBytes = 1 << 16
  /// Several files may be decoded at once, each with so many threads.
  private static let threadLimit = 4

  private var work: Work?

  /// The whole members at the beginning of some bytes, as far as they say how long they are; none where they are too few to be worth it.
  func members(of bytes: Slice<UnsafeRawBufferPointer>) -> [UnsafeRawBufferPointer] {
    var members: [UnsafeRawBufferPointer] = []
    var rest = UnsafeRawBufferPointer(rebasing: bytes)
    while members.count < Self.memberLimit, let length = Self.length(rest), length <= rest.count {
      members.append(UnsafeRawBufferPointer(rebasing: rest[..<length]))
      rest = UnsafeRawBufferPointer(rebasing: rest[length...])
    }
    return members.count > 1 && bytes.count - rest.count >= 2 * Self.threadBytes ? members : []
  }

  /// The bytes of a member that begins here and says so; nil for any other.
  private static func length(_ bytes: UnsafeRawBufferPointer) -> Int? {
    func number(_ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }
    let headerBytes = 12
    // Deflated, with a field of extra data and no other.
    guard bytes.count >= headerBytes, bytes.starts(with: [0x1F, 0x8B, 0x08, 0x04]) else { return nil }
    let end = headerBytes + number(10)
    var place = headerBytes
    while place + 4 <= min(end, bytes.count) {
      let length = number(place + 2)
      if bytes[place] == UInt8(ascii: "B"), bytes[place + 1] == UInt8(ascii: "C"), length == 2 {
        guard place + 6 <= min(end, bytes.count) else { return nil }
        let memberBytes = number(place + 4) + 1
        return memberBytes > end ? memberBytes : nil
      }
      place += 4 + length
    }
    return nil
  }

  /// What comes of each of some members, valid until the next call; nil for one that is not what it says.
  func decompress(_ members: [UnsafeRawBufferPointer]) -> [UnsafeRawBufferPointer?] {
    let work = self.work ?? Work(members: Self.memberLimit, roomBytes: Self.memberBytes + 1, threads: Self.threadLimit)
    self.work = work
    let round = work.begin(members)
    let total = members.reduce(0) { $0 + $1.count }
    let wanted = min(usableProcessors(), Self.threadLimit, total / Self.threadBytes)
    for thread in 1..<max(1, wanted) {
      // Fewer threads do as well.
      guard (try? startThread { work.help(thread, in: round) }) != nil else { break }
    }
    work.run(in: round)
    return work.outputs
  }

  /// Members that are left, shared by threads. One that starts when all members have been taken, as on a busy machine, is not waited for.
  ///
  /// `@unchecked Sendable`: each member and its room are taken by one thread, and whoever began waits until every member that was taken is done.
  private final class Work: @unchecked Sendable {
    private struct State {
      var round = 0
      var next = 0
      /// Members that helpers have taken.
      var helped = 0
    }

    private let roomBytes: Int
    private let room: UnsafeMutableRawPointer
    private var members: [UnsafeRawBufferPointer] = []
    private let produced: UnsafeMutablePointer<Int?>
    private let state = Mutex(State())
    /// Something for each member that a helper is done with.
    private let done = WaitingQueue<Void>()
    /// One for each thread.
    private let decompressors: [GzipDecompressor]

    init(members: Int, roomBytes: Int, threads: Int) {
      self.roomBytes = roomBytes
      decompressors = (0..<threads).map { _ in GzipDecompressor() }
      room = .allocate(byteCount: members * roomBytes, alignment: 16)
      produced = .allocate(capacity: members)
    }

    deinit {
      room.deallocate()
      produced.deallocate()
    }

    /// Begins with other members; the number of their round.
    func begin(_ members: [UnsafeRawBufferPointer]) -> Int {
      produced.initialize(repeating: nil, count: members.count)
      return state.withLock { state in
        self.members = members
        state = State(round: state.round + 1)
        return state.round
      }
    }

    var outputs: [UnsafeRawBufferPointer?] {
      members.indices.map { index in produced[index].map { UnsafeRawBufferPointer(start: room + index * roomBytes, count: $0) } }
    }

    /// Takes members until none is left, and waits for those that helpers have taken.
    func run(in round: Int) {
      while let index = take(in: round, isHelper: false) { decompress(index, decompressors[0]) }
      for _ in 0..<state.withLock({ $0.helped }) { _ = done.next() }
    }

    func help(_ thread: Int, in round: Int) {
      while let index = take(in: round, isHelper: true) {
        decompress(index, decompressors[thread])
        done.append(())
      }
    }

    private func decompress(_ index: Int, _ decompressor: GzipDecompressor) {
      let output = UnsafeMutableRawBufferPointer(start: room + index * roomBytes, count: roomBytes)
      let step = try? { () throws(CodecFailure) in
        try decompressor.begin()
        return try decompressor.step(members[index], into: output)
      }()
      if let step, step.isEnd, step.consumed == members[index].count { produced[index] = step.produced }
    }

    private func take(in round: Int, isHelper: Bool) -> Int? {
      state.withLock { state in
        guard state.round == round, state.next < members.count else { return nil }
        if isHelper { state.helped += 1 }
        defer { state.next += 1 }
        return state.next
      }
    }
  }
}
