// The rules of a time zone as the system's files hold them (TZif, RFC 9636), read with a check of every byte.

import DshColumns

/// How far a zone is from UTC, at any time.
struct ZoneRules: Sendable {
  /// When the distance changes, in seconds since 1970, ascending.
  private let changes: [Int64]
  /// Seconds east of UTC from each change on.
  private let offsets: [Int]
  /// Before the first change.
  private let firstOffset: Int
  /// Behind the last change.
  private let yearly: YearlyZone?

  /// No zone is further from UTC: the longest distance that RFC 9636 recommends is 26 hours.
  private static let offsetLimit = 26 * 3600

  /// A fixed distance from UTC.
  init(offsetSeconds: Int) {
    changes = []
    offsets = []
    firstOffset = offsetSeconds
    yearly = nil
  }

  /// Reads a file of version 2 or later, whose times have 64 bits; nil if it is none, or counts leap seconds.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let old = reader.readHeader(), old.version >= UInt8(ascii: "2") else { return nil }
    guard reader.skip(old.blockLength(timeBytes: 4)), let header = reader.readHeader() else { return nil }
    guard header.typeCount > 0, header.leapCount == 0, header.blockLength(timeBytes: 8) <= bytes.count else { return nil }
    var changes: [Int64] = []
    for _ in 0..<header.timeCount {
      guard let time = reader.readInteger(8), time > changes.last ?? .min || changes.isEmpty else { return nil }
      changes.append(time)
    }
    var kinds: [Int] = []
    for _ in 0..<header.timeCount {
      guard let kind = reader.readInteger(1), kind >= 0, kind < header.typeCount else { return nil }
      kinds.append(Int(kind))
    }
    var types: [Int] = []
    for _ in 0..<header.typeCount {
      guard let offset = reader.readInteger(4).map({ Int(Int32(truncatingIfNeeded: $0)) }), abs(offset) <= Self.offsetLimit, reader.skip(2)
      else { return nil }
      types.append(offset)
    }
    guard reader.skip(header.abbreviationCount + header.standardCount + header.universalCount), let footer = reader.readFooter() else {
      return nil
    }
    self.changes = changes
    offsets = kinds.map { types[$0] }
    firstOffset = types[0]
    if footer.isEmpty {
      yearly = nil
    } else {
      guard let rule = YearlyZone(footer) else { return nil }
      yearly = rule
    }
  }

  /// Seconds east of UTC at a time in seconds since 1970.
  func offset(at seconds: Int64) -> Int {
    guard let first = changes.first, seconds >= first else {
      return changes.isEmpty ? yearly?.offset(at: seconds) ?? firstOffset : firstOffset
    }
    if let last = changes.last, seconds >= last, let yearly { return yearly.offset(at: seconds) }
    var (low, high) = (0, changes.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if changes[middle] <= seconds { low = middle } else { high = middle }
    }
    return offsets[low]
  }

  /// Seconds east of UTC where clocks show a time: of two such times the first; a time that clocks leave out counts on from before.
  func offset(atLocal seconds: Int64) -> Int {
    let day: Int64 = 86_400 + Int64(Self.offsetLimit)
    let before = offset(at: seconds.subtractingReportingOverflow(day).partialValue)
    let after = offset(at: seconds.addingReportingOverflow(day).partialValue)
    if before == after || offset(at: seconds - Int64(before)) == before { return before }
    return offset(at: seconds - Int64(after)) == after ? after : before
  }
}

/// The counts at the beginning of each half of a file.
private struct Header {
  let version: UInt8
  let universalCount, standardCount, leapCount, timeCount, typeCount, abbreviationCount: Int

  func blockLength(timeBytes: Int) -> Int {
    timeCount * (timeBytes + 1) + typeCount * 6 + abbreviationCount + leapCount * (timeBytes + 4) + standardCount + universalCount
  }
}

/// A place in the bytes of a file.
private struct Reader {
  let bytes: [UInt8]
  var position = 0

  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= bytes.count - position else { return false }
    position += count
    return true
  }

  /// A number of so many bytes, the highest first; of eight bytes with a sign.
  mutating func readInteger(_ width: Int) -> Int64? {
    let start = position
    guard skip(width) else { return nil }
    return Int64(bitPattern: bytes[start..<position].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  mutating func readHeader() -> Header? {
    let start = position
    guard skip(20), bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else { return nil }
    var counts: [Int] = []
    for _ in 0..<6 {
      guard let count = readInteger(4).map({ Int($0) }), count <= bytes.count else { return nil }
      counts.append(count)
    }
    return Header(
      version: bytes[start + 4], universalCount: counts[0], standardCount: counts[1], leapCount: counts[2], timeCount: counts[3],
      typeCount: counts[4], abbreviationCount: counts[5])
  }

  /// The text between two line ends at the end of the file.
  mutating func readFooter() -> [UInt8]? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\n"),
      let end = bytes[(position + 1)...].firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    return Array(bytes[(position + 1)..<end])
  }
}
