// What dsh has to know of a kept dataset besides its rows, as it stands in the footer of its file.

import DshColumns
import DshDiagnostics

/// The record of a kept dataset.
struct KeptRecord: Sendable, Equatable {
  /// The version of dsh that kept it.
  var program: String
  /// Microseconds since 1970.
  var madeMicroseconds: Int64
  var rows: Int
  /// The bytes of the file but for its footer, which holds paths, and so is another one on every machine.
  var dataBytes: Int
  var layout: KeptLayout
  /// The verbs that made it: `read+filter`.
  var madeBy: String
  var remaking: Remaking
  var inputs: [KeptInput]

  /// How it comes about anew.
  enum Remaking: Sendable, Equatable {
    case recipe(Recipe)
    /// It can't; why, in words that follow `because`.
    case impossible(String)
  }

  /// The key in the footer.
  static let key = "dsh"
  /// The version of what stands under it: another one is not read by this program.
  private static let version: UInt32 = 1
  /// A recipe and its inputs are small beside the data; what claims to be more is not looked at.
  static let limitBytes = 64 << 20

  /// Thrown for a record that a later version of dsh has written.
  struct IsNewer: Error { var program: String }
}

extension KeptRecord {
  /// The record as bytes, with a sum at the end by which damage shows.
  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.version)
    writer.write(program)
    writer.write(madeMicroseconds)
    writer.write(rows)
    writer.write(dataBytes)
    writer.write(layout.schemaSum)
    writer.write(layout.batchOffsets) { $0.write($1) }
    writer.write(madeBy)
    switch remaking {
    case .recipe(let recipe):
      writer.write(true)
      recipe.encode(to: &writer)
    case .impossible(let reason):
      writer.write(false)
      writer.write(reason)
    }
    writer.write(inputs) { $1.encode(to: &$0) }
    writer.write(checksum(writer.bytes[...]))
    return writer.bytes
  }

  /// Reads a record.
  ///
  /// - Throws: `DecodingFailure`, or `IsNewer`.
  init(_ bytes: [UInt8]) throws {
    guard bytes.count <= Self.limitBytes else { throw DecodingFailure("a record of \(bytes.count) bytes") }
    var reader = ByteReader(bytes)
    let version = try reader.readUInt32()
    let program = try reader.readString()
    if version > Self.version { throw IsNewer(program: program) }
    guard version == Self.version, bytes.count >= 8 else { throw DecodingFailure("no record") }
    var end = ByteReader(Array(bytes.suffix(8)))
    guard try end.readUInt64() == checksum(bytes.dropLast(8)) else { throw DecodingFailure("a sum that is not that of its bytes") }
    self.program = program
    madeMicroseconds = try reader.readInt64()
    rows = try reader.readInt()
    dataBytes = try reader.readInt()
    guard rows >= 0, dataBytes >= 0 else { throw DecodingFailure("\(rows) rows, \(dataBytes) bytes") }
    layout = KeptLayout(schemaSum: try reader.readUInt64(), batchOffsets: try reader.readArray { try $0.readInt() })
    madeBy = try reader.readString()
    remaking = try reader.readBool() ? .recipe(try Recipe(from: &reader)) : .impossible(try reader.readString())
    inputs = try reader.readArray { try KeptInput(from: &$0) }
  }
}

/// What the rest of a footer has to say, so that damage of it shows.
struct KeptLayout: Sendable, Equatable {
  /// A checksum of the names and types of the columns.
  var schemaSum: UInt64
  /// Where the batches begin.
  var batchOffsets: [Int]
}

extension KeptLayout {
  init(_ schema: Schema, batchOffsets: [Int]) {
    var writer = ByteWriter()
    writer.write(schema)
    self.init(schemaSum: checksum(writer.bytes[...]), batchOffsets: batchOffsets)
  }
}

/// FNV-1a.
private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
