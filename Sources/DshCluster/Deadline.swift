// How long something is waited for.

/// A time that something is waited for, counted from when it is asked for.
public struct Deadline: Sendable, Equatable {
  public let nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// For blocks that a statement reads: as long as a node may owe any answer before it is ended and replaced. Making blocks anew takes less
  /// than waiting on.
  public static let ofBlocks = Deadline(nanoseconds: Liveness.lostAfterNanoseconds)
}
