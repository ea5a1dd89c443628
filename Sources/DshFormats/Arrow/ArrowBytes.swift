// Rows as bytes of Arrow for programs that are given them.
import DshColumns

/// What Arrow's own libraries read.
public enum ArrowBytes {
  /// A stream (Arrow columnar format, "IPC Streaming Format") with these batches.
  public static func stream(_ batches: [Batch], schema: Schema) -> [UInt8] {
    let writer = ArrowStreaming()
    return writer.header(schema) + batches.flatMap { writer.encode($0) } + writer.footer(schema)
  }

  /// The message that says which columns there are.
  public static func schema(_ schema: Schema) -> [UInt8] { ArrowStreaming().header(schema) }
}
