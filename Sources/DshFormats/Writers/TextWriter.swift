// What every text format's writer does: turns batches into pieces that can be made apart and joined in order.
import DshColumns

/// Writes rows as text.
///
/// A whole file is the header, the pieces of all batches that are not empty with `separator` between them, and the footer. A writer
/// has no memory, so that the pieces can be made on different nodes.
public protocol TextWriter: Sendable {
  /// What stands between two pieces that hold rows.
  var separator: StaticString { get }
  func appendHeader(_ schema: Schema, to output: MutableBuffer)
  func append(_ batch: Batch, to output: MutableBuffer)
  func appendFooter(_ schema: Schema, to output: MutableBuffer)
}

extension TextWriter {
  public var separator: StaticString { "" }
  public func appendHeader(_ schema: Schema, to output: MutableBuffer) {}
  public func appendFooter(_ schema: Schema, to output: MutableBuffer) {}

  /// A whole file in memory; for small results.
  public func text(_ schema: Schema, _ batches: [Batch]) -> String {
    let output = MutableBuffer(capacity: 1 << 12)
    appendHeader(schema, to: output)
    for (index, batch) in batches.filter({ $0.rowCount > 0 }).enumerated() {
      if index > 0 { CellText.append(separator, to: output) }
      append(batch, to: output)
    }
    appendFooter(schema, to: output)
    return String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }
}
