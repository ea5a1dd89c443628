// What became of a request to the task library, as plain data and as bytes.

import DshColumns
import DshDiagnostics
import DshEngine

/// The answer to a `LibraryRequest`. What was made, a block or a bundle, lies beside it.
public enum LibraryOutcome: Equatable, Sendable {
  /// It was done.
  /// - Parameters:
  ///   - report: the bytes of the task's `TaskReport`; none for a bundle.
  ///   - made: what it made: every sink makes one block at most; nil if none.
  ///   - nanoseconds: how long it took.
  case done(report: [UInt8], made: MadeBytes?, nanoseconds: Int64)
  case failed(Diagnostic, nanoseconds: Int64)
  /// An answer for each block, in the order of the memories.
  case inspected([[[Value]]])

  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .done(let report, let made, let nanoseconds):
      writer.write(UInt8(1))
      writer.write(nanoseconds)
      writer.write(made) { writer, made in
        writer.write(made.rows)
        writer.write(made.byteCount)
      }
      writer.write(report)
    case .failed(let diagnostic, let nanoseconds):
      writer.write(UInt8(2))
      writer.write(nanoseconds)
      writer.write(diagnostic)
    case .inspected(let answers):
      writer.write(UInt8(3))
      writer.write(answers) { $0.write($1) }
    }
    return writer.bytes
  }

  public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
    self = try decodeWhole(bytes) { reader in
      switch try reader.readUInt8() {
      case 1:
        let nanoseconds = try reader.readInt64()
        let made = try reader.readOptional { MadeBytes(rows: try $0.readRowNumber(), byteCount: try $0.readRowNumber()) }
        return .done(report: try reader.readBytes(), made: made, nanoseconds: nanoseconds)
      case 2:
        let nanoseconds = try reader.readInt64()
        return .failed(try reader.readDiagnostic(), nanoseconds: nanoseconds)
      case 3: return .inspected(try reader.readArray { try $0.readRows() })
      case let tag: throw DecodingFailure("an unknown outcome: \(tag)")
      }
    }
  }
}

/// What lies in the segments beside an outcome.
public struct MadeBytes: Hashable, Sendable {
  /// Of the block, or of all entries of the bundle together.
  public var rows: Int
  /// Its size.
  public var byteCount: Int

  public init(rows: Int, byteCount: Int) {
    self.rows = rows
    self.byteCount = byteCount
  }
}
