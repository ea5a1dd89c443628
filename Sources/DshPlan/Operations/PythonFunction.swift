// A function of a Python file that batches pass through.

import DshColumns
import DshDiagnostics
import DshSystem

/// Which function, and what batches are for it.
public struct PythonFunction: Hashable, Sendable {
  /// What the function is given.
  public enum Frames: String, Sendable, CaseIterable {
    case pandas, polars, arrow
  }

  /// Absolute.
  @ExactText public var path: String
  @ExactText public var name: String
  public var frames: Frames
  /// The file as it was: another state is run by other processes.
  public var identity: FileIdentity

  /// The state of the file as a text.
  public var state: String { identity.numbers.map { String($0) }.joined(separator: ",") }

  /// Frames are made at once, and a call of a function costs little.
  public static let usualBatchRows = 1 << 16

  public init(path: String, name: String, frames: Frames, identity: FileIdentity) {
    self.frames = frames
    self.identity = identity
    self.path = path
    self.name = name
  }
}

extension ByteWriter {
  mutating func write(_ function: PythonFunction?) {
    write(function) { writer, function in
      writer.write(function.path)
      writer.write(function.name)
      writer.write(function.frames.rawValue)
      writer.write(function.identity.numbers) { $0.write($1) }
    }
  }
}

extension ByteReader {
  mutating func readPythonFunction() throws -> PythonFunction? {
    try readOptional { reader in
      let (path, name, frames) = (try reader.readString(), try reader.readString(), try reader.readString())
      let numbers = try reader.readArray { try $0.readInt64() }
      guard let frames = PythonFunction.Frames(rawValue: frames), let identity = FileIdentity(numbers: numbers) else {
        throw DecodingFailure("no function of Python")
      }
      return PythonFunction(path: path, name: name, frames: frames, identity: identity)
    }
  }
}
