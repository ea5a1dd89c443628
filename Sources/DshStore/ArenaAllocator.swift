// Where blocks go in an arena: pure bookkeeping of used, free and resident space.

/// Hands out ranges of an arena.
///
/// Space is free or taken in units of 64 bytes, and resident (backed by pages of the system) or not in steps of `residencyStep`.
/// A request goes where it needs the fewest fresh pages, then where it leaves the smallest rest: a fresh page costs more than anything
/// else in shared memory. Cost: linear in the number of free extents.
public struct ArenaAllocator: Sendable {
  /// Free ranges in ascending order; no two touch each other.
  private(set) var freeExtents: [Range<Int>]
  private var residency: PageResidency
  /// Everything that may be handed out.
  public let space: Range<Int>
  public private(set) var freeBytes: Int

  /// The cache line, and what vector code and Arrow ask for.
  public static let alignment = 64

  public init(space: Range<Int>) {
    let end = space.lowerBound + (space.count / Self.alignment) * Self.alignment
    precondition(space.lowerBound % Self.alignment == 0, "an arena space aligned to \(Self.alignment), got \(space.lowerBound)")
    self.space = space.lowerBound..<end
    freeExtents = end > space.lowerBound ? [space.lowerBound..<end] : []
    freeBytes = self.space.count
    residency = PageResidency(space: self.space)
  }

  /// Space a block of so many bytes takes; at least one unit, so that every block has a place of its own.
  public static func spaceNeeded(_ byteCount: Int) -> Int {
    max(alignment, (byteCount + alignment - 1) / alignment * alignment)
  }

  /// A place for a block, and what has to be made resident before it is written.
  public struct Allocation: Sendable, Equatable {
    public let range: Range<Int>
    public let fresh: Range<Int>?
  }

  /// Takes space; nil if no free extent is long enough.
  public mutating func allocate(_ byteCount: Int) -> Allocation? {
    guard byteCount >= 0, byteCount <= space.count else { return nil }
    let needed = Self.spaceNeeded(byteCount)
    var best: (index: Int, fresh: Int, rest: Int)?
    for (index, extent) in freeExtents.enumerated() where extent.count >= needed {
      let fresh = residency.absentSteps(in: extent.lowerBound..<extent.lowerBound + needed)
      let rest = extent.count - needed
      if let best, (best.fresh, best.rest) <= (fresh, rest) { continue }
      best = (index, fresh, rest)
      if fresh == 0 && rest == 0 { break }
    }
    guard let best else { return nil }
    let extent = freeExtents[best.index]
    let range = extent.lowerBound..<extent.lowerBound + needed
    if best.rest == 0 {
      freeExtents.remove(at: best.index)
    } else {
      freeExtents[best.index] = range.upperBound..<extent.upperBound
    }
    freeBytes -= needed
    return Allocation(range: range, fresh: residency.makePresent(range))
  }

  /// Gives back space taken before: a whole allocation or the end of one.
  public mutating func free(_ range: Range<Int>) {
    precondition(
      range.lowerBound >= space.lowerBound && range.upperBound <= space.upperBound && !range.isEmpty, "a range of the arena, got \(range)")
    var low = 0
    var high = freeExtents.count
    while low < high {
      let middle = (low + high) / 2
      if freeExtents[middle].lowerBound < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    precondition(low == 0 || freeExtents[low - 1].upperBound <= range.lowerBound, "space freed twice: \(range)")
    precondition(low == freeExtents.count || range.upperBound <= freeExtents[low].lowerBound, "space freed twice: \(range)")
    freeBytes += range.count
    let joinsBefore = low > 0 && freeExtents[low - 1].upperBound == range.lowerBound
    let joinsAfter = low < freeExtents.count && freeExtents[low].lowerBound == range.upperBound
    switch (joinsBefore, joinsAfter) {
    case (true, true):
      freeExtents[low - 1] = freeExtents[low - 1].lowerBound..<freeExtents[low].upperBound
      freeExtents.remove(at: low)
    case (true, false): freeExtents[low - 1] = freeExtents[low - 1].lowerBound..<range.upperBound
    case (false, true): freeExtents[low] = range.lowerBound..<freeExtents[low].upperBound
    case (false, false): freeExtents.insert(range, at: low)
    }
  }

  /// Bytes backed by pages, used or not.
  public var residentBytes: Int { residency.presentBytes }

  /// The longest request that would succeed now.
  public var largestFreeBytes: Int { freeExtents.reduce(0) { max($0, $1.count) } }

  /// Resident free ranges worth giving back, so that at most `keepBytes` of free space stay resident. They count as absent from now on.
  public mutating func takeDiscardable(keepBytes: Int) -> [Range<Int>] {
    var surplus = residentFreeBytes - keepBytes
    var discarded: [Range<Int>] = []
    for extent in freeExtents.reversed() where surplus > 0 {
      for range in residency.makeAbsent(within: extent) {
        discarded.append(range)
        surplus -= range.count
      }
    }
    return discarded
  }

  private var residentFreeBytes: Int { max(0, residency.presentBytes - (space.count - freeBytes)) }
}
