// What external programs did in a run: how many there were, what they were given, and what they said.

/// The programs of the tasks of a stage, or of a whole run.
public struct ProgramWork: Sendable, Hashable {
  public var processes = 0
  public var batches = 0
  /// Bytes that they have read, and those they have answered.
  public var sentBytes = 0
  public var answeredBytes = 0
  /// Lines of their error output with the names of their nodes, and how many bytes are left out.
  public private(set) var words: [String] = []
  public var omittedWordBytes = 0

  /// More lines would hide the result that they stand under.
  public static let wordLimit = 20

  public init() {}

  /// Adds lines as long as there are not too many.
  public mutating func add(words lines: [String]) {
    let kept = lines.prefix(Self.wordLimit - words.count)
    words += kept
    omittedWordBytes += lines.dropFirst(kept.count).reduce(0) { $0 + $1.utf8.count }
  }

  public static func += (total: inout ProgramWork, one: ProgramWork) {
    total.processes += one.processes
    total.batches += one.batches
    total.sentBytes += one.sentBytes
    total.answeredBytes += one.answeredBytes
    total.omittedWordBytes += one.omittedWordBytes
    total.add(words: one.words)
  }
}
