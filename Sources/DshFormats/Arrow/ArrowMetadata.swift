// What the footer of an Arrow file says besides where its batches are: texts by keys (File.fbs, Footer.custom_metadata).
import DshColumns
import DshDiagnostics

/// A key of a footer with its value, which may be any bytes: they stand there as text (base64), as other readers want text.
public struct ArrowMetadata: Hashable, Sendable {
  public var key: String
  public var value: [UInt8]

  public init(_ key: String, _ value: [UInt8]) {
    self.key = key
    self.value = value
  }

  /// A table `KeyValue`.
  var table: FlatFields {
    var letters: [UInt8] = []
    value.withUnsafeBufferPointer { Base64.encode($0) { letters.append($0) } }
    return [0: .string(key), 1: .string(String(decoding: letters, as: UTF8.self))]
  }
}

/// Arrow files with metadata of a program's own.
public enum ArrowFile {
  /// Writes such files: uncompressed, so that they can be mapped.
  public static func writing(_ metadata: [ArrowMetadata] = []) -> any FormatWriting { ArrowWriting(metadata: metadata) }

  /// The columns that a file has for whoever reads it, if it is written with some columns.
  ///
  /// - Throws: `bad-file` for types that are nested more deeply than is read.
  public static func schemaAsRead(_ schema: Schema) throws(Diagnostic) -> Schema {
    do throws(ArrowMistake) {
      let table = try FlatTable(FlatBufferWriter(ArrowStreaming.schemaTable(schema)).bytes)
      return Schema(try ArrowMessage(kind: ArrowMessage.schema, header: table, body: []).fields().map { Field($0.name, $0.layout.type) })
    } catch { throw Diagnostic(.badFile, "an Arrow file can't have these columns: \(error.problem)") }
  }

  /// What a file says of itself.
  public struct Look {
    /// What stands under the key that was asked for; nil if there is none.
    public var metadata: [UInt8]?
    public var description: FileDescription
    /// Where the batches begin.
    public var batchOffsets: [Int]
  }

  /// Looks at a file.
  ///
  /// - Parameter key: what is wanted of its metadata.
  /// - Throws: `bad-file`, and what reading can throw.
  public static func look(at source: ByteSource, metadata key: String) throws -> Look {
    try arrow(source) {
      let directory = try ArrowDirectory(source)
      let schema = Schema(directory.fields.map { Field($0.name, $0.layout.type) })
      let description = FileDescription(schema: schema, dataStart: directory.dataStart, layout: [])
      var look = Look(metadata: nil, description: description, batchOffsets: directory.blocks?.batches ?? [])
      guard let text = directory.metadata.first(where: { $0.key == key })?.value else { return look }
      guard let bytes = Array(text.utf8).withUnsafeBufferPointer(Base64.decode) else {
        throw ArrowMistake("its metadata under the key \(key) is not base64")
      }
      look.metadata = bytes
      return look
    }
  }
}
