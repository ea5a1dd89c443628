// What external programs did: how many there were, what they were given, and what they said.

import DshColumns

/// The programs of a task, of the tasks of a stage, or of a whole run.
public struct ProgramWork: Sendable, Hashable {
  public var processes = 0
  public var batches = 0
  /// Bytes that they have read, and those they have answered.
  public var sentBytes = 0
  public var answeredBytes = 0
  /// The first lines of their error output, and how many bytes of it are left out.
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

  /// The same with the name of who ran them in front of each line.
  public func named(_ name: String) -> ProgramWork {
    var work = self
    work.words = words.map { "\(name): \($0)" }
    return work
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

extension ByteWriter {
  public mutating func write(_ work: ProgramWork) {
    write(work.processes)
    write(work.batches)
    write(work.sentBytes)
    write(work.answeredBytes)
    write(work.words) { $0.write($1) }
    write(work.omittedWordBytes)
  }
}

extension ByteReader {
  public mutating func readProgramWork() throws -> ProgramWork {
    var work = ProgramWork()
    work.processes = try readInt()
    work.batches = try readInt()
    work.sentBytes = try readInt()
    work.answeredBytes = try readInt()
    work.add(words: try readArray { try $0.readString() })
    work.omittedWordBytes += try readInt()
    return work
  }
}
