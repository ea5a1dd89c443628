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

  /// What a footer says under a key, with the columns of the file and where its data begins; the bytes are nil if there is no such key.
  ///
  /// - Throws: `bad-file`, and what reading can throw.
  public static func metadata(_ key: String, of source: ByteSource) throws -> (bytes: [UInt8]?, description: FileDescription) {
    try arrow(source) {
      let directory = try ArrowDirectory(source)
      let schema = Schema(directory.fields.map { Field($0.name, $0.layout.type) })
      let description = FileDescription(schema: schema, dataStart: directory.dataStart, layout: [])
      guard let text = directory.metadata.first(where: { $0.key == key })?.value else { return (nil, description) }
      guard let bytes = Array(text.utf8).withUnsafeBufferPointer(Base64.decode) else {
        throw ArrowMistake("its metadata under the key \(key) is not base64")
      }
      return (bytes, description)
    }
  }
}
