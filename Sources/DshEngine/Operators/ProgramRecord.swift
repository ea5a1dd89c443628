// What the external programs of a task were given and gave.

/// The counts of programs, and what they have said.
public struct ProgramRecord: Hashable, Sendable {
  public var processes = 0
  public var batches = 0
  /// Bytes that they have read, and those they have answered.
  public var sentBytes = 0
  public var answeredBytes = 0
  /// The first lines of their error output, and how many bytes of it are left out.
  public var words: [String] = []
  public var omittedWordBytes = 0

  public init() {}

  public static func += (total: inout ProgramRecord, one: ProgramRecord) {
    total.processes += one.processes
    total.batches += one.batches
    total.sentBytes += one.sentBytes
    total.answeredBytes += one.answeredBytes
    total.words += one.words
    total.omittedWordBytes += one.omittedWordBytes
  }
}
