// How a kept dataset is made: the steps as text, each with what its names meant when it was typed.

import DshColumns
import DshDiagnostics

/// The steps that a dataset is made by, each behind those that it works on; the last is the dataset itself.
struct Recipe: Sendable, Equatable {
  var steps: [Step]

  /// One dataset on the way.
  struct Step: Sendable, Equatable {
    var base: Base
    /// Its stages as a pipeline, the one that makes the rows first if there is one; empty if there are none.
    var text: String
    /// For each stage behind the base the steps that it names besides the one it works on.
    var others: [[Int]] = []
    /// The folder that its paths and programs start from.
    var folder: String
    var scalars: [String: Value]
    var definitions: [Definition]
  }

  enum Base: Sendable, Equatable {
    /// What the first stage makes: `read …`, `range …`, `rows …`.
    case source
    /// An earlier step.
    case step(Int)
    /// A kept dataset.
    case kept(String)
  }

  /// A `def` as text, with what its body sees.
  struct Definition: Sendable, Equatable {
    var text: String
    var scalars: [String: Value]
    var definitions: [Definition]
  }
}

// MARK: Coding

extension Recipe {
  func encode(to writer: inout ByteWriter) {
    writer.write(steps) { writer, step in
      switch step.base {
      case .source: writer.write(UInt8(0))
      case .step(let index):
        writer.write(UInt8(1))
        writer.write(index)
      case .kept(let name):
        writer.write(UInt8(2))
        writer.write(name)
      }
      writer.write(step.text)
      writer.write(step.others) { writer, others in writer.write(others) { $0.write($1) } }
      writer.write(step.folder)
      writer.write(step.scalars)
      writer.write(step.definitions) { $1.encode(to: &$0) }
    }
  }

  /// Reads a recipe whose steps name earlier ones alone.
  init(from reader: inout ByteReader) throws {
    var count = 0
    steps = try reader.readArray { reader in
      func earlier(_ index: Int) throws -> Int {
        guard 0..<count ~= index else { throw DecodingFailure("a step that works on one behind it") }
        return index
      }
      let base: Base =
        switch try reader.readUInt8() {
        case 0: .source
        case 1: .step(try earlier(try reader.readInt()))
        case 2: .kept(try reader.readString())
        case let tag: throw DecodingFailure("no kind of step: \(tag)")
        }
      let step = Step(
        base: base, text: try reader.readString(), others: try reader.readArray { try $0.readArray { try earlier(try $0.readInt()) } },
        folder: try reader.readString(), scalars: try reader.readScalars(),
        definitions: try reader.readArray { try Definition(from: &$0) })
      count += 1
      return step
    }
    if steps.isEmpty { throw DecodingFailure("a recipe without steps") }
  }
}

extension Recipe.Definition {
  fileprivate func encode(to writer: inout ByteWriter) {
    writer.write(text)
    writer.write(scalars)
    writer.write(definitions) { $1.encode(to: &$0) }
  }

  fileprivate init(from reader: inout ByteReader) throws {
    self = try reader.nested { reader in
      Recipe.Definition(
        text: try reader.readString(), scalars: try reader.readScalars(),
        definitions: try reader.readArray { try Recipe.Definition(from: &$0) })
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ scalars: [String: Value]) {
    write(scalars.sorted { $0.key < $1.key }) { writer, scalar in
      writer.write(scalar.key)
      writer.write(scalar.value)
    }
  }
}

extension ByteReader {
  fileprivate mutating func readScalars() throws -> [String: Value] {
    Dictionary(try readArray { (try $0.readString(), try $0.readValue()) }, uniquingKeysWith: { $1 })
  }
}
