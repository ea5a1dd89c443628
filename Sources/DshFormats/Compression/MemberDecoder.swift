// Decompresses a stream of members as it comes, and refuses what is cut, damaged, or grows beyond all measure.
import DshColumns
import DshDiagnostics
import DshSystem

/// How much compressed data may become.
public struct DecompressionLimit: Sendable, Hashable {
  /// The most bytes that may come of a file.
  public var bytes: Int
  /// The most that may come of a byte, once `trustedBytes` have; nil for any number.
  public var ratio: Int?

  /// Real text is compressed 3 to 50 times, logs that repeat themselves 200 times; data made to fill disks 1,000 times and more.
  static let usualRatio = 500
  /// What any machine can keep is not looked at twice.
  static let trustedBytes = 1 << 30

  /// What a person asks for; nil to find fault with a ratio out of the ordinary, and with more than half of the space that there is.
  public init(asked: Int?, freeBytes: Int) {
    bytes = asked ?? freeBytes / 2
    ratio = asked == nil ? Self.usualRatio : nil
  }
}

/// Bytes of one kind of compressed data, cut anywhere, on their way to what they were made of.
///
/// `@unchecked Sendable`: moved from thread to thread at most; one uses it at a time.
struct MemberDecoder: StreamDecoder, @unchecked Sendable {
  private let name: String
  private let kind: Compression
  private let limit: DecompressionLimit
  private let decompressor: any Decompressor
  /// For members of gzip that say how long they are.
  private let blocked: BlockedGzip?
  /// Members begun so far.
  private var members = 0
  private var isInMember = false
  /// Whether zeros fill up the rest of the file.
  private var isPadding = false
  /// Bytes taken and given, and those taken before the present member.
  private var consumed = 0
  private var produced = 0
  private var memberStart = 0

  init(_ kind: Compression, name: String, limit: DecompressionLimit) {
    self.kind = kind
    self.name = name
    self.limit = limit
    decompressor = kind.makeDecompressor()
    blocked = kind == .gzip ? BlockedGzip() : nil
  }

  mutating func decode(
    _ bytes: UnsafeRawBufferPointer, isEnd: Bool, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) {
    var rest = bytes[...]
    // Given back to those that are kept for the next; its address stays, as nothing is appended.
    let buffer = MutableBuffer(capacity: Self.pieceBytes)
    defer { withExtendedLifetime(buffer) {} }
    let room = UnsafeMutableRawBufferPointer(start: buffer.start, count: Self.pieceBytes)
    while true {
      if !isInMember {
        if members > 0 { skipPadding(&rest) }
        if rest.isEmpty { break }
        if try decodeTogether(&rest, to: sink) { continue }
        try beginMember()
      }
      let input = UnsafeRawBufferPointer(rebasing: rest)
      let step: DecompressorStep
      do throws(CodecFailure) { step = try decompressor.step(input, into: room) } catch { throw damaged(error) }
      consumed += step.consumed
      produced += step.produced
      rest = rest.dropFirst(step.consumed)
      try checkGrowth()
      if step.produced > 0 { try sink(UnsafeRawBufferPointer(rebasing: room[..<step.produced])) }
      isInMember = !step.isEnd
      // What is left inside comes out while there is room for it.
      if isInMember, step.produced < room.count {
        if rest.isEmpty { break }
        if step.consumed == 0, step.produced == 0 { throw damaged(CodecFailure("nothing comes of it")) }
      }
    }
    if isEnd, isInMember {
      throw Diagnostic(.badFile, "\(kind.name) data ends too early: \(place)", suggestion: "was the file copied to its end?")
    }
  }

  /// Takes several members at once where they are such; those that are damaged are left, to be told of one by one.
  private mutating func decodeTogether(
    _ rest: inout Slice<UnsafeRawBufferPointer>, to sink: (UnsafeRawBufferPointer) throws(Diagnostic) -> Void
  ) throws(Diagnostic) -> Bool {
    guard let blocked, !isPadding else { return false }
    let found = blocked.members(of: rest)
    if found.isEmpty { return false }
    var isTaken = false
    for (member, output) in zip(found, blocked.decompress(found)) {
      guard let output else { break }
      isTaken = true
      members += 1
      consumed += member.count
      produced += output.count
      rest = rest.dropFirst(member.count)
      try checkGrowth()
      if !output.isEmpty { try sink(output) }
    }
    return isTaken
  }

  /// What a step gives at most: it stays in the cache until it is kept.
  private static let pieceBytes = 1 << 18

  /// Zeros behind the last member are what tapes and block devices fill up with.
  private mutating func skipPadding(_ rest: inout Slice<UnsafeRawBufferPointer>) {
    let zeros = rest.prefix { $0 == 0 }.count
    if zeros > 0 { isPadding = true }
    consumed += zeros
    rest = rest.dropFirst(zeros)
  }

  private mutating func beginMember() throws(Diagnostic) {
    // The .xz format allows zeros between streams; elsewhere nothing follows them.
    if isPadding, kind != .xz { throw trailing() }
    isPadding = false
    do throws(CodecFailure) { try decompressor.begin() } catch { throw Diagnostic(.outOfMemory, "no memory to decompress \(name)") }
    members += 1
    isInMember = true
    memberStart = consumed
  }

  private var place: String { "\(name), member \(members), byte \(consumed)" }

  /// A header that is none is told within so many bytes.
  private static let headerBytes = 8

  private func damaged(_ failure: CodecFailure) -> Diagnostic {
    if members > 1, consumed - memberStart < Self.headerBytes { return trailing() }
    return Diagnostic(.badFile, "\(kind.name) data is damaged (\(failure.reason)): \(place)")
  }

  private func trailing() -> Diagnostic {
    Diagnostic(.badFile, "something else follows the \(kind.name) data: \(name), byte \(consumed)")
  }

  private func checkGrowth() throws(Diagnostic) {
    let isBeyondRatio = limit.ratio.map { produced > DecompressionLimit.trustedBytes && produced / max(1, consumed) > $0 } ?? false
    guard isBeyondRatio || produced > limit.bytes else { return }
    let grown = "\(bytesText(consumed)) of \(kind.name) data have become \(bytesText(produced))"
    throw Diagnostic(
      .decompressionLimit, "\(grown), more than is taken for granted: \(name)",
      suggestion: "if it is meant, say how much it may become: --max-decompressed=SIZE")
  }
}
