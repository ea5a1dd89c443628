// A call of an external program that rows pass through, as plans and tasks carry it.

import DshColumns
import DshDiagnostics

/// What is run, and how rows are handed to it and taken from it.
public struct ProgramCall: Hashable, Sendable {
  /// For `/bin/sh -c`; what was written of a function.
  @ExactText public var command: String
  /// What is called instead of the command.
  public var python: PythonFunction?
  /// Where it runs.
  @ExactText public var folder: String
  /// A name of the format registry.
  public var format: String
  /// The rows that are handed over at a time; the last batch of a task has what is left.
  public var batchRows: Int
  /// The columns that it answers.
  public var schema: Schema
  /// Whether a person has said so, instead of a look at a sample of the answer.
  public var isSchemaGiven: Bool
  /// Where the command was written.
  public var origin: ExpressionOrigin

  /// Few enough to be under way soon, and enough to make the cost of one small.
  public static let usualBatchRows = 4096

  public init(
    _ command: String, folder: String, format: String, batchRows: Int = Self.usualBatchRows, schema: Schema, isSchemaGiven: Bool,
    origin: ExpressionOrigin = ExpressionOrigin()
  ) {
    self.format = format
    self.batchRows = batchRows
    self.schema = schema
    self.isSchemaGiven = isSchemaGiven
    self.origin = origin
    self.command = command
    self.folder = folder
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(command)
    writer.write(folder)
    writer.write(format)
    writer.write(batchRows)
    writer.write(schema)
    writer.write(isSchemaGiven)
    writer.write(python)
  }

  public init(from reader: inout ByteReader) throws {
    let (command, folder, format) = (try reader.readString(), try reader.readString(), try reader.readString())
    let batchRows = try reader.readInt()
    guard batchRows > 0 else { throw DecodingFailure("batches of \(batchRows) rows") }
    self.init(
      command, folder: folder, format: format, batchRows: batchRows, schema: try reader.readSchema(), isSchemaGiven: try reader.readBool())
    python = try reader.readPythonFunction()
  }
}
