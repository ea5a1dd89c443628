// What writers of text have in common: rows become text batch by batch, and no footer needs to know what the parts were.
import DshColumns

/// Writes rows as text.
protocol TextWriter: FormatWriting {
  /// What stands between two pieces of text that hold rows.
  var separatorText: StaticString { get }
  func appendHeader(_ schema: Schema, to output: MutableBuffer)
  func append(_ batch: Batch, to output: MutableBuffer)
  var footerText: StaticString { get }
}

extension TextWriter {
  var writesText: Bool { true }
  var separatorText: StaticString { "" }
  func appendHeader(_ schema: Schema, to output: MutableBuffer) {}
  var footerText: StaticString { "" }

  var separator: [UInt8] { Array(UnsafeBufferPointer(start: separatorText.utf8Start, count: separatorText.utf8CodeUnitCount)) }

  func header(_ schema: Schema) -> [UInt8] {
    let output = MutableBuffer(capacity: 256)
    appendHeader(schema, to: output)
    return Array(UnsafeRawBufferPointer(start: output.start, count: output.byteCount))
  }

  func makePart(_ schema: Schema, output: MutableBuffer) -> any FormatPart { TextPart(self, output: output) }

  func footer(_ schema: Schema, parts: [PartSummary]) -> [UInt8] {
    Array(UnsafeBufferPointer(start: footerText.utf8Start, count: footerText.utf8CodeUnitCount))
  }
}

/// A part of a text.
private final class TextPart: FormatPart {
  private let writer: any TextWriter
  private let output: MutableBuffer
  private var isEmpty = true

  init(_ writer: any TextWriter, output: MutableBuffer) {
    self.writer = writer
    self.output = output
  }

  func append(_ batch: Batch) {
    guard batch.rowCount > 0 else { return }
    if !isEmpty { CellText.append(writer.separatorText, to: output) }
    isEmpty = false
    writer.append(batch, to: output)
  }

  func finish() -> [UInt8] { [] }
}
